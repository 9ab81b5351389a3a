import type { Platform } from '../../core/base/baseSize.ts';
import { SourceError } from '../error.ts';
import { untilAborted } from '../untilAborted.ts';
import { findCandidates, type EngineChoice, type Surroundings } from './candidates.ts';
import { EngineConnection, type EngineAbout } from './connection.ts';

/** Whether there is an engine, for the one place where the user looks. */
export type EngineState =
  | { readonly status: 'unasked' }
  | { readonly status: 'connected'; readonly about: EngineAbout }
  /** A normal state, not a failure. The message is one sentence. */
  | { readonly status: 'none'; readonly message: string };

export interface EngineOptions {
  readonly surroundings: Surroundings;
  readonly choice?: EngineChoice;
  /** Milliseconds, of any clock that never goes back. */
  readonly now?: () => number;
}

/** After an engine was not found, the milliseconds in which nobody looks again; doubled each time, up to the second. */
const [firstPause, longestPause] = [5_000, 60_000];

/**
 * The container engine, Docker or Podman. It is looked for when somebody first asks, and again only when somebody asks
 * after a pause; nothing polls. Owns its connection.
 */
export class Engine implements Disposable {
  readonly #surroundings: Surroundings;
  readonly #now: () => number;
  readonly #listeners = new Set<(state: EngineState) => void>();
  #choice: EngineChoice;
  #life = new AbortController();
  #state: EngineState = { status: 'unasked' };
  #connection: EngineConnection | undefined;
  #connecting: Promise<EngineConnection> | undefined;
  #failure: SourceError | undefined;
  #pause = firstPause;
  #askAgainAt = 0;
  #disposed = false;

  constructor(options: EngineOptions) {
    this.#surroundings = options.surroundings;
    this.#choice = options.choice ?? {};
    this.#now = options.now ?? (() => performance.now());
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Hears each change of {@link state}. */
  onChange(listener: (state: EngineState) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /**
   * The engine's connection. Throws the signal's reason, or a `SourceError` whose sentence says why there is none; asks
   * nobody while the pause after the last failure lasts.
   */
  async connect(signal: AbortSignal): Promise<EngineConnection> {
    signal.throwIfAborted();
    if (this.#connection) return this.#connection;
    if (this.#disposed) throw new SourceError('unavailable', 'The engine is no longer used.');
    if (!this.#connecting) {
      if (this.#failure && this.#now() < this.#askAgainAt) throw this.#failure;
      this.#connecting = this.#find(this.#life.signal);
      // Everybody who waits may be cancelled before it fails.
      this.#connecting.catch(() => undefined);
    }
    return untilAborted(this.#connecting, signal);
  }

  /** The engine's platform, if there is an engine. Throws only the signal's reason. */
  async platform(signal: AbortSignal): Promise<Platform | undefined> {
    try {
      return (await this.connect(signal)).about.platform;
    } catch (error) {
      if (error instanceof SourceError) return undefined;
      throw error;
    }
  }

  /** Looks again at the next question, whatever the pause: the user asked for it. */
  retry(): void {
    this.#pause = firstPause;
    this.#askAgainAt = 0;
  }

  /** Uses another engine from now on. */
  choose(choice: EngineChoice): void {
    if (choice.host === this.#choice.host && choice.context === this.#choice.context) return;
    this.#choice = choice;
    this.#drop(new SourceError('unavailable', 'Another engine was chosen.'));
    this.retry();
    this.#failure = undefined;
    this.#change({ status: 'unasked' });
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#listeners.clear();
    this.#drop(new SourceError('unavailable', 'The engine is no longer used.'));
  }

  #drop(reason: SourceError): void {
    this.#life.abort(reason);
    this.#life = new AbortController();
    this.#connecting = undefined;
    this.#connection?.[Symbol.dispose]();
    this.#connection = undefined;
  }

  async #find(life: AbortSignal): Promise<EngineConnection> {
    try {
      const connection = await this.#firstThatAnswers(life);
      if (life.aborted) {
        connection[Symbol.dispose]();
        throw life.reason;
      }
      this.#connection = connection;
      this.#failure = undefined;
      this.#pause = firstPause;
      this.#change({ status: 'connected', about: connection.about });
      return connection;
    } catch (error) {
      if (!life.aborted) this.#fail(error as SourceError);
      throw error;
    } finally {
      if (!life.aborted) this.#connecting = undefined;
    }
  }

  async #firstThatAnswers(life: AbortSignal): Promise<EngineConnection> {
    const { candidates, problems } = await findCandidates(this.#choice, this.#surroundings);
    let failure: SourceError | undefined;
    for (const candidate of candidates) {
      try {
        const lost = (error: SourceError): void => this.#lose(error, life);
        return await EngineConnection.open(candidate, { ...this.#surroundings.env }, lost, life);
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        // The first is the one that the user most likely means, so its failure is the one to tell.
        failure ??= error;
      }
    }
    throw problems[0] === undefined && failure
      ? failure
      : new SourceError('unavailable', problems[0] ?? 'No Docker or Podman engine was found.');
  }

  /** A connection of an engine that has been dropped since says nothing about the present one. */
  #lose(error: SourceError, life: AbortSignal): void {
    if (life.aborted) return;
    this.#drop(error);
    this.#fail(error);
  }

  #fail(error: SourceError): void {
    this.#failure = error;
    this.#askAgainAt = this.#now() + this.#pause;
    this.#pause = Math.min(this.#pause * 2, longestPause);
    this.#change({ status: 'none', message: error.message });
  }

  #change(state: EngineState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}
