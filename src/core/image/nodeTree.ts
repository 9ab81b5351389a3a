import { grown, PathInterner, StringInterner } from './interner.ts';
import { NONE } from './layerIndex.ts';

/** {@link NodeTree.state} of a node that is not there now. */
export const ABSENT = 0xff;

/**
 * A tree of names that changes: nodes are made once per path and come and go. Only those that are there are in their
 * parent's list of children, so that removing a subtree costs what it holds, however much was there before.
 */
export class NodeTree {
  readonly strings = new StringInterner();
  readonly paths = new PathInterner();
  /** What a node is now, in its user's terms; {@link ABSENT} for nothing. */
  state = new Uint8Array(128).fill(ABSENT);
  #firstChild = new Uint32Array(128).fill(NONE);
  #next = new Uint32Array(128);
  #previous = new Uint32Array(128);

  /** The node of a name in a directory, made when it is new; it may be absent. */
  node(parent: number, name: number): number {
    const node = this.paths.intern(parent, name);
    if (node >= this.state.length) this.#grow(node + 1);
    return node;
  }

  /** The node of a name in a directory if it is there, else {@link NONE}. */
  present(parent: number, name: number): number {
    const node = this.paths.find(parent, name);
    return node === NONE || this.state[node] === ABSENT ? NONE : node;
  }

  /** Makes an absent node be there. */
  attach(node: number, state: number): void {
    const parent = this.paths.parent[node]!;
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
    if (previous === NONE) this.#firstChild[this.paths.parent[node]!] = next;
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

  hasChildren(node: number): boolean {
    return this.#firstChild[node] !== NONE;
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
      while (node !== top && this.#next[node] === NONE) node = this.paths.parent[node]!;
      if (node === top) return;
      node = this.#next[node]!;
    }
  }

  #grow(needed: number): void {
    const used = this.state.length;
    this.state = grown(this.state, needed).fill(ABSENT, used);
    this.#firstChild = grown(this.#firstChild, needed).fill(NONE, used);
    this.#next = grown(this.#next, needed);
    this.#previous = grown(this.#previous, needed);
  }
}
