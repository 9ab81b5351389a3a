import type { PathTable, StringTable } from '../image/layerIndex.ts';
import type { SortColumn } from './query.ts';
import type { Row } from './rows.ts';

/**
 * A tree of paths as a table or a treemap shows it: one column for each thing that all rows have, indexed by node; what only
 * visible rows need is asked for one by one. Node 0 is the root; a parent's index is smaller than its children's.
 */
export interface TreeView {
  readonly paths: PathTable;
  readonly strings: StringTable;
  /** One of {@link Shown}. What is above a shown node is shown. */
  readonly shown: Uint8Array;
  /** Index into `rowKinds`. */
  readonly kind: Uint8Array;
  /** A `ChangeCode`. */
  readonly change: Uint8Array;
  /** Sums over subtrees: see `Row`. */
  readonly bytes: Float64Array;
  readonly wasted: Float64Array;
  readonly removed: Float64Array;
  /** What the area of a treemap stands for: sums over subtrees, too. */
  readonly area: Float64Array;
  /** Of a comparison: the first image's `bytes`. */
  readonly before?: Float64Array;
  /** Whole numbers to sort by, the most important last; undefined for `name`. */
  keys(column: SortColumn): Float64Array[];
  details(node: number): RowDetails;
}

/** `lost`: only there to show what is wasted, and left out otherwise. */
export const Shown = { no: 0, yes: 1, lost: 2 } as const;

export type RowDetails = Pick<
  Row,
  'fate' | 'layer' | 'uid' | 'gid' | 'mode' | 'modified' | 'link' | 'isFurtherName' | 'canOpen'
>;

/** Adds what each node has to what its parent has, from the leaves to the root. */
export function sumUp(parent: Uint32Array, columns: readonly Float64Array[]): void {
  for (const column of columns) {
    for (let node = column.length - 1; node > 0; node--) {
      const own = column[node]!;
      if (own !== 0) column[parent[node]!]! += own;
    }
  }
}
