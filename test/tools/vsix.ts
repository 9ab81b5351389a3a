import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');

/** Packs an extension that needs no building. Throws when that fails. */
export function packVsix(folder: string, file: string): void {
  const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', file];
  execFileSync(process.execPath, [vsce, 'package', ...options], { cwd: folder, stdio: 'pipe' });
}

/**
 * Builds the extension as it is published, minified, and packs it into `file`, an absolute path. Throws when either
 * fails.
 */
export function buildVsix(file: string): void {
  const run = (cwd: string, ...args: string[]): unknown => execFileSync(process.execPath, args, { cwd, stdio: 'pipe' });
  run(root, 'esbuild.config.ts', '--production');
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-package-'));
  try {
    // vsce walks the whole folder, whatever .vscodeignore says of it: minutes, where a cache of images lies in it.
    for (const part of shippedParts()) cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
    run(
      folder,
      vsce,
      ...['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files and folders at the root of which `.vscodeignore` lets something through, and itself. */
function shippedParts(): Set<string> {
  const lines = readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
  const shipped = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1).split('/')[0]!);
  return new Set(['.vscodeignore', ...shipped]);
}
