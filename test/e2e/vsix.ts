import { createVSIX } from '@vscode/vsce';
import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** Builds the extension as it is published, minified, and packs it into `file`. Throws when either fails. */
export async function buildVsix(file: string): Promise<void> {
  execFileSync(process.execPath, ['esbuild.config.ts', '--production'], { cwd: root, stdio: 'pipe' });
  await createVSIX({
    cwd: root,
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
}
