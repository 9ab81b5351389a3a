import type { Change } from '../image/change.ts';
import type { WasteCause } from '../image/stackedTree.ts';

/** What kind of thing a row, or a cell of the treemap, is. */
export const rowKinds = ['file', 'directory', 'symlink', 'device', 'fifo'] as const;
export type RowKind = (typeof rowKinds)[number];

/** What a later layer does to a path. */
export interface Fate {
  /** How: `deleted` and `opaque` take it away, the others put something in its place. */
  readonly cause: WasteCause;
  /** The layer that does it. */
  readonly layer: number;
}

/** One row of a tree table. All text is bounded; control characters are as they are in the image. */
export interface Row {
  /** Number of the path, the same in every scope until the tree is made anew (`TableSummary.tree`). */
  readonly node: number;
  /** The last segment of the path; at most {@link rowTextLimit} UTF-16 units of it. `/` for the root. */
  readonly name: string;
  readonly kind: RowKind;
  /** 1 for what is in the root directory, as `aria-level` counts. */
  readonly level: number;
  /** Place among its siblings that are shown, from 1 (`aria-posinset`), and how many these are (`aria-setsize`). */
  readonly position: number;
  readonly siblings: number;
  /** Absent where there is nothing to open. */
  readonly expanded?: boolean;
  /** Regular-file bytes at and below the path, in the scope. In a comparison: in the second image. */
  readonly bytes: number;
  /** `bytes` by those of the whole scope, 0 to 1. Of a removed path: what it took with it, by the same. */
  readonly share: number;
  /** Bytes that the scope's layers ship at or below the path and the final file system does not contain. */
  readonly wastedBytes: number;
  /** Bytes that the layer, or the second image, no longer has at or below the path. */
  readonly removedBytes: number;
  /** Only in a comparison: bytes in the first image. */
  readonly beforeBytes?: number;
  readonly change: Change;
  /** What a layer above the scope does to the path, or, of what is no longer there, has done. */
  readonly fate?: Fate;
  /** The layer that put the path there; absent for directories that no layer names. */
  readonly layer?: number;
  /** Absent, like the four after it, for directories that no layer names. */
  readonly uid?: number;
  readonly gid?: number;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode?: number;
  /** Seconds since 1970. */
  readonly modified?: number;
  /** Where a symbolic link leads; bounded as `name` is. */
  readonly link?: string;
  /** True for a further name of a content whose bytes count at another path. */
  readonly isFurtherName?: boolean;
  /** True for a regular file that can be opened. In a comparison, of the second image, or of the first where removed. */
  readonly canOpen: boolean;
}

/** UTF-16 units of a name or link in a row; the whole path can be copied. */
export const rowTextLimit = 512;

export interface RowWindow {
  /** As in the last {@link TableSummary}; rows of another revision are not those that were asked for. */
  readonly revision: number;
  /** Place of the first row. */
  readonly from: number;
  readonly rows: readonly Row[];
}

/** What a table has, after it was told what to show. */
export interface TableSummary {
  /** Grows whenever rows may have moved. */
  readonly revision: number;
  /** Grows when nodes are numbered anew, because more layers were read. */
  readonly tree: number;
  /** How many rows there are to scroll through. */
  readonly rowCount: number;
  /** Files, links and devices that fit the filter, open or not; all of the scope without one. */
  readonly matches: number;
  /** Regular-file bytes of these. */
  readonly matchedBytes: number;
  /** Of the whole scope, whatever the filter. */
  readonly totalBytes: number;
  readonly wastedBytes: number;
  readonly removedBytes: number;
}

/** UTF-16 units of a name in a cell: more has no room in it. */
export const cellTextLimit = 48;

/** A rectangle of the treemap, in the units of the box that it was laid out for. */
export interface TreemapCell {
  /** Absent for the rest of a directory whose parts are too small to be drawn apart. */
  readonly node?: number;
  /** Place of the directory's cell in the list of cells that it lies in; absent for the outermost. */
  readonly parent?: number;
  readonly name: string;
  readonly kind: RowKind;
  readonly change: Change;
  /** 0 for what is directly in the directory that is zoomed to. */
  readonly depth: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Bytes that the scope's layers ship here, which the area stands for; wasted ones among them. In a comparison: bytes that differ. */
  readonly bytes: number;
  readonly wastedBytes: number;
  /** How many paths a rest stands for. */
  readonly rest?: number;
}

export interface Treemap {
  readonly tree: number;
  /** The directory that is zoomed to, and the way there from the root: `[{ node: 0, name: '/' }, …]`. */
  readonly path: readonly { readonly node: number; readonly name: string }[];
  readonly bytes: number;
  readonly wastedBytes: number;
  /** Outer before inner; the largest first among siblings. */
  readonly cells: readonly TreemapCell[];
}
