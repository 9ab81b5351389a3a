import { grown } from './columns.ts';
import { type ImpliedTable, NO_LAYER } from './stackedTree.ts';

/** The times in which directories are there that no entry names, while layers are stacked. */
export class ImpliedDirectories {
  /** The row of a node's time that has not ended. */
  readonly #current = new Map<number, number>();
  #count = 0;
  #node = new Uint32Array(64);
  #from = new Uint16Array(64);
  #until = new Uint16Array(64);

  begin(node: number, layer: number): void {
    const row = this.#count++;
    if (row === this.#node.length) {
      this.#node = grown(this.#node, this.#count);
      this.#from = grown(this.#from, this.#count);
      this.#until = grown(this.#until, this.#count);
    }
    this.#node[row] = node;
    this.#from[row] = layer;
    this.#until[row] = NO_LAYER;
    this.#current.set(node, row);
  }

  /** The directory is gone, or an entry names it. */
  end(node: number, layer: number): void {
    const row = this.#current.get(node);
    if (row === undefined) return;
    this.#until[row] = layer;
    this.#current.delete(node);
  }

  finish(): ImpliedTable {
    const count = this.#count;
    return {
      count,
      node: this.#node.slice(0, count),
      from: this.#from.slice(0, count),
      until: this.#until.slice(0, count),
    };
  }
}
