import type { Scope } from './model.ts';

/**
 * A map that is never changed: setting makes a new one that shares all but a few nodes with the old. So every
 * instruction keeps the variables of its place, and thousands of them cost no more than their own settings. A trie over
 * the bits of the name's hash, five at a time; names whose hashes are equal share a leaf.
 */
type Trie = Leaf | Branch;
interface Leaf {
  readonly hash: number;
  /** Name and value in turn. */
  readonly entries: readonly (string | undefined)[];
}
type Branch = readonly (Trie | undefined)[];

const bits = 5;
const mask = (1 << bits) - 1;

function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function isLeaf(trie: Trie): trie is Leaf {
  return 'hash' in trie;
}

function put(trie: Trie | undefined, shift: number, hash: number, name: string, value: string | undefined): Trie {
  if (trie === undefined) return { hash, entries: [name, value] };
  if (isLeaf(trie)) {
    if (trie.hash !== hash) {
      const branch: (Trie | undefined)[] = [];
      branch[(trie.hash >>> shift) & mask] = trie;
      return put(branch, shift, hash, name, value);
    }
    const entries = [...trie.entries];
    const at = indexOf(entries, name);
    entries[at < 0 ? entries.length : at] = name;
    entries[at < 0 ? entries.length : at + 1] = value;
    return { hash, entries };
  }
  const copy = trie.slice();
  const slot = (hash >>> shift) & mask;
  copy[slot] = put(trie[slot], shift + bits, hash, name, value);
  return copy;
}

function indexOf(entries: Leaf['entries'], name: string): number {
  for (let i = 0; i < entries.length; i += 2) if (entries[i] === name) return i;
  return -1;
}

/** Variables by name; an entry may lack a value. */
export class Variables {
  static readonly none = new Variables(undefined);
  readonly #root: Trie | undefined;

  private constructor(root: Trie | undefined) {
    this.#root = root;
  }

  with(name: string, value: string | undefined): Variables {
    return new Variables(put(this.#root, 0, hashOf(name), name, value));
  }

  find(name: string): { readonly value: string | undefined } | undefined {
    const hash = hashOf(name);
    let trie = this.#root;
    for (let shift = 0; trie !== undefined && !isLeaf(trie); shift += bits) trie = trie[(hash >>> shift) & mask];
    if (trie?.hash !== hash) return undefined;
    const at = indexOf(trie.entries, name);
    return at < 0 ? undefined : { value: trie.entries[at + 1] };
  }
}

/** The first of several layers of variables that has a name decides: `ENV` before `ARG`. */
export function layeredScope(...layers: readonly Variables[]): Scope {
  return {
    get: (name) => {
      for (const layer of layers) {
        const found = layer.find(name);
        if (found) return found.value;
      }
      return undefined;
    },
    has: (name) => layers.some((layer) => layer.find(name) !== undefined),
  };
}

/** No variable is known. */
export const emptyScope: Scope = layeredScope();
