import { cut, grown, hashBytes, mix, randomSeed, slotsFor } from './interner.ts';
import type { LayerIndex, StringTable } from './layerIndex.ts';

/**
 * The paths of all layers of one image, numbered through: a path that several layers name has one number, and the root
 * has 0. What compares layers asks by these numbers, so that each path is looked up once for all of them.
 *
 * One table finds a path by its directory and the bytes of its name: of an image's names most are in one layer only, and
 * a table of names of its own would be a second miss of the processor's caches for each.
 */
export class ImagePaths {
  count = 1;
  parent: Uint32Array<ArrayBuffer>;
  /** Of the last segment, in the table that {@link names} gives; equal names of different layers may have two. */
  name: Uint32Array<ArrayBuffer>;
  /** The names, end to end; `nameOffsets` has one element more than there are names. */
  nameBytes: Uint8Array<ArrayBuffer>;
  nameOffsets: Uint32Array<ArrayBuffer>;
  #nameCount = 0;
  readonly #seed = randomSeed();
  #hashes: Uint32Array<ArrayBuffer>;
  /** The path; 0, which is the root and in no directory, for none. */
  #slots: Uint32Array;
  readonly #ofLayer = new Map<LayerIndex, Uint32Array>();

  constructor(layers: readonly (LayerIndex | undefined)[]) {
    const distinct = new Set(layers.filter((layer) => layer !== undefined));
    let names = 1;
    let bytes = 0;
    let paths = 1;
    for (const layer of distinct) {
      names += layer.strings.count;
      bytes += layer.strings.bytes.length;
      paths += layer.paths.count;
    }
    this.parent = new Uint32Array(paths);
    this.name = new Uint32Array(paths);
    this.nameBytes = new Uint8Array(bytes);
    this.nameOffsets = new Uint32Array(names);
    this.#hashes = new Uint32Array(paths);
    this.#slots = new Uint32Array(slotsFor(paths));
    for (const layer of distinct) this.#ofLayer.set(layer, this.#numbered(layer));
  }

  /** The numbers of a layer's paths, by their nodes there; of a layer that was given to the constructor. */
  of(layer: LayerIndex): Uint32Array {
    const numbers = this.#ofLayer.get(layer);
    if (numbers === undefined) throw new RangeError('The paths of this layer were not numbered.');
    return numbers;
  }

  /** The number of a path by its directory and its name, `from[start … end]`; a new one where no layer names it. */
  child(parent: number, from: Uint8Array, start: number, end: number): number {
    const hash = this.#hash(parent, from, start, end);
    const slot = this.#slot(hash, parent, from, start, end);
    const found = this.#slots[slot]!;
    return found === 0 ? this.#add(slot, hash, parent, this.#addName(from, start, end)) : found;
  }

  /** The names that there are now. */
  names(): StringTable {
    const count = this.#nameCount;
    const bytes = cut(this.nameBytes, this.nameOffsets[count]!);
    return { bytes, offsets: cut(this.nameOffsets, count + 1), count };
  }

  #numbered({ paths, strings }: LayerIndex): Uint32Array {
    /** One more than the number of the name here; 0 while it has none. */
    const names = new Uint32Array(strings.count);
    const numbers = new Uint32Array(paths.count);
    for (let node = 1; node < paths.count; node++) {
      numbers[node] = this.#childOf(numbers[paths.parent[node]!]!, paths.name[node]!, strings, names);
    }
    return numbers;
  }

  /** As {@link child}, of a layer's name. A method of its own, so that what is compiled for one layer serves the next. */
  #childOf(parent: number, own: number, { bytes, offsets }: StringTable, names: Uint32Array): number {
    const start = offsets[own]!;
    const end = offsets[own + 1]!;
    const hash = this.#hash(parent, bytes, start, end);
    const slot = this.#slot(hash, parent, bytes, start, end);
    const found = this.#slots[slot]!;
    if (found !== 0) {
      names[own] = this.name[found]! + 1;
      return found;
    }
    if (names[own] === 0) names[own] = this.#addName(bytes, start, end) + 1;
    return this.#add(slot, hash, parent, names[own]! - 1);
  }

  #hash(parent: number, from: Uint8Array, start: number, end: number): number {
    return mix(Math.imul(parent, 0x9e3779b1) ^ hashBytes(this.#seed, from, start, end));
  }

  /** The slot that holds the path, or the free one where it belongs. */
  #slot(hash: number, parent: number, from: Uint8Array, start: number, end: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const found = slots[slot]!;
      if (found === 0) return slot;
      const isSame = this.#hashes[found] === hash && this.parent[found] === parent;
      if (isSame && this.#hasName(found, from, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #hasName(path: number, from: Uint8Array, start: number, end: number): boolean {
    const name = this.name[path]!;
    const at = this.nameOffsets[name]!;
    if (this.nameOffsets[name + 1]! - at !== end - start) return false;
    const bytes = this.nameBytes;
    for (let i = start, j = at; i < end; i++, j++) if (from[i] !== bytes[j]) return false;
    return true;
  }

  #add(slot: number, hash: number, parent: number, name: number): number {
    const path = this.count++;
    if (path >= this.parent.length) {
      this.parent = grown(this.parent, path + 1);
      this.name = grown(this.name, path + 1);
      this.#hashes = grown(this.#hashes, path + 1);
    }
    this.parent[path] = parent;
    this.name[path] = name;
    this.#hashes[path] = hash;
    this.#slots[slot] = path;
    if (this.count * 2 > this.#slots.length) this.#rehash();
    return path;
  }

  #addName(from: Uint8Array, start: number, end: number): number {
    const name = this.#nameCount++;
    const at = this.nameOffsets[name]!;
    const needed = at + end - start;
    if (needed > this.nameBytes.length) this.nameBytes = grown(this.nameBytes, needed);
    const bytes = this.nameBytes;
    for (let i = start, j = at; i < end; i++, j++) bytes[j] = from[i]!;
    if (name + 1 >= this.nameOffsets.length) this.nameOffsets = grown(this.nameOffsets, name + 2);
    this.nameOffsets[name + 1] = needed;
    return name;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let path = 1; path < this.count; path++) {
      let slot = this.#hashes[path]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = path;
    }
    this.#slots = slots;
  }
}
