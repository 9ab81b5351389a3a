import path from 'node:path';
import { run } from '../../src/cli/run.ts';

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** The whole environment that the command line sees; by default one without engine, credentials and cache. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly isTerminal?: boolean;
}

/** Runs one command line in this process, as `plimsoll ARGS…` would, and gives what it printed. */
export async function plimsoll(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  let out = '';
  let err = '';
  const status = await run(args, {
    terminal: {
      out: (text) => (out += text),
      err: (text) => (err += text),
      outIsTerminal: options.isTerminal ?? false,
      errIsTerminal: options.isTerminal ?? false,
      env: options.env ?? { HOME: '/nonexistent', PATH: process.env.PATH ?? '' },
      cwd: options.cwd ?? process.cwd(),
    },
    media: path.join(import.meta.dirname, '..', '..', 'media'),
    imageWorker: undefined,
    signal: options.signal ?? new AbortController().signal,
  });
  return { status, out, err };
}
