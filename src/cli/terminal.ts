import { styleText } from 'node:util';
import { Status } from './status.ts';

/** Where a command writes. Tests give their own. */
export interface Terminal {
  /** What the command answers. */
  out(text: string): void;
  /** Errors and progress. */
  err(text: string): void;
  /** True where standard output shows colours unless told otherwise. */
  readonly outIsTerminal: boolean;
  /** True where standard error is a terminal: only then is progress shown. */
  readonly errIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** What a command line runs in. */
export interface Host {
  readonly terminal: Terminal;
  /** The folder of what ships with Plimsoll beside its code. */
  readonly media: string;
  /** The bundle of the threads that index layers beside this one; undefined for none. */
  readonly imageWorker: string | undefined;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
}

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';
/** Styles a text, or gives it back as it is where there are no colours. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;

/** `--color`, then `NO_COLOR` (https://no-color.org), then whether a terminal looks. */
export function paintFor(choice: 'auto' | 'always' | 'never', terminal: Terminal): Paint {
  const coloured =
    choice === 'always' || (choice === 'auto' && terminal.outIsTerminal && (terminal.env.NO_COLOR ?? '') === '');
  return coloured ? (style, text) => styleText(style, text, { validateStream: false }) : plain;
}

/**
 * The standard streams of this process. A reader that goes away (`plimsoll … | head`) ends the output quietly; where the
 * answer cannot be written (a full disk), the process ends with a sentence that says so.
 */
export function processTerminal(): Terminal {
  let open = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    open = false;
    if (error.code === 'EPIPE') return;
    process.stderr.write(`plimsoll: Standard output cannot be written (${error.code ?? error.message}).\n`);
    process.exit(Status.usage);
  });
  return {
    out: (text) => {
      if (open) process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    outIsTerminal: process.stdout.isTTY,
    errIsTerminal: process.stderr.isTTY,
    env: process.env,
    cwd: process.cwd(),
  };
}
