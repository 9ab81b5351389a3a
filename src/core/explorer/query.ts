import type { Change } from '../image/change.ts';

/** Which part of an image a table shows. Layers are counted from the base, 0 first. */
export type Scope =
  /** The final file system. */
  | { readonly kind: 'image' }
  /** The file system that the layers up to and with this one make. */
  | { readonly kind: 'stack'; readonly layer: number }
  /** What one layer adds, changes and removes. */
  | { readonly kind: 'layer'; readonly layer: number };

export const sortColumns = [
  'name',
  'size',
  /** The same order as `size`. */
  'share',
  'wasted',
  'change',
  'owner',
  'mode',
  'modified',
  /** Of two images: what a path has in the first, and what it has more, or less, in the second. Elsewhere the same as `size`. */
  'before',
  'difference',
] as const;
export type SortColumn = (typeof sortColumns)[number];

export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** What a row must be to be shown. Rows above a match are shown with it. Absent parts ask for nothing. */
export interface Filter {
  /**
   * Part of a name, in any case; with a slash, of a path. With `*`, `?` or `[` a glob: without a slash of a whole name, with
   * one of a whole path, where `**` stands for any number of directories. What is in a directory that fits, fits too.
   */
  readonly text?: string;
  /** Of a directory, all that is in it counts. */
  readonly minBytes?: number;
  /** Any of these. */
  readonly changes?: readonly Change[];
  /** Only what wastes bytes; in `image` and `stack` also what is there no longer. */
  readonly wastedOnly?: boolean;
}

/** What a table shows, but for the directories that are open in it. */
export interface TableQuery {
  readonly scope: Scope;
  readonly sort: Sort;
  readonly filter: Filter;
}
