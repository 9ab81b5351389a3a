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
  'wasted',
  'change',
  'owner',
  'mode',
  'modified',
  /** Of two images: what a path has more, or less. Elsewhere the same as `size`. */
  'difference',
] as const;
export type SortColumn = (typeof sortColumns)[number];

export interface Sort {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/**
 * What became of a path: in a layer, beside the layers below it; in a comparison, from the first image to the second.
 * `same` is also what has no change of its own (a directory that only holds changed things). `metadata`: the content is
 * the same as far as can be told, and owner, mode, extended attributes or a link are not. `time`: only the time differs.
 */
export const changes = ['same', 'added', 'changed', 'metadata', 'time', 'removed'] as const;
export type Change = (typeof changes)[number];

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
