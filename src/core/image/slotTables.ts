import { grown } from './columns.ts';

/** The smallest table; a power of two, as all sizes are. */
const LEAST = 8;

/**
 * Hash tables with open addressing in one array of slots, numbered in the order in which they are made: an image has ten
 * thousand of them, most of them small. A slot holds a number above 0; 0 is an empty one.
 */
export class SlotTables {
  slots = new Uint32Array(1024);
  /** By table: its first slot, one less than the number of its slots, and how many of them are taken. */
  first = new Uint32Array(16);
  mask = new Uint32Array(16);
  used = new Uint32Array(16);
  #count = 0;
  #end = 0;
  /** By the logarithm of their length: the first slots of runs that tables have grown out of. All their slots are 0. */
  readonly #free: number[][] = Array.from({ length: 32 }, () => []);

  /** Makes a table with room for so many numbers at least, and returns its number. */
  add(room: number): number {
    const table = this.#count++;
    if (table >= this.first.length) {
      this.first = grown(this.first, table + 1);
      this.mask = grown(this.mask, table + 1);
      this.used = grown(this.used, table + 1);
    }
    this.#place(table, Math.max(LEAST, 2 ** Math.ceil(Math.log2(room + 1))));
    return table;
  }

  /** Puts a number that has this hash into the first free slot for it. */
  enter(table: number, number: number, hash: number): void {
    const { slots } = this;
    const first = this.first[table]!;
    const mask = this.mask[table]!;
    let slot = hash & mask;
    while (slots[first + slot] !== 0) slot = (slot + 1) & mask;
    slots[first + slot] = number;
    this.used[table]!++;
  }

  /** Gives a table twice its slots; `hashes` has the hash of every number in it. */
  enlarge(table: number, hashes: Uint32Array): void {
    const before = this.first[table]!;
    const length = this.mask[table]! + 1;
    this.#place(table, length * 2);
    for (let slot = before; slot < before + length; slot++) {
      const number = this.slots[slot]!;
      if (number !== 0) this.enter(table, number, hashes[number]!);
    }
    this.slots.fill(0, before, before + length);
    this.#free[Math.log2(length)]!.push(before);
  }

  /** Gives a table slots, all of them empty. */
  #place(table: number, length: number): void {
    let first = this.#free[Math.log2(length)]!.pop();
    if (first === undefined) {
      first = this.#end;
      this.#end += length;
      if (this.#end > this.slots.length) this.slots = grown(this.slots, this.#end);
    }
    this.first[table] = first;
    this.mask[table] = length - 1;
    this.used[table] = 0;
  }
}
