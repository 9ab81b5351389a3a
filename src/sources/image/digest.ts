import { createHash, type Hash } from 'node:crypto';
import { LayerError } from './layerError.ts';

/** What is wrong with bytes that `digest` is to name: one sentence, or undefined where they are what it names. */
export function digestMismatch(bytes: Uint8Array, digest: string): string | undefined {
  const actual = new RunningDigest(digest);
  actual.update(bytes);
  return actual.mismatch();
}

/** Compares bytes with a digest while they pass. */
export class RunningDigest {
  readonly #expected: string;
  readonly #algorithm: string;
  readonly #hash: Hash;

  /** @param expected one that `digestPattern` let through */
  constructor(expected: string) {
    this.#expected = expected;
    this.#algorithm = expected.slice(0, expected.indexOf(':'));
    this.#hash = createHash(this.#algorithm);
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  mismatch(): string | undefined {
    const actual = `${this.#algorithm}:${this.#hash.digest('hex')}`;
    return actual === this.#expected ? undefined : `The bytes of ${this.#expected} have the digest ${actual}.`;
  }
}

/** Passes `chunks` on. After the last one, throws a `LayerError` `wrong-digest` if they are not what `digest` names. */
export async function* verified(chunks: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const running = new RunningDigest(digest);
  for await (const chunk of chunks) {
    running.update(chunk);
    yield chunk;
  }
  const mismatch = running.mismatch();
  if (mismatch !== undefined) throw new LayerError('wrong-digest', mismatch);
}
