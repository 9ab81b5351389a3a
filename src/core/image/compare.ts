import { ChangeCode, type Change, changes } from './change.ts';
import { PathInterner } from './interner.ts';
import {
  EntryKind,
  type LayerIndex,
  NONE,
  nodePath,
  type PathTable,
  stringBytes,
  type StringTable,
} from './layerIndex.ts';
import { entryAt, type EntryPlace, type StackedTree, TOMBSTONE } from './stackedTree.ts';

/** One side of a comparison: an image's stacked layers. */
export interface ComparedTree {
  readonly tree: StackedTree;
  /** From base to top; undefined where one is not known. */
  readonly diffIds: readonly (string | undefined)[];
}

/**
 * The final file systems of two images merged into one tree, as columns over the paths of both. Node 0 is the root; a
 * parent's index is smaller than its children's.
 */
export interface TreeComparison {
  readonly paths: PathTable;
  readonly strings: StringTable;
  /** The path's node in either tree, `NONE` where it is not in its final file system. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** {@link ChangeCode}; of a directory, its own. */
  readonly change: Uint8Array;
  readonly totals: readonly ComparedTotal[];
}

/** Over all paths but directories, by what became of them; in the order of {@link changes}. */
export interface ComparedTotal {
  readonly change: Change;
  readonly paths: number;
  /** Regular-file bytes in the first image: none for `added`. */
  readonly firstBytes: number;
  /** Regular-file bytes in the second image: none for `removed`. */
  readonly secondBytes: number;
}

export interface CompareOptions {
  /**
   * Whether two contents of equal length are the same, as hashes have shown; undefined for not known. Without it equal
   * length and time count as the same content, and so does equal length with equal owner and mode.
   */
  readonly sameContent?: (first: EntryPlace, second: EntryPlace) => boolean | undefined;
}

/**
 * Compares two final file systems path by path. What one entry of a layer that both images have is on both sides is the
 * same, without more ado. Else, in this order: another kind, length or link target is `changed`; another owner, mode or
 * extended attribute is `metadata`, unless the time differs as well and nothing shows that the content is the same; another
 * time alone is `time`. Linear in the paths of both.
 */
export function compareTrees(first: ComparedTree, second: ComparedTree, options: CompareOptions = {}): TreeComparison {
  const merged = merge(first.tree, second.tree);
  const count = merged.paths.count;
  const change = new Uint8Array(count);
  const sums = changes.map(() => ({ paths: 0, firstBytes: 0, secondBytes: 0 }));
  const decide = new Decider(first, second, options);
  for (let node = 0; node < count; node++) {
    const [a, b] = [merged.first[node]!, merged.second[node]!];
    const code = a === NONE ? ChangeCode.added : b === NONE ? ChangeCode.removed : decide.change(a, b);
    change[node] = code;
    const isLeafOf = (tree: StackedTree, at: number): boolean => at !== NONE && tree.kind[at] !== EntryKind.directory;
    const inFirst = isLeafOf(first.tree, a);
    const inSecond = isLeafOf(second.tree, b);
    if (!inFirst && !inSecond) continue;
    const sum = sums[code]!;
    sum.paths++;
    if (inFirst) sum.firstBytes += first.tree.bytes[a]!;
    if (inSecond) sum.secondBytes += second.tree.bytes[b]!;
  }
  return { ...merged, change, totals: changes.map((name, code) => ({ change: name, ...sums[code]! })) };
}

/** A layer that both images have. */
export interface SharedLayer {
  readonly first: number;
  readonly second: number;
}

/** The layers with the same diff id, from base to top of the first; one that an image has twice is shared as often as both have it. */
export function sharedLayers(
  first: readonly (string | undefined)[],
  second: readonly (string | undefined)[],
): SharedLayer[] {
  const places = new Map<string, number[]>();
  second.forEach((diffId, layer) => {
    if (diffId === undefined) return;
    const known = places.get(diffId);
    if (known) known.push(layer);
    else places.set(diffId, [layer]);
  });
  return first.flatMap((diffId, layer) => {
    const at = diffId === undefined ? undefined : places.get(diffId)?.shift();
    return at === undefined ? [] : [{ first: layer, second: at }];
  });
}

/** A difference between two images. */
export interface ComparedRow {
  readonly change: Change;
  /** With a leading slash; of a directory that only one image has, only the directory, with all below it. */
  readonly path: string;
  readonly firstBytes: number;
  readonly secondBytes: number;
  /** How many paths the row stands for, itself included. */
  readonly paths: number;
}

export interface ComparedRowOptions {
  /** How many rows, the greatest differences; all without it. */
  readonly top?: number;
  /** Which ones; all but `same` and `time` without it. */
  readonly changes?: readonly Change[];
}

/**
 * The differences as rows, by how many bytes lie between the two sides (of equal length: how many there are), then by path.
 * A directory's own change is a row only where it is added, removed, or another owner's or mode's.
 */
export function comparedRows(
  comparison: TreeComparison,
  first: StackedTree,
  second: StackedTree,
  options: ComparedRowOptions = {},
): ComparedRow[] {
  const { paths, strings, change } = comparison;
  const wanted = new Set(
    (options.changes ?? ['added', 'changed', 'metadata', 'removed']).map((name) => ChangeCode[name]),
  );
  const rows: ComparedRow[] = [];
  for (let node = 1; node < paths.count; node++) {
    const code = change[node]! as (typeof ChangeCode)[Change];
    if (!wanted.has(code)) continue;
    const isOneSided = code === ChangeCode.added || code === ChangeCode.removed;
    if (isOneSided && change[paths.parent[node]!] === code) continue;
    rows.push(rowOf(comparison, first, second, node, nodePath(paths, strings, node)));
  }
  const weight = ({ firstBytes, secondBytes }: ComparedRow): number => Math.abs(secondBytes - firstBytes);
  rows.sort(
    (a, b) =>
      weight(b) - weight(a) || b.secondBytes - a.secondBytes || (a.path < b.path ? -1 : Number(a.path > b.path)),
  );
  return options.top === undefined ? rows : rows.slice(0, Math.max(0, options.top));
}

