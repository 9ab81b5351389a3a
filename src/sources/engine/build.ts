import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Platform } from '../../core/base/baseSize.ts';
import { contextTar } from '../context/contextTar.ts';
import { SourceError } from '../error.ts';
import { type Builder, clientEnvironment, hostOf } from './builder.ts';
import type { EngineConnection } from './connection.ts';
import { Lines, runProgram } from './program.ts';

/** What is built. */
export interface BuildInput {
  readonly dockerfile: string;
  /** The text of the ignore file that counts; absent where there is none. */
  readonly ignore?: string;
  /** Absolute path of the build context. */
  readonly context: string;
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  /** What `RUN` reaches: `default`, `none`, `host`. */
  readonly network?: string;
}

export interface BuildOptions {
  readonly builder: Builder;
  readonly env: NodeJS.ProcessEnv;
  /** The name that the image gets. */
  readonly tag: string;
  /** Hears the builder's log, line by line. */
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

export type BuildOutcome =
  | { readonly kind: 'built' }
  /** The builder's own reason, in one sentence. */
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Builds an image in the engine. A build that fails is an outcome; thrown are a `SourceError` where the engine or the
 * context fails, and the signal's reason, once the builder has stopped.
 */
export async function buildImage(
  connection: EngineConnection,
  input: BuildInput,
  options: BuildOptions,
): Promise<BuildOutcome> {
  const reasons = new FailureReason();
  const log = (line: string): void => {
    reasons.hear(line);
    options.log(line);
  };
  const isBuilt = await (options.builder === 'engine'
    ? buildByEngine(connection, input, { ...options, log })
    : buildByProgram(connection, input, { ...options, log }));
  return isBuilt ? { kind: 'built' } : { kind: 'failed', message: reasons.sentence() };
}

async function buildByProgram(
  { endpoint }: EngineConnection,
  input: BuildInput,
  { builder, env, tag, log, signal }: BuildOptions,
): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-build-'));
  try {
    const dockerfile = path.join(folder, 'Dockerfile');
    await writeFile(dockerfile, input.dockerfile);
    // The Dockerfile's own ignore file wins over the context's, so that an empty one says that nothing is ignored.
    const ignore = path.join(folder, 'Dockerfile.dockerignore');
    await writeFile(ignore, input.ignore ?? '');
    const args = [
      ...['--tag', tag, '--file', dockerfile],
      ...(input.target === undefined ? [] : ['--target', input.target]),
      ...Object.entries(input.buildArgs ?? {}).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...(input.platform === undefined ? [] : ['--platform', input.platform]),
      ...(input.network === undefined ? [] : ['--network', input.network]),
    ];
    const command = {
      buildx: ['docker', 'buildx', 'build', '--load', '--progress=plain', '--provenance=false', ...args],
      buildkit: ['docker', 'build', '--progress=plain', ...args],
      podman: ['podman', '--url', hostOf(endpoint), 'build', '--force-rm', '--ignorefile', ignore, ...args],
    }[builder as Exclude<Builder, 'engine'>];
    const environment = builder === 'podman' ? env : { ...clientEnvironment(env, endpoint), DOCKER_BUILDKIT: '1' };
    const code = await runProgram({ command: [...command, input.context], env: environment, line: log, signal });
    return code === 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildByEngine(
  connection: EngineConnection,
  input: BuildInput,
  { tag, log, signal }: BuildOptions,
): Promise<boolean> {
  const dockerfile = '.plimsoll.Dockerfile';
  const extra = [{ name: dockerfile, content: new TextEncoder().encode(input.dockerfile) }];
  const stopped = new AbortController();
  const until = AbortSignal.any([signal, stopped.signal]);
  const tar = Readable.from(contextTar(input.context, input.ignore ?? '', extra, until), { objectMode: false });
  let failure: unknown;
  tar.once('error', (error) => (failure = error));
  const query = {
    t: tag,
    dockerfile,
    rm: '1',
    forcerm: '1',
    ...(input.target === undefined ? {} : { target: input.target }),
    ...(input.buildArgs === undefined ? {} : { buildargs: JSON.stringify(input.buildArgs) }),
    ...(input.platform === undefined ? {} : { platform: input.platform }),
    ...(input.network === undefined ? {} : { networkmode: input.network }),
  };
  try {
    return await readBuildAnswer(await connection.stream({ method: 'POST', route: '/build', query, tar }, signal), log);
  } catch (error) {
    signal.throwIfAborted();
    if (failure instanceof SourceError) throw failure;
    // The engine refuses a Dockerfile that it cannot read with a status of its own.
    if (error instanceof SourceError && error.code === 'invalid') {
      log(error.message);
      return false;
    }
    throw error;
  } finally {
    stopped.abort(new SourceError('unavailable', 'The build is over.'));
    tar.destroy();
  }
}

/** The answer of `POST /build`: JSON messages, of which an `error` is the last. False where there was one. */
async function readBuildAnswer(answer: AsyncIterable<Uint8Array>, log: (line: string) => void): Promise<boolean> {
  let isBuilt = true;
  const text = new Lines(log);
  const messages = new Lines((line) => {
    const { stream, error, status } = decodeMessage(line);
    if (stream !== undefined) text.add(stream);
    if (status !== undefined) log(status);
    if (error !== undefined) {
      isBuilt = false;
      text.end();
      log(`ERROR: ${error}`);
    }
  });
  const decoder = new TextDecoder();
  for await (const chunk of answer) messages.add(decoder.decode(chunk, { stream: true }));
  messages.end();
  text.end();
  return isBuilt;
}

function decodeMessage(line: string): { stream?: string; error?: string; status?: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return {}; // An empty line, or one that was cut off by its end.
  }
  if (typeof json !== 'object' || json === null) return {};
  const found: { stream?: string; error?: string; status?: string } = {};
  for (const name of ['stream', 'error', 'status'] as const) {
    const value = (json as Record<string, unknown>)[name];
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}

/** Picks from a builder's log why it failed. */
class FailureReason {
  #error: string | undefined;
  #last = '';

  hear(line: string): void {
    const text = line.trim();
    if (text === '') return;
    this.#last = text;
    const [, reason] = /^(?:ERROR|Error|error):? (.*)$/.exec(text) ?? /^(?:.*: )?(failed to solve.*)$/.exec(text) ?? [];
    // The last is the one that sums up, but a full disk is worth more than all that follows from it.
    if (reason !== undefined && !/no space left/i.test(this.#error ?? '')) this.#error = reason;
    else if (/no space left on device/i.test(text)) this.#error = text;
  }

  sentence(): string {
    const reason = (this.#error ?? this.#last).replace(/\s+/g, ' ').replace(/\.$/, '').slice(0, 500);
    if (/no space left on device/i.test(reason)) return `The disk of the engine is full: ${reason}.`;
    return reason === '' ? 'The builder gave no reason.' : `The builder says: ${reason}.`;
  }
}
