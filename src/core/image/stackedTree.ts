import type { ImageProblem } from './image.ts';
import { type EntryKind, type LayerIndex, nodePath, type PathTable, type StringTable } from './layerIndex.ts';

/** Why bytes that a layer ships are not in the final file system, as stored in columns of causes. */
export const wasteCauses = ['overwritten', 'deleted', 'metadata-only', 'opaque', 'replaced'] as const;

/**
 * - `overwritten`: the file was written again, by a file.
 * - `metadata-only`: the same, and length and time are the same, but owner, mode or extended attributes are not.
 * - `replaced`: something of another kind took its place, or its directory's.
 * - `deleted`: a whiteout removed it or a directory above it.
 * - `opaque`: a directory above it was made opaque.
 */
export type WasteCause = (typeof wasteCauses)[number];

/** {@link StackedTree.kind} of a path that was there and is not in the final file system. */
export const TOMBSTONE = 0xff;
/** Stands for "no layer" in columns of layers. */
export const NO_LAYER = 0xffff;

/**
 * All layers of an image stacked, as columns over every path that any layer had: the final file system and, as tombstones,
 * what is gone. Node 0 is the root; a parent's index is smaller than its children's. Entries of all layers are numbered
 * through: entry `i` of layer `l` is `entryBase[l] + i`; {@link entryAt} takes such a number apart.
 */
export interface StackedTree {
  /** As given; undefined for one that could not be read and counts as empty. */
  readonly layers: readonly (LayerIndex | undefined)[];
  /** One more than there are layers: the last is the number of all entries. */
  readonly entryBase: Uint32Array;

  /** The nodes: parents and names (in `strings`), tombstones included. */
  readonly paths: PathTable;
  readonly strings: StringTable;
  /** What a path is in the end, {@link EntryKind} `file` to `fifo` without `hardlink` (a hard link is what it links to), or {@link TOMBSTONE}. */
  readonly kind: Uint8Array;
  /** The entry that put the path there (for a tombstone: the last one); `NONE` for implied directories and the root without an entry. */
  readonly entry: Uint32Array;
  /** The entry that has the content, owner and mode: `entry` itself, or what it links to. `NONE` for directories and broken links. */
  readonly content: Uint32Array;
  /** The layer that put the path there, or, for a tombstone, the one that took it away. */
  readonly layer: Uint16Array;
  /**
   * Regular-file bytes of the subtree in the final file system; a content with several names counts once, at the name that
   * shipped it, or else at the first that is left.
   */
  readonly bytes: Float64Array;
  /** Paths below, not counting itself and tombstones. */
  readonly descendants: Uint32Array;
  /** Nodes grouped by parent: those of `n` are `children[firstChild[n] … firstChild[n + 1]]`, the first `presentChildren[n]` of them present. */
  readonly children: Uint32Array;
  readonly firstChild: Uint32Array;
  readonly presentChildren: Uint32Array;

  /** Per entry of all layers: the layer that took it away or wrote over it; {@link NO_LAYER} while it lasts. */
  readonly lostIn: Uint16Array;
  /** Per entry, where `lostIn` is a layer: index into {@link wasteCauses}. */
  readonly lostCause: Uint8Array;
  /**
   * Per entry: the node that it put there, `NONE` for whiteouts and all that never was a path. Layers are applied in order and
   * nodes numbered as they come, so that `nodeOf`, `lostIn`, `contentOf` and `implied` tell every state in between, too.
   */
  readonly nodeOf: Uint32Array;
  /** Per entry with a node: the entry that has its content, owner and mode, as in `content`. */
  readonly contentOf: Uint32Array;
  readonly implied: ImpliedTable;

  /** Regular-file bytes that each layer ships; a hard link's count at its target. */
  readonly fileBytes: Float64Array;
  /** Of these, those that are not in the final file system. */
  readonly wastedBytes: Float64Array;
  /** Sum of `fileBytes` = `finalBytes` + sum of `wastedBytes`, exactly. */
  readonly finalBytes: number;
  readonly losses: LossTable;
  readonly problems: readonly ImageProblem[];
}

