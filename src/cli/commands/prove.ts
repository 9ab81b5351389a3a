import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { commandWords } from '../../core/prove/commandWords.ts';
import { proveMarkdown } from '../../core/prove/proveMarkdown.ts';
import { present } from '../../core/present.ts';
import { findIgnoreFile } from '../../sources/context/ignoreFile.ts';
import { Engine } from '../../sources/engine/engine.ts';
import { thisMachine } from '../../sources/engine/surroundings.ts';
import { indexInProcess } from '../../sources/image/inProcess.ts';
import { type Proof, prove as proveBoth, type ProveSide, type ProveStep } from '../../sources/prove/prove.ts';
import type { CommonOptions } from '../options.ts';
import { proveText } from '../print/prove.ts';
import { Progress } from '../progress.ts';
import { Status, UsageError } from '../status.ts';
import { type Host, paintFor, type Terminal } from '../terminal.ts';

export interface ProveOptions extends CommonOptions {
  readonly context?: string;
  readonly target?: string;
  readonly buildArg: Readonly<Record<string, string>>;
  readonly network?: string;
  /** True for `--start` without a number. */
  readonly start?: number | true;
  readonly run?: string;
  readonly keep?: boolean;
}

/** Seconds that containers run unless told otherwise. */
const defaultStart = 5;
const commandSeconds = 60;
/** Lines of a failed build's log that are shown where nobody has seen them pass. */
const shownLog = 40;

/**
 * `plimsoll prove BEFORE AFTER`: builds both Dockerfiles and compares what comes out; `refused` where the new image is
 * broken, differs or could not be built. Throws a `UsageError` where a file cannot be read, a `SourceError` where the
 * engine fails.
 */
export async function prove(before: string, after: string, options: ProveOptions, host: Host): Promise<Status> {
  const { terminal, signal } = host;
  if (options.offline === true || (options.source !== undefined && options.source !== 'engine')) {
    throw new UsageError('Only the engine builds images: prove cannot do without it.');
  }
  const command = options.run === undefined ? undefined : commandWords(options.run);
  if (command?.length === 0) throw new UsageError('--run needs a command.');
  const sides = { before: await sideOf(before, options, terminal), after: await sideOf(after, options, terminal) };
  using engine = new Engine({ surroundings: thisMachine({ ...terminal.env }) });
  await using indexing = indexInProcess();
  using line = new Progress(terminal, options.quiet === true);
  const log: string[] = [];
  const proof = await proveBoth(
    engine,
    {
      ...sides,
      ...(options.start === undefined ? {} : { startSeconds: options.start === true ? defaultStart : options.start }),
      ...(command === undefined ? {} : { command: { words: command, seconds: commandSeconds } }),
    },
    {
      indexing,
      env: { ...terminal.env },
      log: (text) => {
        log.push(text);
        if (log.length > shownLog) log.shift();
        line.show(text.slice(0, 100));
      },
      step: (step) => line.show(stepText(step)),
      signal,
    },
  );
  line[Symbol.dispose]();
  try {
    print(proof, options, terminal);
    const isUnbuilt = proof.report.verdict === 'not-built';
    if (isUnbuilt && options.quiet !== true) terminal.err(log.map((text) => `| ${text}\n`).join(''));
    if (options.keep === true && proof.images !== undefined && options.quiet !== true) {
      terminal.err(`Kept: ${proof.images.before} and ${proof.images.after}; docker rmi removes them.\n`);
    }
  } finally {
    if (options.keep !== true) await proof[Symbol.asyncDispose]();
  }
  return proof.report.verdict === 'works' ? Status.done : Status.refused;
}

async function sideOf(name: string, options: ProveOptions, { cwd }: Terminal): Promise<ProveSide> {
  const file = path.resolve(cwd, name);
  const dockerfile = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
  });
  const context = path.resolve(cwd, options.context ?? path.dirname(file));
  const ignore = await findIgnoreFile(file, context);
  return {
    name,
    dockerfile,
    context,
    buildArgs: options.buildArg,
    ...present({
      ignore: ignore?.text,
      target: options.target,
      platform: options.platform,
      network: options.network,
    }),
  };
}

function print({ report, images }: Proof, options: ProveOptions, terminal: Terminal): void {
  if (options.json) {
    const kept = options.keep === true && images !== undefined ? { images } : {};
    terminal.out(`${JSON.stringify({ ...report, ...kept }, undefined, 2)}\n`);
  } else if (options.markdown) {
    terminal.out(proveMarkdown(report));
  } else {
    terminal.out(proveText(report, paintFor(options.color, terminal)));
  }
}

function stepText({ what, side }: ProveStep): string {
  const of = side === undefined ? '' : ` the image ${side}`;
  return {
    build: `building${of}`,
    read: `reading${of}`,
    start: `starting${of}`,
    command: `running the command in${of}`,
    clean: 'cleaning up',
  }[what];
}
