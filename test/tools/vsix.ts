import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** Builds the extension as it is published, minified, and packs it into `file`. Throws when either fails. */
export function buildVsix(file: string): void {
  const run = (...args: string[]): unknown => execFileSync(process.execPath, args, { cwd: root, stdio: 'pipe' });
  run('esbuild.config.ts', '--production');
  run(
    'node_modules/@vscode/vsce/vsce',
    ...['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file],
  );
}