/** The times of directories that no entry names: row by row, a node from the layer that implied it until the one that took it away or named it. */
export interface ImpliedTable {
  readonly count: number;
  readonly node: Uint32Array;
  readonly from: Uint16Array;
  /** {@link NO_LAYER} while it lasts. */
  readonly until: Uint16Array;
}

/**
 * Every loss of bytes, in the order in which layers caused them: one row per path, per layer that ships bytes lost with
 * it. A removed or hidden directory is one such path, with the bytes of its whole subtree. The rows add up to the wasted bytes.
 */
export interface LossTable {
  readonly count: number;
  readonly node: Uint32Array;
  /** Index into {@link wasteCauses}. */
  readonly cause: Uint8Array;
  /** The layer that ships the bytes. */
  readonly layer: Uint16Array;
  /** The layer that wastes them. */
  readonly byLayer: Uint16Array;
  readonly bytes: Float64Array;
  /** For a file that a file took the place of: the entry that has the lost content, and the one that has the new; else `NONE`. */
  readonly oldContent: Uint32Array;
  readonly newContent: Uint32Array;
}

export interface EntryPlace {
  readonly layer: number;
  /** Entry within the layer. */
  readonly entry: number;
}

/** The layer of an entry, and its place there. */
export function entryAt(tree: Pick<StackedTree, 'entryBase'>, entry: number): EntryPlace {
  const layer = layerOfEntry(tree.entryBase, entry);
  return { layer, entry: entry - tree.entryBase[layer]! };
}

export function layerOfEntry(entryBase: Uint32Array, entry: number): number {
  let low = 0;
  let high = entryBase.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (entryBase[middle]! <= entry) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The path of a node, with a leading slash. */
export function treePath(tree: StackedTree, node: number): string {
  return nodePath(tree.paths, tree.strings, node);
}

/** The nodes in a directory that are in the final file system, in no particular order; a view. */
export function presentChildren(tree: StackedTree, node: number): Uint32Array {
  const first = tree.firstChild[node]!;
  return tree.children.subarray(first, first + tree.presentChildren[node]!);
}

/** The nodes in a directory that were there and are gone; a view. */
export function tombstones(tree: StackedTree, node: number): Uint32Array {
  return tree.children.subarray(tree.firstChild[node]! + tree.presentChildren[node]!, tree.firstChild[node + 1]);
}

/** The node of a path, present or not, undefined where no layer ever had it. Symbolic links are not followed. */
export function findNode(tree: StackedTree, path: string): number | undefined {
  const encoder = new TextEncoder();
  let node = 0;
  for (const segment of path.split('/')) {
    if (segment === '') continue;
    const name = encoder.encode(segment);
    const child = tree.children
      .subarray(tree.firstChild[node], tree.firstChild[node + 1])
      .find((candidate) => hasName(tree, candidate, name));
    if (child === undefined) return undefined;
    node = child;
  }
  return node;
}

function hasName(tree: StackedTree, node: number, name: Uint8Array): boolean {
  const start = tree.strings.offsets[tree.paths.name[node]!]!;
  if (tree.strings.offsets[tree.paths.name[node]! + 1]! - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (tree.strings.bytes[start + i] !== name[i]) return false;
  return true;
}

/** What became of an entry: which layer took it away or wrote over it, and how; undefined where it lasts, or never was a path. */
export function fateOf(
  tree: StackedTree,
  layer: number,
  entry: number,
): { readonly layer: number; readonly cause: WasteCause } | undefined {
  const number = tree.entryBase[layer]! + entry;
  const lostIn = tree.lostIn[number]!;
  return lostIn === NO_LAYER ? undefined : { layer: lostIn, cause: wasteCauses[tree.lostCause[number]!]! };
}

/** What a present path is; undefined for a tombstone. */
export function presentKind(tree: StackedTree, node: number): EntryKind | undefined {
  const kind = tree.kind[node]!;
  return kind === TOMBSTONE ? undefined : (kind as EntryKind);
}
