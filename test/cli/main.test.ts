import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const main = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

interface Process {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where standard output goes; by default to this test. */
  readonly out?: number;
}

/** Runs `plimsoll ARGS…` in a process of its own. */
async function start({ args, env = {}, out }: Process) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', out ?? 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ...env },
  });
  if (out !== undefined) closeSync(out);
  const said = { out: '', err: '' };
  child.stdout?.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (said.err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...said };
}

describe.skipIf(process.platform === 'win32')('the process', () => {
  it.skipIf(process.platform !== 'linux')('says in one sentence that its answer cannot be written', async () => {
    const ran = await start({ args: ['--help'], out: openSync('/dev/full', 'w') });
    expect(ran).toMatchObject({ status: 2, err: 'plimsoll: Standard output cannot be written (ENOSPC).\n' });
  });

  it('passes on no warnings that only its makers can heed', async () => {
    // As the engine's client does it within the bundle.
    const warn = `process.once('beforeExit',()=>process.emitWarning('old','DeprecationWarning'))`;
    const ran = await start({ args: ['--version'], env: { NODE_OPTIONS: `--import=data:text/javascript,${warn}` } });
    expect(ran).toMatchObject({ status: 0, err: '' });
  });
});
