import type { BaseAnswer, Platform } from '../core/base/baseSize.ts';
import { dockerHub, type Reference } from '../core/base/reference.ts';
import type { ChainSource } from './chain.ts';

/**
 * Asks mirrors of Docker Hub before Docker Hub itself, as the Docker daemon's `registry-mirrors` does: in order, until
 * one has a size. A mirror is a registry like any other, with its own credentials and its own limits; what it said is
 * remembered under its name, so the cache is asked in the same way.
 */
export class MirroredSource implements ChainSource {
  readonly kind: ChainSource['kind'];
  readonly #source: ChainSource;
  readonly #mirrors: readonly string[];

  /** @param mirrors hosts, with their ports. */
  constructor(source: ChainSource, mirrors: readonly string[]) {
    this.kind = source.kind;
    this.#source = source;
    this.#mirrors = mirrors;
  }

  async lookUp(reference: Reference, platform: Platform, signal: AbortSignal): Promise<BaseAnswer> {
    for (const mirrored of this.#mirrored(reference)) {
      const answer = await this.#source.lookUp(mirrored, platform, signal);
      if ('sizes' in answer) return answer;
    }
    return this.#source.lookUp(reference, platform, signal);
  }

  async forget(reference: Reference, platform: Platform): Promise<void> {
    for (const each of [...this.#mirrored(reference), reference]) await this.#source.forget?.(each, platform);
  }

  #mirrored(reference: Reference): Reference[] {
    return reference.domain === dockerHub ? this.#mirrors.map((domain) => ({ ...reference, domain })) : [];
  }
}
