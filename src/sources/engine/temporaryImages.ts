import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { SourceError } from '../error.ts';
import type { EngineConnection } from './connection.ts';

/** Cleaning up goes on when what is cleaned up was cancelled, but not for ever. Milliseconds. */
const cleaningMs = 60_000;
/** How often an image that is still in use is tried again: by somebody else it may be for good. */
const attempts = 10;
const attemptEveryMs = 500;

/**
 * Images and containers that are made for one purpose and removed with it: those with names of its own, and what the
 * builder before BuildKit, and Podman, leave beside them. Build caches of BuildKit are its own and stay.
 */
export class TemporaryImages implements AsyncDisposable {
  readonly #connection: EngineConnection;
  readonly #name = `plimsoll-prove-${randomBytes(6).toString('hex')}`;
  readonly #before: ReadonlySet<string>;
  readonly #tags: string[] = [];
  readonly #steps: string[] = [];
  readonly #containers = new Set<string>();

  private constructor(connection: EngineConnection, before: ReadonlySet<string>) {
    this.#connection = connection;
    this.#before = before;
  }

  /** Notes what the engine has, so that only what comes later is removed. */
  static async open(connection: EngineConnection, signal: AbortSignal): Promise<TemporaryImages> {
    return new TemporaryImages(connection, new Set(await imageIds(connection, signal)));
  }

  /** A new name for an image, `plimsoll-prove-…:before`. */
  tag(what: string): string {
    const tag = `${this.#name}:${what}`;
    this.#tags.push(tag);
    return tag;
  }

  /** Hears a builder's log: builders that keep the image of each step name it there, and the container that made it. */
  hear(line: string): void {
    // `---> 0123456789ab` of Docker, `--> 0123456789ab` of Podman.
    const step = /^\s*-{2,3}> (?:Using cache )?([0-9a-f]{11,64})\s*$/.exec(line)?.[1];
    if (step !== undefined) this.#steps.push(step);
    const container = /^\s*-{2,3}> Running in ([0-9a-f]{12,64})\s*$/.exec(line)?.[1];
    if (container !== undefined) this.#containers.add(container);
  }

  /** Removes a container with the rest. */
  keepTrackOf(container: string): void {
    this.#containers.add(container);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const signal = AbortSignal.timeout(cleaningMs);
    for (const id of this.#containers) await this.#remove(`/containers/${id}`, { force: '1', v: '1' }, signal);
    for (const tag of this.#tags) await this.#remove(`/images/${encodeURIComponent(tag)}`, { force: '1' }, signal);
    let steps = await this.#stepsLeft(signal);
    for (let attempt = 0; attempt < attempts && steps.length > 0; attempt++) {
      // A builder that was cancelled still ends a container of its own, which holds its image until then.
      if (attempt > 0) await setTimeout(attemptEveryMs, undefined, { signal });
      // The last step stands on those before it.
      for (const step of steps) await this.#remove(`/images/${step}`, {}, signal);
      steps = await this.#stepsLeft(signal);
    }
  }

  /** The images of steps that are there and were not before, the last one first. */
  async #stepsLeft(signal: AbortSignal): Promise<readonly string[]> {
    const ids = this.#steps.length === 0 ? [] : await imageIds(this.#connection, signal);
    const made = ids.filter((id) => !this.#before.has(id));
    const ours = this.#steps.filter((step) => made.some((id) => id.replace('sha256:', '').startsWith(step)));
    return [...new Set(ours.toReversed())];
  }

  /** What is gone already is fine, and so is what somebody else has come to use: it is theirs now. */
  async #remove(route: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    try {
      await this.#connection.ask({ method: 'DELETE', route, query }, signal);
    } catch (error) {
      const isFine = error instanceof SourceError && (error.code === 'absent' || error.code === 'invalid');
      if (!isFine) throw error;
    }
  }
}

async function imageIds(connection: EngineConnection, signal: AbortSignal): Promise<string[]> {
  return (await connection.images(signal, { all: true })).map(({ Id }) => Id);
}
