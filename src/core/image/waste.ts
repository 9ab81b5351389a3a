import { NONE } from './layerIndex.ts';
import { entryAt, type EntryPlace, type StackedTree, treePath, type WasteCause, wasteCauses } from './stackedTree.ts';

/** Bytes that a layer ships and the final file system does not contain. */
export interface WasteRow {
  readonly cause: WasteCause;
  /** With a leading slash; of a removed or hidden directory only the directory, with the bytes of all below it. */
  readonly path: string;
  readonly bytes: number;
  /** The layer that ships the bytes. Where several layers do, there is one row for each. */
  readonly layer: number;
  /** The layer that wastes them; the same one where a path comes twice in it. */
  readonly byLayer: number;
}

/** Two contents of one path, the lost and the new one, of the same length. */
export interface ContentPair {
  readonly path: string;
  readonly bytes: number;
  readonly old: EntryPlace;
  readonly new: EntryPlace;
}

export interface WasteOptions {
  /** How many rows, the largest; all without it. */
  readonly top?: number;
  /**
   * Whether two contents of equal length are the same, as hashes have shown; undefined for not known. Without it (or where it
   * does not know), equal time and length with other attributes count as the same content. Asked for listed rows only.
   */
  readonly sameContent?: (old: EntryPlace, replacement: EntryPlace) => boolean | undefined;
}

/**
 * The waste of an image, row by row, largest first; the same image gives the same rows in the same order (bytes, path,
 * layers, cause). All rows together add up to the sum of the tree's `wastedBytes`.
 */
export function wasteRows(tree: StackedTree, options: WasteOptions = {}): WasteRow[] {
  return largest(tree, options.top)
    .map((row) => wasteRow(tree, row, options.sameContent))
    .sort(inOrder);
}

/** The pairs of contents whose hashes would tell `metadata-only` from `overwritten`, largest first. */
export function contentPairs(tree: StackedTree): ContentPair[] {
  const pairs: ContentPair[] = [];
  for (let row = 0; row < tree.losses.count; row++) {
    const pair = comparable(tree, row);
    if (pair === undefined) continue;
    pairs.push({ path: treePath(tree, tree.losses.node[row]!), bytes: tree.losses.bytes[row]!, ...pair });
  }
  return pairs.sort((a, b) => b.bytes - a.bytes || compareText(a.path, b.path));
}

/** The share of the shipped bytes that is in the final file system: 1 where there are no bytes. */
export function efficiency(tree: StackedTree): number {
  const shipped = tree.fileBytes.reduce((sum, bytes) => sum + bytes, 0);
  return shipped === 0 ? 1 : tree.finalBytes / shipped;
}

/** The rows of the `top` greatest losses, and those as great as the last of them; which of these are listed, their paths say. */
function largest(tree: StackedTree, top: number | undefined): number[] {
  const { bytes, count } = tree.losses;
  const rows = Array.from({ length: count }, (_, row) => row);
  if (top === undefined || top >= count) return rows;
  if (top <= 0) return [];
  const sorted = bytes.slice().sort();
  const least = sorted[count - top]!;
  const chosen = rows.filter((row) => bytes[row]! > least);
  const ties = rows.filter((row) => bytes[row] === least).map((row) => ({ row, ...wasteRow(tree, row, undefined) }));
  ties.sort(inOrder);
  for (const { row } of ties.slice(0, top - chosen.length)) chosen.push(row);
  return chosen;
}

function wasteRow(tree: StackedTree, row: number, sameContent: WasteOptions['sameContent']): WasteRow {
  const { losses } = tree;
  let cause = wasteCauses[losses.cause[row]!]!;
  const pair = sameContent && comparable(tree, row);
  if (sameContent && pair) {
    const same = sameContent(pair.old, pair.new);
    if (same !== undefined) cause = same ? 'metadata-only' : 'overwritten';
  }
  return {
    cause,
    path: treePath(tree, losses.node[row]!),
    bytes: losses.bytes[row]!,
    layer: losses.layer[row]!,
    byLayer: losses.byLayer[row]!,
  };
}

function comparable(tree: StackedTree, row: number): { old: EntryPlace; new: EntryPlace } | undefined {
  const { oldContent, newContent, bytes } = tree.losses;
  if (oldContent[row] === NONE || newContent[row] === NONE) return undefined;
  const replacement = entryAt(tree, newContent[row]!);
  if (tree.layers[replacement.layer]!.size[replacement.entry] !== bytes[row]) return undefined;
  return { old: entryAt(tree, oldContent[row]!), new: replacement };
}

function inOrder(a: WasteRow, b: WasteRow): number {
  return (
    b.bytes - a.bytes ||
    compareText(a.path, b.path) ||
    a.layer - b.layer ||
    a.byLayer - b.byLayer ||
    wasteCauses.indexOf(a.cause) - wasteCauses.indexOf(b.cause)
  );
}

/** By code units, in every locale alike. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
