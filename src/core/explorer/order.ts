import type { PathTable, StringTable } from '../image/layerIndex.ts';

/**
 * The order of rows, in time linear in nodes: names are ranked once per tree, every other column is a stable radix sort
 * over the order by name, and one pass hands the nodes of the whole tree out to their directories.
 */

/** All nodes by their names: letters by the alphabet whatever their case, else by bytes; equal names stand together. */
export function orderByName(paths: PathTable, strings: StringTable): Uint32Array {
  const rank = rankNames(strings);
  const keys = new Float64Array(paths.count);
  for (let node = 1; node < paths.count; node++) keys[node] = rank[paths.name[node]!]!;
  const order = Uint32Array.from({ length: paths.count }, (_, node) => node);
  return sortByKey(order, keys, false);
}

/** For each string its place among all of them. */
export function rankNames(strings: StringTable): Uint32Array {
  const { count } = strings;
  const heads = new Float64Array(count);
  for (let i = 0; i < count; i++) heads[i] = head(strings, i, 0);
  const sorted = sortByKey(
    Uint32Array.from({ length: count }, (_, i) => i),
    heads,
    false,
  );
  // Names that are alike in their first bytes (`component-1.js`, `component-2.js`, …) are sorted by their next ones, and so
  // on: numbers are compared a hundred times as fast as names.
  const alike = new Alike();
  alike.find(sorted, 0, count, 0, heads);
  for (let group = alike.take(); group !== undefined; group = alike.take()) {
    const { from, to } = group;
    const part = sorted.subarray(from, to);
    const skipped = group.skipped + headBytes;
    let isLonger = false;
    for (const string of part) {
      heads[string] = head(strings, string, skipped);
      isLonger ||= strings.offsets[string + 1]! - strings.offsets[string]! > skipped;
    }
    if (to - from <= fewNames || !isLonger) {
      // The same name in many layers, most often.
      if (!isInOrder(strings, part)) part.sort((a, b) => compareNames(strings, a, b));
    } else {
      if (to - from < manyNames) part.sort((a, b) => heads[a]! - heads[b]!);
      else sorted.set(sortByKey(part, heads, false), from);
      alike.find(sorted, from, to, skipped, heads);
    }
  }
  const rank = new Uint32Array(count);
  sorted.forEach((string, place) => (rank[string] = place));
  return rank;
}

/** So few are compared as they are. */
const fewNames = 4;
/** From so many on a radix sort, which costs passes over all names, is the faster one. */
const manyNames = 20_000;

/** Names in a row of a sorted list that are alike in all that has been looked at; `skipped` bytes were before that. */
interface Group {
  readonly from: number;
  readonly to: number;
  readonly skipped: number;
}

/** The groups of names that are still to be sorted. */
class Alike {
  readonly #groups: Group[] = [];

  take(): Group | undefined {
    return this.#groups.pop();
  }

  find(sorted: Uint32Array, start: number, end: number, skipped: number, heads: Float64Array): void {
    for (let from = start; from < end;) {
      let to = from + 1;
      while (to < end && heads[sorted[to]!] === heads[sorted[from]!]) to++;
      if (to - from > 1) this.#groups.push({ from, to, skipped });
      from = to;
    }
  }
}

function isInOrder(strings: StringTable, part: Uint32Array): boolean {
  for (let at = 1; at < part.length; at++) if (compareNames(strings, part[at - 1]!, part[at]!) > 0) return false;
  return true;
}

/** As many bytes as fit into a whole number. */
const headBytes = 6;

/** The bytes of a name after those that are skipped, as a number; a name that has ended counts as zeros. */
function head({ bytes, offsets }: StringTable, string: number, skipped: number): number {
  const start = offsets[string]! + skipped;
  const end = Math.min(offsets[string + 1]!, start + headBytes);
  if (end <= start) return 0;
  let key = 0;
  for (let i = start; i < end; i++) key = key * 256 + lower(bytes[i]!);
  return key * 256 ** (headBytes - (end - start));
}

function compareNames({ bytes, offsets }: StringTable, a: number, b: number): number {
  const [startA, startB] = [offsets[a]!, offsets[b]!];
  const [lengthA, lengthB] = [offsets[a + 1]! - startA, offsets[b + 1]! - startB];
  const shared = Math.min(lengthA, lengthB);
  for (let i = 0; i < shared; i++) {
    const difference = lower(bytes[startA + i]!) - lower(bytes[startB + i]!);
    if (difference !== 0) return difference;
  }
  if (lengthA !== lengthB) return lengthA - lengthB;
  for (let i = 0; i < shared; i++) {
    const difference = bytes[startA + i]! - bytes[startB + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A letter of ASCII in lower case; every other byte as it is. */
export function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
}

const digits = 0x10000;

/**
 * `order` sorted by a key of each node, nodes of equal keys in the order in which they stand. Keys are whole numbers; what is
 * no number counts as the least, and differences beyond 2^53 do not count.
 */
export function sortByKey(order: Uint32Array, keys: Float64Array, descending: boolean): Uint32Array {
  let least = Infinity;
  let most = -Infinity;
  for (const node of order) {
    const key = keys[node]!;
    if (key < least) least = key;
    if (key > most) most = key;
  }
  least = Math.max(least, -Number.MAX_SAFE_INTEGER);
  const range = Math.min(most - least, Number.MAX_SAFE_INTEGER);
  if (!(range > 0)) return order;
  const low = new Uint32Array(keys.length);
  const high = new Uint32Array(keys.length);
  for (const node of order) {
    const offset = keys[node]! > least ? Math.min(keys[node]! - least, range) : 0;
    const key = descending ? range - offset : offset;
    low[node] = key >>> 0;
    high[node] = Math.floor(key / 0x100000000);
  }
  let sorted = order;
  for (let bits = 0, left = range; left >= 1; bits += 16, left /= digits) {
    const part = bits < 32 ? low : high;
    sorted = sortByDigit(sorted, part, bits % 32);
  }
  return sorted;
}

function sortByDigit(order: Uint32Array, keys: Uint32Array, shift: number): Uint32Array {
  const places = new Uint32Array(digits + 1);
  for (const node of order) places[((keys[node]! >>> shift) & 0xffff) + 1]!++;
  for (let digit = 0; digit < digits; digit++) places[digit + 1]! += places[digit]!;
  const sorted = new Uint32Array(order.length);
  for (const node of order) sorted[places[(keys[node]! >>> shift) & 0xffff]!++] = node;
  return sorted;
}

/** Nodes grouped by parent: those of `n` are `nodes[first[n] … first[n + 1]]`, in the order in which `order` has them. */
export interface Children {
  readonly first: Uint32Array;
  readonly nodes: Uint32Array;
}

/** Hands all nodes but the root out to their directories, in order. */
export function groupChildren(paths: PathTable, order: Uint32Array): Children {
  const { count, parent } = paths;
  const first = new Uint32Array(count + 1);
  for (let node = 1; node < count; node++) first[parent[node]! + 1]!++;
  for (let node = 0; node < count; node++) first[node + 1]! += first[node]!;
  const next = first.slice(0, count);
  const nodes = new Uint32Array(Math.max(0, count - 1));
  for (const node of order) if (node !== 0) nodes[next[parent[node]!]!++] = node;
  return { first, nodes };
}
