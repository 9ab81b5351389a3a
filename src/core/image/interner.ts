import { cut, grown } from './columns.ts';
import type { PathTable, StringTable } from './layerIndex.ts';
import { SlotTables } from './slotTables.ts';

/** From here on a directory's last child is the number of its table: its children are found by their hashes. */
const HASHED = 0x80000000;

/** A name that comes again is mostly one of the last few thousand: `index.js`, `__init__.py`, `LICENSE`. A power of two. */
const recentNames = 4096;

/**
 * The nodes of a tree of names: a node is known by its directory and the bytes of its name; node 0 is the root. Everything
 * is in growing columns, so that a path costs no object: an image has a million.
 *
 * What writes layers walks folders in the order of their names. So while the names of a directory come ascending, each is
 * compared with the one before, and that is all: it is new, or the same again. The first that comes out of order gives the
 * directory a table of hashes: one of its own, so that what is looked up together lies together in the processor's caches.
 *
 * Equal names may be stored twice, but for those that were stored lately: a table of names would cost as much again.
 */
export class PathInterner {
  count = 1;
  parent: Uint32Array<ArrayBuffer>;
  /** Of the last segment, in the table that {@link names} gives. */
  name: Uint32Array<ArrayBuffer>;
  /** The names, end to end; `nameOffsets` has one element more than there are names. */
  nameBytes: Uint8Array<ArrayBuffer>;
  nameOffsets: Uint32Array<ArrayBuffer>;
  #nameCount = 0;
  /** By directory: its last child, of children that came ascending; 0 for none; {@link HASHED} and its table where they did not. */
  #lastChild: Uint32Array<ArrayBuffer>;
  /** By node: the child before it, 0 for none; in a directory with a table its hash. */
  #beforeOrHash: Uint32Array<ArrayBuffer>;
  readonly #seed = randomSeed();
  readonly #tables = new SlotTables();
  /** By {@link recentPlace}: one more than a name; 0 for none. */
  readonly #recent = new Uint32Array(recentNames);

  /** @param expected how many nodes there will be, about, and of how many bytes. What is not used of that costs next to nothing. */
  constructor(expected = 128, expectedBytes = 16 * expected) {
    this.parent = new Uint32Array(expected);
    this.name = new Uint32Array(expected);
    this.nameBytes = new Uint8Array(expectedBytes);
    this.nameOffsets = new Uint32Array(expected + 1);
    this.#lastChild = new Uint32Array(expected);
    this.#beforeOrHash = new Uint32Array(expected);
  }

  /** The node of a name, `from[start … end]`, in a directory; made when it is new. */
  child(parent: number, from: Uint8Array, start: number, end: number): number {
    const last = this.#lastChild[parent]!;
    if (last >= HASHED) return this.#hashedChild(last - HASHED, parent, from, start, end);
    const order = last === 0 ? 1 : this.#compare(from, start, end, this.name[last]!);
    if (order === 0) return last;
    if (order < 0) return this.#hashedChild(this.#tableOf(parent), parent, from, start, end);
    const node = this.#add(parent, this.string(from, start, end), last);
    this.#lastChild[parent] = node;
    return node;
  }

  /** The number of a string among the names. */
  string(from: Uint8Array, start: number, end: number): number {
    const place = recentPlace(from, start, end);
    const recent = this.#recent[place]!;
    if (recent !== 0 && this.#isName(recent - 1, from, start, end)) return recent - 1;
    const name = this.#nameCount++;
    const at = this.nameOffsets[name]!;
    const needed = at + end - start;
    if (needed > this.nameBytes.length) this.nameBytes = grown(this.nameBytes, needed);
    const bytes = this.nameBytes;
    for (let i = start, j = at; i < end; i++, j++) bytes[j] = from[i]!;
    if (name + 1 >= this.nameOffsets.length) this.nameOffsets = grown(this.nameOffsets, name + 2);
    this.nameOffsets[name + 1] = needed;
    this.#recent[place] = name + 1;
    return name;
  }

  /** The nodes that there are now. */
  paths(): PathTable {
    return { parent: cut(this.parent, this.count), name: cut(this.name, this.count), count: this.count };
  }

  /** The names that there are now. */
  names(): StringTable {
    const count = this.#nameCount;
    const bytes = cut(this.nameBytes, this.nameOffsets[count]!);
    return { bytes, offsets: cut(this.nameOffsets, count + 1), count };
  }

  #isName(name: number, from: Uint8Array, start: number, end: number): boolean {
    const at = this.nameOffsets[name]!;
    if (this.nameOffsets[name + 1]! - at !== end - start) return false;
    const bytes = this.nameBytes;
    for (let i = start, j = at; i < end; i++, j++) if (from[i] !== bytes[j]) return false;
    return true;
  }

