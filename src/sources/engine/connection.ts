import type { Platform } from '../../core/base/baseSize.ts';
import { SourceError } from '../error.ts';
import { printPlatform } from '../registry/platform.ts';
import {
  decodeHistory,
  decodeImages,
  decodeInspect,
  decodeVersion,
  type HistoryAnswer,
  type ImagesAnswer,
  type InspectAnswer,
} from './answers.ts';
import type { Candidate } from './candidates.ts';
import { EngineClient, type Query } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import type { EngineRequest } from './modem.ts';

/** A busy engine answers in seconds; one that takes longer has hung. */
const answerMs = 15_000;
/** How long a candidate may take to say its version, in milliseconds: a socket is of this machine. */
const helloMs = { socket: 2_000, tcp: 10_000, ssh: 15_000 } as const;

/** What an engine says of itself. */
export interface EngineAbout {
  readonly product: 'Docker' | 'Podman';
  readonly version?: string;
  /** What it runs without being told otherwise. */
  readonly platform: Platform;
  /** What named it, for people. */
  readonly origin: string;
}

/** An engine that has answered. Every method throws a `SourceError`, or the signal's reason. */
export class EngineConnection implements Disposable {
  readonly about: EngineAbout;
  /** Where it listens: programs of the user's are pointed there, too. */
  readonly endpoint: Endpoint;
  readonly #client: EngineClient;
  readonly #onLost: (error: SourceError) => void;

  private constructor(
    about: EngineAbout,
    endpoint: Endpoint,
    client: EngineClient,
    onLost: (error: SourceError) => void,
  ) {
    this.about = about;
    this.endpoint = endpoint;
    this.#client = client;
    this.#onLost = onLost;
  }

  /** Reached by a socket, so that its files may be files of this machine. */
  get isLocal(): boolean {
    return this.endpoint.transport === 'socket';
  }

  /** Asks a candidate who it is. `onLost` hears when a later request finds it gone. */
  static async open(
    candidate: Candidate,
    env: NodeJS.ProcessEnv,
    onLost: (error: SourceError) => void,
    signal: AbortSignal,
  ): Promise<EngineConnection> {
    const client = await EngineClient.open(candidate.endpoint, env);
    try {
      const wait = helloMs[candidate.endpoint.transport];
      const version = decodeVersion(
        await withTimeout(wait, signal, (both) => client.json({ method: 'GET', route: '/version' }, both)),
      );
      const isPodman = version.Components.some((component) => component.Name.startsWith('Podman'));
      const about: EngineAbout = {
        product: isPodman ? 'Podman' : 'Docker',
        ...(version.Version === undefined ? {} : { version: version.Version }),
        platform: printPlatform({ os: version.Os, architecture: version.Arch }),
        origin: candidate.origin,
      };
      return new EngineConnection(about, candidate.endpoint, client, onLost);
    } catch (error) {
      client[Symbol.dispose]();
      throw error;
    }
  }

  async inspect(name: string, signal: AbortSignal): Promise<InspectAnswer> {
    return decodeInspect(await this.#json(`/images/${encodeURIComponent(name)}/json`, {}, signal));
  }

  async history(name: string, signal: AbortSignal): Promise<HistoryAnswer> {
    return decodeHistory(await this.#json(`/images/${encodeURIComponent(name)}/history`, {}, signal));
  }

  /** `all`: those of build steps, too. */
  async images(signal: AbortSignal, { all = false } = {}): Promise<ImagesAnswer> {
    // Podman always tells digests, and answers with nothing at all when it is asked to (4.3.1).
    const digests: Query = this.about.product === 'Docker' ? { digests: 'true' } : {};
    return decodeImages(await this.#json('/images/json', all ? { all: 'true' } : digests, signal));
  }

  /** The image as `docker save` writes it. */
  save(name: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.#stream(`/images/${encodeURIComponent(name)}/get`, {}, signal);
  }

  /** JSON events, one for each change of an image, until the signal ends it. */
  events(query: Query, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.#stream('/events', query, signal);
  }

  /** Any other request that is answered at once, by its JSON. */
  ask(request: EngineRequest, signal: AbortSignal): Promise<unknown> {
    return this.#watched(() => withTimeout(answerMs, signal, (both) => this.#client.json(request, both)), signal);
  }

  /** Any other request, whose answer takes its time. */
  async stream(request: EngineRequest, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    const body = await this.#watched(() => this.#client.stream(request, signal), signal);
    return this.#watchedBody(body, signal);
  }

  /** What a long stream (of events, say) finds out by its end. */
  lost(error: SourceError): void {
    this.#onLost(error);
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
  }

  #json(route: string, query: Query, signal: AbortSignal): Promise<unknown> {
    return this.ask({ method: 'GET', route, query }, signal);
  }

  #stream(route: string, query: Query, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    return this.stream({ method: 'GET', route, query }, signal);
  }

  async *#watchedBody(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      this.#noteLoss(error, signal);
      throw error;
    }
  }

  async #watched<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      this.#noteLoss(error, signal);
      throw error;
    }
  }

  /** What was cancelled says nothing of the engine, whatever the reason looks like. */
  #noteLoss(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const isLoss = error instanceof SourceError && (error.code === 'unavailable' || error.code === 'network');
    if (isLoss) this.#onLost(error);
  }
}

/** Runs a request that ends after some milliseconds with a `SourceError` (`timeout`). */
async function withTimeout<T>(
  milliseconds: number,
  signal: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(milliseconds);
  try {
    return await ask(AbortSignal.any([signal, timeout]));
  } catch (error) {
    if (error !== timeout.reason) throw error;
    throw new SourceError('timeout', `The engine did not answer within ${milliseconds / 1000} seconds.`, {
      cause: error,
    });
  }
}
