import type { LayerIndex } from '../../core/image/layerIndex.ts';
import { decodeLayerIndex, encodeLayerIndex } from '../../core/image/serialize.ts';
import type { ByteCache } from '../cache/byteCache.ts';

/**
 * Layer indexes by diff id. What is stored is trusted by every image that names the diff id, so only an index is stored
 * whose bytes were compared with it, or came from an engine, which compares them when it pulls.
 */
export class IndexCache {
  readonly #bytes: ByteCache;

  constructor(bytes: ByteCache) {
    this.#bytes = bytes;
  }

  /** Absent where it was never stored, was forgotten, or was stored in another version's form. */
  async get(diffId: string): Promise<LayerIndex | undefined> {
    const bytes = await this.#bytes.get(keyOf(diffId));
    return bytes && decodeLayerIndex(bytes);
  }

  async set(diffId: string, index: LayerIndex): Promise<void> {
    await this.#bytes.set(keyOf(diffId), encodeLayerIndex(index));
  }
}

function keyOf(diffId: string): string {
  return `layer-index ${diffId}`;
}
