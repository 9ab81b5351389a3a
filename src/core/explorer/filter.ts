import { ChangeCode } from '../image/change.ts';
import { matchPattern } from './namePattern.ts';
import type { Filter } from './query.ts';
import { rowKinds } from './rows.ts';
import { Shown, type TreeView } from './treeView.ts';

/** Which nodes a filter leaves. */
export interface Filtered {
  /** 1 for what fits and for all that is above it. */
  readonly visible: Uint8Array;
  /** Per node: how many of its children are visible. */
  readonly visibleChildren: Uint32Array;
  /** 1 for directories that lead to something that the filter names; undefined where there is no filter. */
  readonly leads: Uint8Array | undefined;
  /** What fits, but for directories: how many, and their bytes. */
  readonly matches: number;
  readonly matchedBytes: number;
}

/** Applies a filter to all nodes of a view: two passes, whatever the filter. */
export function applyFilter(view: TreeView, filter: Filter): Filtered {
  const { count, parent } = view.paths;
  const text = filter.text?.trim() ?? '';
  const isFiltered =
    text !== '' || (filter.minBytes ?? 0) > 0 || filter.changes !== undefined || filter.wastedOnly === true;
  const pattern = text === '' ? undefined : matchPattern(text, view.paths, view.strings);
  const hasWhatItMust = attributeTest(view, filter);
  const directory = rowKinds.indexOf('directory');
  const visible = new Uint8Array(count);
  const visibleChildren = new Uint32Array(count);
  const leads = isFiltered ? new Uint8Array(count) : undefined;
  let matches = 0;
  let matchedBytes = 0;
  for (let node = count - 1; node > 0; node--) {
    const fits = (pattern === undefined || pattern.fits[node] === 1) && hasWhatItMust(node);
    if (fits) {
      visible[node] = 1;
      if (view.kind[node] !== directory) {
        matches++;
        matchedBytes += view.bytes[node]!;
      }
    }
    const above = parent[node]!;
    if (visible[node] === 1) {
      visible[above] = 1;
      visibleChildren[above]!++;
    }
    const isNamed = fits && (pattern === undefined || pattern.direct[node] === 1);
    if (leads && (isNamed || leads[node] === 1)) leads[above] = 1;
  }
  return { visible, visibleChildren, leads, matches, matchedBytes };
}

/** All but the text. */
function attributeTest(view: TreeView, filter: Filter): (node: number) => boolean {
  const least = filter.minBytes ?? 0;
  const changes = filter.changes && new Uint8Array(Object.keys(ChangeCode).length);
  for (const change of filter.changes ?? []) changes![ChangeCode[change]] = 1;
  const wasted = filter.wastedOnly === true;
  return (node) => {
    const shown = view.shown[node]!;
    if (shown === Shown.no || (shown === Shown.lost && !wasted)) return false;
    if (wasted && !(view.wasted[node]! > 0)) return false;
    if (changes?.[view.change[node]!] === 0) return false;
    if (least === 0) return true;
    // What is gone weighs what it took with it.
    const gone = view.change[node] === ChangeCode.removed ? (view.before?.[node] ?? view.removed[node]!) : 0;
    const lost = wasted ? view.wasted[node]! : 0;
    return Math.max(view.bytes[node]!, gone, lost) >= least;
  };
}
