import type { ImageInfo, LayerEvents } from '../../core/image/image.ts';
import type { LayerIndex } from '../../core/image/layerIndex.ts';
import type { IndexedLayer, LayerProblem } from '../image/jobs.ts';

/** One pass over the layers of an engine's image, from whichever places they come. Each is handed over once. */
export class Reading {
  readonly #info: ImageInfo;
  readonly #on: LayerEvents;
  readonly #onLayer: (layer: number, index: LayerIndex) => void;
  readonly #delivered = new Set<number>();
  /** Sum of the tars that the engine says that there are; what it says of small files may be too little. */
  readonly #totalBytes: number;
  #bytes = 0;

  constructor(info: ImageInfo, on: LayerEvents, onLayer: (layer: number, index: LayerIndex) => void) {
    this.#info = info;
    this.#on = on;
    this.#onLayer = onLayer;
    this.#totalBytes = info.layers.reduce((sum, { onDiskBytes }) => sum + (onDiskBytes ?? 0), 0);
  }

  get isComplete(): boolean {
    return this.#delivered.size >= this.#info.layers.length;
  }

  /** Bytes of the tars that were handed over. */
  get bytes(): number {
    return this.#bytes;
  }

  has(layer: number): boolean {
    return this.#delivered.has(layer);
  }

  /** The layers that are missing; such as have one diff id stand together, and are read once. */
  missing(): { readonly diffId: string; readonly layers: readonly number[] }[] {
    const groups = new Map<string, number[]>();
    for (const { index, diffId } of this.#info.layers) {
      if (diffId === undefined || this.has(index)) continue;
      groups.set(diffId, [...(groups.get(diffId) ?? []), index]);
    }
    return [...groups].map(([diffId, layers]) => ({ diffId, layers }));
  }

  deliver(layers: readonly number[], { index, problems }: IndexedLayer): void {
    for (const layer of layers) {
      if (this.#delivered.has(layer)) continue;
      this.#delivered.add(layer);
      this.#onLayer(layer, index);
      this.#on.layer(layer, index);
      for (const { code, message } of problems) this.#on.problem({ layer, code, message });
    }
  }

  fail(layer: number, { code, message }: LayerProblem): void {
    this.#on.problem({ layer, code, message });
  }

  prepare(): void {
    this.#on.progress?.({ phase: 'prepare', bytes: this.#bytes });
  }

  /** Says how far it is. Of several layers that are read at a time the slower ones say nothing new. */
  progress(bytes: number): void {
    if (bytes <= this.#bytes) return;
    this.#bytes = bytes;
    this.#on.progress?.({ phase: 'read', bytes, totalBytes: Math.max(this.#totalBytes, bytes) });
  }

  done(): void {
    this.#on.progress?.({ phase: 'done', bytes: this.#bytes, totalBytes: this.#bytes });
  }
}