function rowOf(
  { first, second, change }: TreeComparison,
  firstTree: StackedTree,
  secondTree: StackedTree,
  node: number,
  path: string,
): ComparedRow {
  const [a, b] = [first[node]!, second[node]!];
  const isOneSided = a === NONE || b === NONE;
  // A directory that both have stands for itself: what is in it has rows of its own.
  const own = (tree: StackedTree, at: number): number =>
    at === NONE || (!isOneSided && tree.kind[at] === EntryKind.directory) ? 0 : tree.bytes[at]!;
  const below = isOneSided ? (a === NONE ? secondTree.descendants[b]! : firstTree.descendants[a]!) : 0;
  return {
    change: changes[change[node]!]!,
    path,
    firstBytes: own(firstTree, a),
    secondBytes: own(secondTree, b),
    paths: below + 1,
  };
}

type Merged = Pick<TreeComparison, 'paths' | 'strings' | 'first' | 'second'>;

function merge(a: StackedTree, b: StackedTree): Merged {
  const table = new PathInterner();
  const ofA = numbered(a, table);
  const ofB = numbered(b, table);
  const { count } = table;
  return {
    paths: table.paths(),
    strings: table.names(),
    first: inverted(ofA, count),
    second: inverted(ofB, count),
  };
}

/** For each node of a final file system, its number in the merged tree; `NONE` for tombstones. */
function numbered({ paths, strings, kind }: StackedTree, table: PathInterner): Uint32Array {
  const { parent, name, count } = paths;
  const { bytes, offsets } = strings;
  const numbers = new Uint32Array(count).fill(NONE);
  numbers[0] = 0;
  for (let node = 1; node < count; node++) {
    if (kind[node] === TOMBSTONE) continue;
    const own = name[node]!;
    numbers[node] = table.child(numbers[parent[node]!]!, bytes, offsets[own]!, offsets[own + 1]!);
  }
  return numbers;
}

function inverted(numbers: Uint32Array, count: number): Uint32Array {
  const nodes = new Uint32Array(count).fill(NONE);
  numbers.forEach((number, node) => {
    if (number !== NONE) nodes[number] = node;
  });
  return nodes;
}

/** Where the attributes of a path are. */
interface Found extends EntryPlace {
  readonly index: LayerIndex;
}

class Decider {
  readonly #first: StackedTree;
  readonly #second: StackedTree;
  readonly #sameContent: CompareOptions['sameContent'];
  /** For each layer of the first, the layer of the second with the same diff id; -1 for none. */
  readonly #shared: Int32Array;

  constructor(first: ComparedTree, second: ComparedTree, options: CompareOptions) {
    this.#first = first.tree;
    this.#second = second.tree;
    this.#sameContent = options.sameContent;
    this.#shared = new Int32Array(first.diffIds.length).fill(-1);
    for (const layer of sharedLayers(first.diffIds, second.diffIds)) this.#shared[layer.first] = layer.second;
  }

  change(a: number, b: number): number {
    const kind = this.#first.kind[a]!;
    if (kind !== this.#second.kind[b]) return ChangeCode.changed;
    const before = attributesOf(this.#first, a);
    const after = attributesOf(this.#second, b);
    // A directory that no layer names, or a link to nothing, has no attributes that could differ.
    if (before === undefined || after === undefined) return ChangeCode.same;
    if (this.#shared[before.layer] === after.layer && before.entry === after.entry) return ChangeCode.same;
    if (kind === EntryKind.symlink && !sameTarget(before, after)) return ChangeCode.changed;
    const isSameTime = before.index.mtime[before.entry] === after.index.mtime[after.entry];
    const hasSameAttributes = sameAttributes(before, after, kind);
    if (kind === EntryKind.file) {
      if (before.index.size[before.entry] !== after.index.size[after.entry]) return ChangeCode.changed;
      const known = this.#sameContent?.(before, after);
      const isSame = known ?? (isSameTime || hasSameAttributes);
      if (!isSame) return ChangeCode.changed;
    }
    if (!hasSameAttributes) return ChangeCode.metadata;
    return isSameTime ? ChangeCode.same : ChangeCode.time;
  }
}

function attributesOf(tree: StackedTree, node: number): Found | undefined {
  const entry = tree.kind[node] === EntryKind.directory ? tree.entry[node]! : tree.content[node]!;
  if (entry === NONE) return undefined;
  const place = entryAt(tree, entry);
  const index = tree.layers[place.layer];
  return index && { ...place, index };
}

function sameAttributes(a: Found, b: Found, kind: number): boolean {
  const [before, after] = [a.index, b.index];
  return (
    // The mode of a symbolic link means nothing, and tools write different ones.
    (kind === EntryKind.symlink || before.mode[a.entry] === after.mode[b.entry]) &&
    before.uid[a.entry] === after.uid[b.entry] &&
    before.gid[a.entry] === after.gid[b.entry] &&
    before.xattrs[a.entry] === after.xattrs[b.entry]
  );
}

function sameTarget(a: Found, b: Found): boolean {
  const [before, after] = [a.index.link[a.entry]!, b.index.link[b.entry]!];
  if (before === NONE || after === NONE) return before === after;
  const [one, other] = [stringBytes(a.index.strings, before), stringBytes(b.index.strings, after)];
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
