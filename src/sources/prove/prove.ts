import { configDiff } from '../../core/config/configDiff.ts';
import { diffReport } from '../../core/image/diffReport.ts';
import type { ReadImage } from '../../core/image/readImage.ts';
import { imageBytes } from '../../core/image/readImage.ts';
import { present } from '../../core/present.ts';
import { type FileSystem, follow } from '../../core/program/fileSystem.ts';
import type { ProvedImage, ProvedSide, ProveReport } from '../../core/prove/report.ts';
import { judge } from '../../core/prove/verdict.ts';
import { buildImage, type BuildInput } from '../engine/build.ts';
import { type Builder, findBuilder } from '../engine/builder.ts';
import type { EngineConnection } from '../engine/connection.ts';
import type { Engine } from '../engine/engine.ts';
import { runContainer } from '../engine/run.ts';
import { TemporaryImages } from '../engine/temporaryImages.ts';
import type { Indexing } from '../image/jobs.ts';
import { examineImage } from './examineImage.ts';

/** One of the two Dockerfiles. */
export interface ProveSide extends BuildInput {
  /** As the report names it. */
  readonly name: string;
}

export interface ProveInput {
  readonly before: ProveSide;
  readonly after: ProveSide;
  /** Both are started, without network, for so many seconds. */
  readonly startSeconds?: number;
  /** A command that is run in both, without network and at most so many seconds. */
  readonly command?: { readonly words: readonly string[]; readonly seconds: number };
  /** How many paths the report has; 100 without it. */
  readonly top?: number;
}

/** What is being done, for whoever waits. */
export interface ProveStep {
  readonly what: 'build' | 'read' | 'start' | 'command' | 'clean';
  readonly side?: 'before' | 'after';
}

export interface ProveOptions {
  readonly indexing: Indexing;
  readonly env: NodeJS.ProcessEnv;
  /** Hears the builders' logs, line by line. */
  readonly log: (line: string, side: 'before' | 'after') => void;
  readonly step: (step: ProveStep) => void;
  readonly signal: AbortSignal;
}

/** What came of it, and the two images, which are removed when it is disposed of. */
export interface Proof extends AsyncDisposable {
  readonly report: ProveReport;
  /** The names of the images in the engine; absent where one was not built. */
  readonly images?: { readonly before: string; readonly after: string };
}

/**
 * Builds two Dockerfiles and compares what comes out. The old one is built first: where it does not build, nothing else is
 * done. Throws a `SourceError` where the engine or a context fails, or the signal's reason; then nothing is left behind,
 * and whatever was started has ended.
 */
export async function prove(engine: Engine, input: ProveInput, options: ProveOptions): Promise<Proof> {
  const { signal } = options;
  const connection = await engine.connect(signal);
  const builder = await findBuilder(connection, options.env, signal);
  const temporary = await TemporaryImages.open(connection, signal);
  try {
    const run = new Proving(engine, connection, builder, temporary, input, options);
    return { ...(await run.prove()), [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose]() };
  } catch (error) {
    options.step({ what: 'clean' });
    await temporary[Symbol.asyncDispose]();
    throw error;
  }
}

/** An image that was built, as far as the comparison needs it. */
interface Built {
  readonly tag: string;
  readonly image: ReadImage;
  readonly proved: ProvedImage;
  readonly files: FileSystem;
}

class Proving {
  readonly #engine: Engine;
  readonly #connection: EngineConnection;
  readonly #builder: Builder;
  readonly #temporary: TemporaryImages;
  readonly #input: ProveInput;
  readonly #options: ProveOptions;

  constructor(
    engine: Engine,
    connection: EngineConnection,
    builder: Builder,
    temporary: TemporaryImages,
    input: ProveInput,
    options: ProveOptions,
  ) {
    this.#engine = engine;
    this.#connection = connection;
    this.#builder = builder;
    this.#temporary = temporary;
    this.#input = input;
    this.#options = options;
  }

