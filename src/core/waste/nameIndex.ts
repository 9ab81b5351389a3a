import type { StringTable } from '../image/layerIndex.ts';
import type { FinalTree, Interests } from './detector.ts';

/** The nodes of a tree by the names that someone looks for. */
export interface NameIndex {
  named(name: string): readonly number[];
  ending(ending: string): readonly number[];
  beginning(beginning: string): readonly number[];
}

/**
 * Walks the tree once and collects the nodes whose names are looked for. Each name is judged once, however many nodes have
 * it, and by its bytes: turning a million names into text would take longer than all the rest.
 */
export function indexNames(tree: FinalTree, interests: readonly Interests[]): NameIndex {
  const names = bucketsOf(interests.flatMap((at) => at.names ?? []));
  const endings = bucketsOf(interests.flatMap((at) => at.endings ?? []));
  const beginnings = bucketsOf(interests.flatMap((at) => at.beginnings ?? []));
  const { classOf, classes } = classify(tree.names, names, endings, beginnings);

  const stack = [0];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const child of tree.children(node)) {
      const number = classOf[tree.name(child)]!;
      if (number !== 0) for (const bucket of classes[number]!) bucket.push(child);
      if (tree.isDirectory(child)) stack.push(child);
    }
  }

  const from = (buckets: Buckets) => (key: string) => buckets.get(key) ?? unasked(key);
  return { named: from(names), ending: from(endings), beginning: from(beginnings) };
}

type Buckets = ReadonlyMap<string, number[]>;

function bucketsOf(keys: readonly string[]): Buckets {
  return new Map(keys.map((key) => [key, []]));
}

function unasked(key: string): never {
  throw new RangeError(`no detector declares that it looks for ${key}`);
}

/** For each name the number of its class; for each class the lists that its nodes go into. Class 0 is looked for by nobody. */
function classify(table: StringTable, names: Buckets, endings: Buckets, beginnings: Buckets) {
  const classOf = new Uint16Array(table.count);
  const classes: (readonly number[][])[] = [[]];
  const known = new Map<string, number>();
  const decoder = new TextDecoder();
  const wholes = sieve([...names.keys()], (key) => key.charCodeAt(0));
  const ends = sieve([...endings.keys()], (key) => key.charCodeAt(key.length - 1));
  const heads = new Uint8Array(256);
  for (const key of beginnings.keys()) heads[key.charCodeAt(0)] = 1;

  for (let name = 0; name < table.count; name++) {
    const start = table.offsets[name]!;
    const end = table.offsets[name + 1]!;
    const head = table.bytes[start] ?? 0;
    // Beyond the longest, and for an empty name, there is nothing in the sieves.
    const couldBeNamed = wholes[((end - start) << 8) | head] === 1;
    const couldEnd = ends[(endingLength(table.bytes, start, end) << 8) | (table.bytes[end - 1] ?? 0)] === 1;
    if (!couldBeNamed && !couldEnd && heads[head] === 0) continue;

    const text = decoder.decode(table.bytes.subarray(start, end));
    const dot = text.lastIndexOf('.');
    const ending = couldEnd && dot >= 0 ? text.slice(dot) : '';
    const keys = [
      ...(names.has(text) ? [`n${text}`] : []),
      ...(endings.has(ending) ? [`e${ending}`] : []),
      ...[...beginnings.keys()].filter((beginning) => text.startsWith(beginning)).map((beginning) => `b${beginning}`),
    ];
    if (keys.length === 0) continue;
    const key = keys.join('/');
    let number = known.get(key);
    if (number === undefined) {
      number = classes.length;
      known.set(key, number);
      const kinds = { n: names, e: endings, b: beginnings };
      classes.push(keys.map((at) => kinds[at[0] as 'n' | 'e' | 'b'].get(at.slice(1))!));
    }
    classOf[name] = number;
  }
  return { classOf, classes };
}

/** A cheap sieve: 1 at the length of each key (times 256) with one of its bytes. */
function sieve(keys: readonly string[], byte: (key: string) => number): Uint8Array {
  const longest = Math.max(0, ...keys.map((key) => key.length));
  const marks = new Uint8Array((longest + 1) << 8);
  for (const key of keys) marks[(key.length << 8) | byte(key)] = 1;
  return marks;
}

/** Bytes from the last dot on; 0 where there is none among the last sixteen, which is more than any ending has. */
function endingLength(bytes: Uint8Array, start: number, end: number): number {
  const first = Math.max(start, end - 16);
  for (let at = end - 1; at >= first; at--) if (bytes[at] === 0x2e) return end - at;
  return 0;
}
