import { LayerIndexer } from '../../core/image/indexer.ts';
import { Verifier } from '../registry/content.ts';
import type { IndexedLayer } from './jobs.ts';
import { LayerError } from './layerError.ts';

/**
 * No layer unpacks to more: a gzip bomb of 60 MB makes as much. Layers of models and toolchains have tens of gigabytes.
 */
const tarLimit = 64 * 2 ** 30;

/** The uncompressed bytes of a layer on their way into its index: counted, and compared with the diff id where there is one. */
export class CheckedTar {
  readonly #indexer = new LayerIndexer();
  readonly #diffId: string | undefined;
  readonly #verifier: Verifier | undefined;
  #bytes = 0;

  constructor(diffId: string | undefined) {
    this.#diffId = diffId;
    this.#verifier = diffId === undefined ? undefined : new Verifier(diffId);
  }

  /** Throws a `LayerError` `limit` for what is too much for any layer. */
  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > tarLimit) throw new LayerError('limit', `The layer unpacks to more than ${tarLimit} bytes.`);
    this.#verifier?.update(chunk);
    this.#indexer.push(chunk);
  }

  /** Throws a `SourceError` `wrong-digest`. */
  finish(): IndexedLayer {
    this.#verifier?.verify(`The uncompressed layer ${this.#diffId!}`);
    return this.#indexer.finish();
  }
}
