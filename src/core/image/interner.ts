import { NONE, type PathTable, type StringTable } from './layerIndex.ts';

/**
 * Gives equal byte strings equal numbers, counted from 0 in order of first appearance. Open addressing over one growing
 * buffer, so that a name costs no object: a million files have a million names.
 */
export class StringInterner {
  count = 0;
  bytes: Uint8Array<ArrayBuffer>;
  offsets: Uint32Array<ArrayBuffer>;
  readonly #seed = randomSeed();
  /** One more than the index of a string; 0 for none. */
  #slots: Uint32Array;
  #hashes: Uint32Array<ArrayBuffer>;

  /** @param expected how many strings there will be, about, and of how many bytes. What is not used of that costs next to nothing. */
  constructor(expected = 128, expectedBytes = 8 * expected) {
    this.bytes = new Uint8Array(expectedBytes);
    this.offsets = new Uint32Array(expected + 1);
    this.#hashes = new Uint32Array(expected);
    this.#slots = new Uint32Array(slotsFor(expected));
  }

  /** The number of `from[start … end]`. The bytes are copied when they are new. */
  intern(from: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(this.#seed, from, start, end);
    const slots = this.#slots;
    const hashes = this.#hashes;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const found = slots[slot]! - 1;
      if (found === -1) break;
      if (hashes[found] === hash && this.#equals(found, from, start, end)) return found;
      slot = (slot + 1) & mask;
    }
    return this.#add(slot, hash, from, start, end);
  }

  /** What has been interned, cut to size. */
  finish(): StringTable {
    return {
      bytes: cut(this.bytes, this.offsets[this.count]!),
      offsets: cut(this.offsets, this.count + 1),
      count: this.count,
    };
  }

  #equals(index: number, from: Uint8Array, start: number, end: number): boolean {
    const at = this.offsets[index]!;
    if (this.offsets[index + 1]! - at !== end - start) return false;
    const bytes = this.bytes;
    for (let i = start, j = at; i < end; i++, j++) if (from[i] !== bytes[j]) return false;
    return true;
  }

  #add(slot: number, hash: number, from: Uint8Array, start: number, end: number): number {
    const index = this.count++;
    const at = this.offsets[index]!;
    const needed = at + end - start;
    if (needed > this.bytes.length) this.bytes = grown(this.bytes, needed);
    const bytes = this.bytes;
    for (let i = start, j = at; i < end; i++, j++) bytes[j] = from[i]!;
    if (index + 1 >= this.offsets.length) this.offsets = grown(this.offsets, index + 2);
    this.offsets[index + 1] = needed;
    if (index >= this.#hashes.length) this.#hashes = grown(this.#hashes, index + 1);
    this.#hashes[index] = hash;
    this.#slots[slot] = index + 1;
    if (this.count * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const hashes = this.#hashes;
    for (let index = 0; index < this.count; index++) {
      let slot = hashes[index]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.#slots = slots;
  }
}

/** The nodes of a tree of names: a node is known by its parent and its name's number. Node 0 is the root. */
export class PathInterner {
  count = 1;
  parent: Uint32Array<ArrayBuffer>;
  name: Uint32Array<ArrayBuffer>;
  readonly #seed = randomSeed();
  /** The node; 0, which is the root and in no directory, for none. */
  #slots: Uint32Array;

  /** @param expected how many nodes there will be, about. What is not used of that costs next to nothing. */
  constructor(expected = 128) {
    this.parent = new Uint32Array(expected);
    this.name = new Uint32Array(expected);
    this.#slots = new Uint32Array(slotsFor(expected));
  }

  /** The node of a name in a directory; made when it is new. */
  intern(parent: number, name: number): number {
    const slot = this.#slot(parent, name);
    const found = this.#slots[slot]!;
    if (found !== 0) return found;
    const node = this.count++;
    if (node >= this.parent.length) {
      this.parent = grown(this.parent, node + 1);
      this.name = grown(this.name, node + 1);
    }
    this.parent[node] = parent;
    this.name[node] = name;
    this.#slots[slot] = node;
    if (this.count * 2 > this.#slots.length) this.#rehash();
    return node;
  }

  /** The node of a name in a directory, {@link NONE} where there is none. */
  find(parent: number, name: number): number {
    const found = this.#slots[this.#slot(parent, name)]!;
    return found === 0 ? NONE : found;
  }

  finish(): PathTable {
    return { parent: this.parent.slice(0, this.count), name: this.name.slice(0, this.count), count: this.count };
  }

  /** The slot that holds the node, or the free one where it belongs. */
  #slot(parent: number, name: number): number {
    const slots = this.#slots;
    const parents = this.parent;
    const names = this.name;
    const mask = slots.length - 1;
    let slot = this.#hash(parent, name) & mask;
    for (;;) {
      const found = slots[slot]!;
      if (found === 0 || (parents[found] === parent && names[found] === name)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #hash(parent: number, name: number): number {
    return mix(Math.imul(parent ^ this.#seed, 0x9e3779b1) ^ Math.imul(name, 0x85ebca6b));
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let node = 1; node < this.count; node++) {
      let slot = this.#hash(this.parent[node]!, this.name[node]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.#slots = slots;
  }
}

/**
 * Layers are hostile input: with a hash that is known beforehand, a tar could choose names that all collide and make a
 * minute out of a second. The numbers given do not depend on the seed, so results stay the same from run to run.
 */
export function randomSeed(): number {
  return (Math.random() * 0x100000000) >>> 0;
}

/** FNV-1a with a seed, its bits well mixed. */
export function hashBytes(seed: number, from: Uint8Array, start: number, end: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ from[i]!, 0x01000193);
  return mix(hash);
}

/** Makes every bit of a number count for every bit of the result. */
export function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A power of two, at least twice as many as there are things to find. */
export function slotsFor(things: number): number {
  return 2 ** Math.max(8, Math.ceil(Math.log2(things + 1)) + 1);
}

type Column = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A column's first `count` elements: itself, where it has no more. */
export function cut<T extends Column>(column: T, count: number): T {
  return column.length === count ? column : (column.slice(0, count) as T);
}

/** A copy of a column with room for `needed` elements and more: twice the room while it is small, half as much again later. */
export function grown<T extends Column>(column: T, needed: number): T {
  const ample = Math.ceil(column.length * (column.length < 100_000 ? 2 : 1.5));
  const larger = new (column.constructor as new (length: number) => T)(Math.max(needed, ample));
  larger.set(column);
  return larger;
}
