import { spawn } from 'node:child_process';
import { SourceError } from '../error.ts';

/** A program of the user's that is run to its end. */
export interface ProgramRun {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Hears each line that it writes, to either output. */
  readonly line: (text: string) => void;
  readonly signal: AbortSignal;
}

/** How long a program may take to clean up after itself before it is killed. Milliseconds. */
const graceMs = 10_000;
/** Characters of a line that are kept: progress without line ends goes on for ever. */
const longestLine = 10_000;

/**
 * Runs a program in a process group of its own and gives its exit code. When cancelled, the whole group is told to end,
 * then killed, and the signal's reason is thrown once it is gone. Throws a `SourceError` where it cannot be started.
 */
export function runProgram({ command, env, cwd, line, signal }: ProgramRun): Promise<number> {
  signal.throwIfAborted();
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, {
      env,
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
      // On Windows a group of its own would be a console window.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    let patience: NodeJS.Timeout | undefined;
    const end = (): void => {
      endGroup(child.pid, 'SIGTERM');
      patience = setTimeout(() => endGroup(child.pid, 'SIGKILL'), graceMs);
    };
    signal.addEventListener('abort', end, { once: true });
    const over = (): void => {
      signal.removeEventListener('abort', end);
      clearTimeout(patience);
    };
    for (const stream of [child.stdout, child.stderr]) {
      const lines = new Lines(line);
      stream.setEncoding('utf8').on('data', (text: string) => lines.add(text));
      stream.once('end', () => lines.end());
    }
    child.once('error', (cause) => {
      over();
      reject(new SourceError('unavailable', `The program ${program!} cannot be started.`, { cause }));
    });
    child.once('close', (code) => {
      over();
      if (!signal.aborted) {
        resolve(code ?? 1);
        return;
      }
      // What it started may have outlived it.
      endGroup(child.pid, 'SIGKILL');
      reject(signal.reason as Error);
    });
  });
}

function endGroup(pid: number | undefined, how: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, how);
  } catch (error) {
    // Nobody of it is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Takes text as it comes apart into lines; a carriage return, with which progress is written over, ends one as well. */
export class Lines {
  readonly #line: (text: string) => void;
  #rest = '';

  constructor(line: (text: string) => void) {
    this.#line = line;
  }

  add(text: string): void {
    const parts = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = parts.pop()!.slice(-longestLine);
    for (const part of parts) this.#line(part);
  }

  end(): void {
    if (this.#rest !== '') this.#line(this.#rest);
    this.#rest = '';
  }
}
