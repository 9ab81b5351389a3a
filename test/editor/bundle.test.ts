import { build } from 'esbuild';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

test('what starts with the editor is under 300 KB, and dockerode waits until an engine is asked', async () => {
  const result = await build({
    entryPoints: [path.join(root, 'src/extension.ts')],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    outdir: path.join(root, 'dist'),
    external: ['vscode', 'cpu-features', '*.node'],
    logLevel: 'silent',
  });
  const outputs = Object.entries(result.metafile.outputs);
  const entry = outputs.find(([, output]) => output.entryPoint === 'src/extension.ts')![1];
  // The entry and what it imports at once; what it imports with import() is loaded when it is needed.
  const atOnce = new Set([entry]);
  for (const output of atOnce) {
    for (const { path: file, kind } of output.imports) {
      const imported = result.metafile.outputs[file];
      if (kind === 'import-statement' && imported !== undefined) atOnce.add(imported);
    }
  }
  const bytes = [...atOnce].reduce((sum, output) => sum + output.bytes, 0);
  const inputs = [...atOnce].flatMap((output) => Object.keys(output.inputs));
  expect(bytes).toBeLessThan(300_000);
  expect(inputs.filter((input) => /node_modules\/(?:dockerode|docker-modem|ssh2)\//.test(input))).toEqual([]);
});
