import { grown } from './columns.ts';
import { type LossTable, type WasteCause, wasteCauses } from './stackedTree.ts';

/** The losses of bytes while layers are stacked: first the contents that one event takes away, then its record. */
export class Losses {
  /** Wasted bytes of each layer, by the layer that ships them. */
  readonly perLayer: Float64Array;
  /** Of the event under way, per layer that ships bytes. */
  readonly #pending: Float64Array;
  readonly #touched: number[] = [];
  #count = 0;
  #node = new Uint32Array(64);
  #cause = new Uint8Array(64);
  #layer = new Uint16Array(64);
  #byLayer = new Uint16Array(64);
  #bytes = new Float64Array(64);
  #oldContent = new Uint32Array(64);
  #newContent = new Uint32Array(64);

  constructor(layers: number) {
    this.perLayer = new Float64Array(layers);
    this.#pending = new Float64Array(layers);
  }

  /** Bytes that a layer ships have lost their last name. */
  add(layer: number, bytes: number): void {
    if (bytes === 0) return;
    if (this.#pending[layer] === 0) this.#touched.push(layer);
    this.#pending[layer]! += bytes;
    this.perLayer[layer]! += bytes;
  }

  /** Ends the event: one row per layer that lost bytes by it, none where none did. */
  record(node: number, cause: WasteCause, byLayer: number, oldContent: number, newContent: number): void {
    if (this.#touched.length > 1) this.#touched.sort((a, b) => a - b);
    for (const layer of this.#touched) {
      const row = this.#count++;
      if (row === this.#node.length) this.#grow();
      this.#node[row] = node;
      this.#cause[row] = wasteCauses.indexOf(cause);
      this.#layer[row] = layer;
      this.#byLayer[row] = byLayer;
      this.#bytes[row] = this.#pending[layer]!;
      this.#oldContent[row] = oldContent;
      this.#newContent[row] = newContent;
      this.#pending[layer] = 0;
    }
    this.#touched.length = 0;
  }

  finish(): LossTable {
    const count = this.#count;
    return {
      count,
      node: this.#node.slice(0, count),
      cause: this.#cause.slice(0, count),
      layer: this.#layer.slice(0, count),
      byLayer: this.#byLayer.slice(0, count),
      bytes: this.#bytes.slice(0, count),
      oldContent: this.#oldContent.slice(0, count),
      newContent: this.#newContent.slice(0, count),
    };
  }

  #grow(): void {
    const needed = this.#count + 1;
    this.#node = grown(this.#node, needed);
    this.#cause = grown(this.#cause, needed);
    this.#layer = grown(this.#layer, needed);
    this.#byLayer = grown(this.#byLayer, needed);
    this.#bytes = grown(this.#bytes, needed);
    this.#oldContent = grown(this.#oldContent, needed);
    this.#newContent = grown(this.#newContent, needed);
  }
}
