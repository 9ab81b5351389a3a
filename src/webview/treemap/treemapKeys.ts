import type { TreemapCell } from '../../core/explorer/rows.ts';

export type TreemapAction =
  | { readonly kind: 'go'; readonly cell: number }
  /** Zooms in on a directory, or shows a file among the files. */
  | { readonly kind: 'activate' }
  | { readonly kind: 'out' };

type Placed = Pick<TreemapCell, 'parent'>;

/**
 * What a key does in the treemap. It is read as the tree that it draws: up and down go along siblings, the largest first,
 * right goes into a directory, left out of it. `at` is -1 where nothing is selected.
 */
export function treemapAction(key: string, cells: readonly Placed[], at: number): TreemapAction | undefined {
  const go = (cell: number | undefined): TreemapAction | undefined =>
    cell === undefined || cell < 0 ? undefined : { kind: 'go', cell };
  if (key === 'Backspace' || key === 'Escape') return { kind: 'out' };
  const current = cells[at];
  if (!current)
    return ['ArrowDown', 'ArrowRight', 'Home', 'ArrowUp', 'End'].includes(key)
      ? go(cells.length > 0 ? 0 : -1)
      : undefined;
  const siblings = siblingsOf(cells, current.parent);
  const place = siblings.indexOf(at);
  switch (key) {
    case 'ArrowDown':
      return go(siblings[place + 1]);
    case 'ArrowUp':
      return go(siblings[place - 1]);
    case 'ArrowRight':
      return go(siblingsOf(cells, at)[0]);
    case 'ArrowLeft':
      return go(current.parent);
    case 'Home':
      return go(siblings[0]);
    case 'End':
      return go(siblings.at(-1));
    case 'Enter':
    case ' ':
      return { kind: 'activate' };
    default:
      return undefined;
  }
}

/** The cells in a directory's cell, or the outermost ones, by their places in the list. */
export function siblingsOf(cells: readonly Placed[], parent: number | undefined): number[] {
  return cells.flatMap((cell, place) => (cell.parent === parent ? [place] : []));
}