  async prove(): Promise<Omit<Proof, typeof Symbol.asyncDispose>> {
    const before = await this.#build('before');
    if ('failure' in before) {
      return this.#notBuilt(before, { name: this.#input.after.name }, [
        `${before.name} does not build as it is, so there is nothing to compare with. ${before.failure}`,
      ]);
    }
    const after = await this.#build('after');
    if ('failure' in after) {
      return this.#notBuilt({ name: this.#input.before.name }, after, [
        `${after.name} does not build. ${after.failure}`,
      ]);
    }
    const [first, second] = [await this.#examine('before', before.tag), await this.#examine('after', after.tag)];
    return { report: this.#report(first, second), images: { before: first.tag, after: second.tag } };
  }

  #notBuilt(before: ProvedSide, after: ProvedSide, reasons: readonly string[]): { report: ProveReport } {
    const builder = this.#builder;
    return { report: { schema: 1, verdict: 'not-built', reasons, remarks: [], builder, before, after } };
  }

  async #build(
    side: 'before' | 'after',
  ): Promise<{ readonly tag: string } | { readonly name: string; readonly failure: string }> {
    const { env, log, step, signal } = this.#options;
    step({ what: 'build', side });
    const tag = this.#temporary.tag(side);
    const outcome = await buildImage(this.#connection, this.#input[side], {
      builder: this.#builder,
      env,
      tag,
      log: (line) => {
        this.#temporary.hear(line);
        log(line, side);
      },
      signal,
    });
    return outcome.kind === 'built' ? { tag } : { name: this.#input[side].name, failure: outcome.message };
  }

  async #examine(side: 'before' | 'after', tag: string): Promise<Built> {
    const { indexing, step, signal } = this.#options;
    step({ what: 'read', side });
    const { Id: id } = await this.#connection.inspect(tag, signal);
    const { image, tree, files, start } = await examineImage(this.#engine, id, { indexing, signal });
    const { command, problems, needs } = start;
    const proved: ProvedImage = {
      imageId: image.info.imageId,
      platform: image.info.platform,
      ...present({ onDiskBytes: imageBytes(image).onDiskBytes }),
      finalBytes: tree.finalBytes,
      layers: image.layers.length,
      start: { command, problems, needs },
      ...(await this.#runs(side, id)),
    };
    return { tag, image, proved, files };
  }

  async #runs(side: 'before' | 'after', image: string): Promise<Pick<ProvedImage, 'run' | 'command'>> {
    const { step, signal } = this.#options;
    const { startSeconds, command } = this.#input;
    const options = { created: (id: string) => this.#temporary.keepTrackOf(id), signal };
    const runs: { -readonly [K in 'run' | 'command']?: NonNullable<ProvedImage[K]> } = {};
    if (startSeconds !== undefined) {
      step({ what: 'start', side });
      runs.run = await runContainer(this.#connection, { image, seconds: startSeconds }, options);
    }
    if (command !== undefined) {
      step({ what: 'command', side });
      const { words, seconds } = command;
      runs.command = await runContainer(this.#connection, { image, command: words, seconds }, options);
    }
    return runs;
  }

  #report(before: Built, after: Built): ProveReport {
    const { top = 100 } = this.#input;
    const diff = diffReport(before.image, after.image, { top });
    const config = configDiff(before.image.info.config, after.image.info.config, {
      hasFolder: (path) => follow(after.files, path)?.entry.kind === 'directory',
    });
    const { verdict, reasons, remarks } = judge(before.proved, after.proved, config);
    const [was, is] = [before.proved.onDiskBytes, after.proved.onDiskBytes];
    return {
      schema: 1,
      verdict,
      reasons,
      remarks: [...remarks, ...diff.problems.map(({ message }) => message)],
      builder: this.#builder,
      before: { name: this.#input.before.name, image: before.proved },
      after: { name: this.#input.after.name, image: after.proved },
      comparison: {
        ...(was === undefined || is === undefined ? {} : { savedBytes: was - is }),
        sharedLayers: diff.layers.shared.length,
        totals: diff.totals,
        paths: diff.paths,
        config,
      },
    };
  }
}
