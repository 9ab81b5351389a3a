import { createHash } from 'node:crypto';
import { SourceError } from '../error.ts';
import { digestPattern } from './manifest.ts';

/** A running hash for a digest. Throws a `SourceError` (`invalid`) for a digest that cannot be verified. */
export class Verifier {
  readonly #digest: string;
  readonly #hash;

  constructor(digest: string) {
    if (!digestPattern.test(digest)) {
      throw new SourceError('invalid', `${digest.slice(0, 20)} is not a digest that can be verified.`);
    }
    this.#digest = digest;
    this.#hash = createHash(digest.slice(0, digest.indexOf(':')));
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Throws a `SourceError` (`wrong-digest`) when the bytes were not those that the digest names. */
  verify(what: string): void {
    const algorithm = this.#digest.slice(0, this.#digest.indexOf(':'));
    if (`${algorithm}:${this.#hash.digest('hex')}` !== this.#digest) {
      throw new SourceError(
        'wrong-digest',
        `${what} is not what its digest names: it was changed or damaged on the way.`,
      );
    }
  }
}

export function verifyDigest(bytes: Uint8Array, digest: string, what: string): void {
  const verifier = new Verifier(digest);
  verifier.update(bytes);
  verifier.verify(what);
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
