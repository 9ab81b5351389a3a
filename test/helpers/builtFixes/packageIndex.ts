import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarOf } from '../ociImage.ts';

/** A package index for pip of one package, whose sources are 3 MB, and a server that lets pip keep what it fetches. */
export function packageIndex(folder: string): void {
  const sources = path.join(folder, 'simple', 'heavy');
  mkdirSync(sources, { recursive: true });
  const packed = tarOf({
    'heavy-1.0/setup.py':
      "from setuptools import setup\nsetup(name='heavy', version='1.0', packages=['heavy'], package_data={'heavy': ['data.bin']})\n",
    'heavy-1.0/heavy/__init__.py':
      "import os\nsize = os.path.getsize(os.path.join(os.path.dirname(__file__), 'data.bin'))\n",
    'heavy-1.0/heavy/data.bin': randomBytes(3_000_000),
  });
  writeFileSync(path.join(sources, 'heavy-1.0.tar.gz'), gzipSync(packed));
  writeFileSync(
    path.join(folder, 'serve.py'),
    `import http.server
class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header('Cache-Control', 'max-age=3600')
        super().end_headers()
http.server.HTTPServer(('127.0.0.1', 18765), Handler).serve_forever()
`,
  );
}
