import { cut, grown } from './columns.ts';
import type { PathInterner } from './interner.ts';
import { NONE, type PathTable } from './layerIndex.ts';

/**
 * The nodes of a stacked tree: those paths of an image at which something has been, numbered in the order in which it came.
 * A layer may name a path that symbolic links lead elsewhere, and remove one that was never there: these are no nodes.
 */
export class StackNodes {
  count = 1;
  parent: Uint32Array<ArrayBuffer>;
  /** The path at which each node is. */
  path: Uint32Array<ArrayBuffer>;
  readonly #paths: PathInterner;
  /** The node at each path; 0, which is the root's, for none. */
  #nodeAt: Uint32Array<ArrayBuffer>;

  constructor(paths: PathInterner) {
    this.#paths = paths;
    const expected = paths.count;
    this.parent = new Uint32Array(expected);
    this.path = new Uint32Array(expected);
    this.#nodeAt = new Uint32Array(expected);
  }

  /** The node at a path, {@link NONE} where there has never been anything. */
  at(path: number): number {
    // Beyond the end are paths that symbolic links have led to since, without making anything.
    const node = path < this.#nodeAt.length ? this.#nodeAt[path]! : 0;
    return node === 0 && path !== 0 ? NONE : node;
  }

  /** The node at a path in the directory of a node, made when it is new. */
  make(parent: number, path: number): number {
    const known = this.at(path);
    if (known !== NONE) return known;
    const node = this.count++;
    if (node >= this.parent.length) {
      this.parent = grown(this.parent, node + 1);
      this.path = grown(this.path, node + 1);
    }
    if (path >= this.#nodeAt.length) this.#nodeAt = grown(this.#nodeAt, path + 1);
    this.parent[node] = parent;
    this.path[node] = path;
    this.#nodeAt[path] = node;
    return node;
  }

  finish(): PathTable {
    const { count } = this;
    const names = this.#paths.name;
    const name = new Uint32Array(count);
    for (let node = 1; node < count; node++) name[node] = names[this.path[node]!]!;
    return { parent: cut(this.parent, count), name, count };
  }
}