  /** The order of a name, `from[start … end]`, and of one that there is, by their bytes: above 0 where it comes after it. */
  #compare(from: Uint8Array, start: number, end: number, name: number): number {
    const bytes = this.nameBytes;
    const stop = this.nameOffsets[name + 1]!;
    let i = start;
    let j = this.nameOffsets[name]!;
    while (i < end && j < stop && from[i] === bytes[j]) {
      i++;
      j++;
    }
    if (i < end && j < stop) return from[i]! - bytes[j]!;
    return end - i - (stop - j);
  }

  #add(parent: number, name: number, beforeOrHash: number): number {
    const node = this.count++;
    if (node >= this.parent.length) {
      this.parent = grown(this.parent, node + 1);
      this.name = grown(this.name, node + 1);
      this.#lastChild = grown(this.#lastChild, node + 1);
      this.#beforeOrHash = grown(this.#beforeOrHash, node + 1);
    }
    this.parent[node] = parent;
    this.name[node] = name;
    this.#beforeOrHash[node] = beforeOrHash;
    return node;
  }

  #hashedChild(table: number, parent: number, from: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(this.#seed, from, start, end);
    const tables = this.#tables;
    const { slots } = tables;
    const first = tables.first[table]!;
    const mask = tables.mask[table]!;
    let slot = hash & mask;
    for (;;) {
      const found = slots[first + slot]!;
      if (found === 0) break;
      if (this.#beforeOrHash[found] === hash && this.#isName(this.name[found]!, from, start, end)) return found;
      slot = (slot + 1) & mask;
    }
    const node = this.#add(parent, this.string(from, start, end), hash);
    slots[first + slot] = node;
    if (++tables.used[table]! * 4 > 3 * (mask + 1)) tables.enlarge(table, this.#beforeOrHash);
    return node;
  }

  /** Makes a table of the children that a directory has. */
  #tableOf(parent: number): number {
    const last = this.#lastChild[parent]!;
    let children = 0;
    for (let child = last; child !== 0; child = this.#beforeOrHash[child]!) children++;
    const table = this.#tables.add(2 * children);
    this.#lastChild[parent] = HASHED + table;
    for (let child = last; child !== 0;) {
      const before = this.#beforeOrHash[child]!;
      const name = this.name[child]!;
      const hash = hashBytes(this.#seed, this.nameBytes, this.nameOffsets[name]!, this.nameOffsets[name + 1]!);
      this.#beforeOrHash[child] = hash;
      this.#tables.enter(table, child, hash);
      child = before;
    }
    return table;
  }
}

/**
 * Where a name is looked for among the recent ones: by its length and three of its bytes, and not by its hash, of which
 * every run has another. Names that are made to collide are stored twice; that is all.
 */
function recentPlace(from: Uint8Array, start: number, end: number): number {
  if (start === end) return 0;
  const ends = (from[start]! << 16) | (from[(start + end) >>> 1]! << 8) | from[end - 1]!;
  // Twelve bits, as many as `recentNames` has.
  return Math.imul(ends ^ ((end - start) << 24), 0x9e3779b1) >>> 20;
}

/**
 * Layers are hostile input: with a hash that is known beforehand, a tar could choose names that all collide and make a
 * minute out of a second. The numbers given do not depend on the seed, so results stay the same from run to run.
 */
function randomSeed(): number {
  return (Math.random() * 0x100000000) >>> 0;
}

/** FNV-1a with a seed, its bits well mixed. */
function hashBytes(seed: number, from: Uint8Array, start: number, end: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ from[i]!, 0x01000193);
  return mix(hash);
}

/** Makes every bit of a number count for every bit of the result. */
function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
