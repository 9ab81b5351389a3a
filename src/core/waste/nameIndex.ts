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
      for (const bucket of classes[classOf[tree.name(child)]!]!) bucket.push(child);
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
  const maybe = lengthsAndHeads([...names.keys()]);
  const heads = new Set([...beginnings.keys()].map((key) => key.charCodeAt(0)));
  const longestEnding = Math.max(0, ...[...endings.keys()].map((key) => key.length));
  const lastBytes = new Set([...endings.keys()].map((key) => key.charCodeAt(key.length - 1)));

  for (let name = 0; name < table.count; name++) {
    const start = table.offsets[name]!;
    const end = table.offsets[name + 1]!;
    const head = table.bytes[start] ?? 0;
    const couldBeNamed = maybe.has(((end - start) << 8) | head);
    const couldEnd = lastBytes.has(table.bytes[end - 1] ?? 0) && hasDotNearEnd(table.bytes, start, end, longestEnding);
    if (!couldBeNamed && !couldEnd && !heads.has(head)) continue;

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

/** A cheap sieve: length and first byte of every name that is looked for. */
function lengthsAndHeads(names: readonly string[]): ReadonlySet<number> {
  return new Set(names.map((name) => (name.length << 8) | name.charCodeAt(0)));
}

function hasDotNearEnd(bytes: Uint8Array, start: number, end: number, within: number): boolean {
  for (let at = end - 1; at >= start && at >= end - within; at--) if (bytes[at] === 0x2e) return true;
  return false;
}
