import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { startEngine, startServer, type TestEngine } from './engine.ts';

/** Stand-ins and the layers of entries, gigabytes of them; not in git. */
const kept = path.join(import.meta.dirname, '../../.cache/corpus');

/**
 * An engine for building the corpus. It keeps what it has built for the next test file and the next run, but while another run
 * uses what is kept; CI begins with nothing, as its checkout is clean. Where `PLIMSOLL_TEST_DOCKER_HOST` names an engine, it is
 * that one.
 */
export async function startCorpusEngine(): Promise<TestEngine> {
  if (process.env.PLIMSOLL_TEST_DOCKER_HOST || !lock()) return startEngine();
  const engine = await startServer('Docker', (folder, socket) => [
    'dockerd',
    ...['--data-root', path.join(kept, 'docker'), '--exec-root', path.join(folder, 'exec')],
    ...['--pidfile', path.join(folder, 'pid'), '--host', `unix://${socket}`],
    ...['--iptables=false', '--ip6tables=false', '--bridge=none'],
  ]).catch((error: unknown) => {
    unlock();
    throw error;
  });
  return {
    ...engine,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      unlock();
    },
  };
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
