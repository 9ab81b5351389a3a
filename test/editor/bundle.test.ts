import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

const root = path.join(import.meta.dirname, '../..');

// It builds the bundles.
const timeout = 180_000;

test(
  'what starts with the editor is under 300 kB, the page under 200 kB, and dockerode waits until an engine is asked',
  { timeout },
  async () => {
    await using folder = await temporaryFolder();
    const dist = path.join(folder.path, 'dist');
    execFileSync(process.execPath, ['esbuild.config.ts', '--production', `--outdir=${dist}`], { cwd: root });
    const sizeOf = (file: string): number => statSync(path.join(dist, file)).size;
    expect(sizeOf('extension.cjs')).toBeLessThan(300_000);
    expect(sizeOf('webview-explorer.js')).toBeLessThan(200_000);
    // Words that only dockerode's transport has: they are in the bundle that is loaded for it, and not in the first.
    const holdsTransport = (file: string): boolean =>
      readFileSync(path.join(dist, file), 'utf8').includes('DOCKER_CLIENT_TIMEOUT');
    expect(holdsTransport('sources-engine-modem.cjs')).toBe(true);
    expect(holdsTransport('extension.cjs')).toBe(false);
  },
);
