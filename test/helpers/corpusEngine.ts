import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { startEngine, startEngineIn, type TestEngine } from './engine.ts';
import { temporaryFolder } from './temporaryFolder.ts';

/** Stand-ins and the layers of entries, gigabytes of them; not in git. */
const kept = path.join(import.meta.dirname, '../../.cache/corpus');

/**
 * An engine for building on stand-ins. It keeps what it has built for the next run, but while another run uses what is kept; CI
 * keeps nothing, as its next checkout is clean. Where `PLIMSOLL_TEST_DOCKER_HOST` names an engine, it is that one.
 */
export async function startCorpusEngine(): Promise<TestEngine> {
  if (process.env.PLIMSOLL_TEST_DOCKER_HOST) return startEngine();
  const stack = new AsyncDisposableStack();
  try {
    let data = path.join(kept, 'docker');
    if (process.env.CI !== 'true' && lock()) stack.defer(unlock);
    else data = stack.use(await temporaryFolder()).path;
    const engine = stack.use(await startEngineIn(data));
    const owned = stack.move();
    return { ...engine, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

const lockFile = path.join(kept, 'pid');

/** True if nobody else uses what is kept: a lock of a process that is no more is taken over. */
function lock(): boolean {
  mkdirSync(kept, { recursive: true });
  for (;;) {
    try {
      const file = openSync(lockFile, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isRunning(Number(readFileSync(lockFile, 'utf8')))) return false;
    unlock();
  }
}

function unlock(): void {
  rmSync(lockFile, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
