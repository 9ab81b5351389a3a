import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** Packs an extension that needs no building. Throws when that fails. */
export function packVsix(folder: string, file: string): void {
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', file];
  execFileSync(process.execPath, [vsce, 'package', ...options], { cwd: folder, stdio: 'pipe' });
}

/** Builds the extension as it is published, minified, and packs it into `file`. Throws when either fails. */
export function buildVsix(file: string): void {
  const run = (...args: string[]): unknown => execFileSync(process.execPath, args, { cwd: root, stdio: 'pipe' });
  run('esbuild.config.ts', '--production');
  run(
    'node_modules/@vscode/vsce/vsce',
    ...['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file],
  );
}
