import { grown } from './columns.ts';
import { NONE } from './layerIndex.ts';

/** {@link NodeTree.state} of a node that is not there now. */
export const ABSENT = 0xff;

/**
 * A tree that changes: its nodes come and go. Only those that are there are in their parent's list of children, so that
 * removing a subtree costs what it holds, however much was there before. Node 0, the root, is not attached.
 */
export class NodeTree {
  /** What a node is now, in its user's terms; {@link ABSENT} for nothing. */
  state: Uint8Array<ArrayBuffer>;
  readonly #paths: { readonly parent: Uint32Array };
  #firstChild: Uint32Array<ArrayBuffer>;
  #next: Uint32Array<ArrayBuffer>;
  #previous: Uint32Array<ArrayBuffer>;

  /** @param paths the parents of the nodes: an owner who may put a longer array in the place of the one that is there now. */
  constructor(paths: { readonly parent: Uint32Array }, expected: number) {
    this.#paths = paths;
    this.state = new Uint8Array(expected).fill(ABSENT);
    this.#firstChild = new Uint32Array(expected).fill(NONE);
    this.#next = new Uint32Array(expected);
    this.#previous = new Uint32Array(expected);
  }

  /** Makes room for a node. */
  reserve(node: number): void {
    if (node < this.state.length) return;
    const used = this.state.length;
    this.state = grown(this.state, node + 1).fill(ABSENT, used);
    this.#firstChild = grown(this.#firstChild, node + 1).fill(NONE, used);
    this.#next = grown(this.#next, node + 1);
    this.#previous = grown(this.#previous, node + 1);
  }

  /** Makes an absent node be there. */
  attach(node: number, state: number): void {
    const parent = this.#paths.parent[node]!;
    const next = this.#firstChild[parent]!;
    this.state[node] = state;
    this.#next[node] = next;
    this.#previous[node] = NONE;
    if (next !== NONE) this.#previous[next] = node;
    this.#firstChild[parent] = node;
  }

  /** Takes a node and all below it away, and tells each, parents before children. */
  detach(node: number, gone: (node: number) => void): void {
    const next = this.#next[node]!;
    const previous = this.#previous[node]!;
    if (previous === NONE) this.#firstChild[this.#paths.parent[node]!] = next;
    else this.#next[previous] = next;
    if (next !== NONE) this.#previous[next] = previous;
    this.#vanish(node, gone);
  }

  /** Takes all below a node away. */
  detachChildren(node: number, gone: (node: number) => void): void {
    let child = this.#firstChild[node]!;
    this.#firstChild[node] = NONE;
    while (child !== NONE) {
      const next = this.#next[child]!;
      this.#vanish(child, gone);
      child = next;
    }
  }

  /** Tells a node that is there and all below it, parents before children. */
  walk(top: number, tell: (node: number) => void): void {
    let node = top;
    for (;;) {
      tell(node);
      const child = this.#firstChild[node]!;
      if (child !== NONE) {
        node = child;
        continue;
      }
      while (node !== top && this.#next[node] === NONE) node = this.#paths.parent[node]!;
      if (node === top) return;
      node = this.#next[node]!;
    }
  }

  /** A walk without recursion: paths may be thousands of directories deep. */
  #vanish(top: number, gone: (node: number) => void): void {
    let node = top;
    for (;;) {
      this.state[node] = ABSENT;
      gone(node);
      const child = this.#firstChild[node]!;
      if (child !== NONE) {
        this.#firstChild[node] = NONE;
        node = child;
        continue;
      }
      while (node !== top && this.#next[node] === NONE) node = this.#paths.parent[node]!;
      if (node === top) return;
      node = this.#next[node]!;
    }
  }
}
