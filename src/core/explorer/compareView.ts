import { ChangeCode } from '../image/change.ts';
import type { TreeComparison } from '../image/compare.ts';
import { EntryKind, type LayerIndex, NONE } from '../image/layerIndex.ts';
import { entryAt, type StackedTree } from '../image/stackedTree.ts';
import { attributeKeys, attributesOf, unnamed } from './attributes.ts';
import type { SortColumn } from './query.ts';
import { rowKinds } from './rows.ts';
import { kindCodes } from './kinds.ts';
import { type RowDetails, Shown, sumUp, type TreeView } from './treeView.ts';

/** Two images merged, as a table shows them: what a path is in the second, and where it is only in the first, in that. */
export class CompareView implements TreeView {
  readonly paths;
  readonly strings;
  readonly shown: Uint8Array;
  readonly kind: Uint8Array;
  readonly change: Uint8Array;
  readonly bytes: Float64Array;
  readonly before: Float64Array;
  readonly wasted: Float64Array;
  readonly removed: Float64Array;
  readonly area: Float64Array;
  readonly #comparison: TreeComparison;
  readonly #first: StackedTree;
  readonly #second: StackedTree;

  constructor(comparison: TreeComparison, first: StackedTree, second: StackedTree) {
    const { count } = comparison.paths;
    this.#comparison = comparison;
    this.#first = first;
    this.#second = second;
    this.paths = comparison.paths;
    this.strings = comparison.strings;
    this.change = comparison.change;
    this.shown = new Uint8Array(count).fill(Shown.yes);
    this.kind = new Uint8Array(count);
    this.bytes = new Float64Array(count);
    this.before = new Float64Array(count);
    this.wasted = new Float64Array(count);
    this.removed = new Float64Array(count);
    this.area = new Float64Array(count);
    for (let node = 0; node < count; node++) this.#fill(node);
    sumUp(this.paths.parent, [this.removed, this.area]);
  }

  keys(column: SortColumn): Float64Array[] {
    switch (column) {
      case 'name':
        return [];
      case 'size':
      case 'share':
        return [this.bytes.map((bytes, node) => (this.#isRemoved(node) ? this.before[node]! : bytes))];
      case 'before':
        return [this.before];
      case 'difference':
        return [this.bytes.map((bytes, node) => bytes - this.before[node]!)];
      case 'wasted':
        return [this.removed];
      case 'change':
        return [Float64Array.from(this.change)];
      case 'owner':
      case 'mode':
      case 'modified':
        return attributeKeys(column, this.paths.count, (node, read) => {
          const found = this.#place(node);
          return found === undefined ? unnamed : read(found.index, found.entry);
        });
    }
  }

  details(node: number): RowDetails {
    const found = this.#place(node);
    const canOpen = rowKinds[this.kind[node]!] === 'file' && found !== undefined;
    if (found === undefined) return { canOpen };
    const { index, entry, layer } = found;
    return { layer, canOpen, ...attributesOf(index, entry) };
  }

  #fill(node: number): void {
    const [a, b] = [this.#comparison.first[node]!, this.#comparison.second[node]!];
    const [first, second] = [this.#first, this.#second];
    const isDirectory = (tree: StackedTree, at: number): boolean => tree.kind[at] === EntryKind.directory;
    const kind = b === NONE ? first.kind[a]! : second.kind[b]!;
    this.kind[node] = kindCodes[kind]!;
    if (a !== NONE) this.before[node] = first.bytes[a]!;
    if (b !== NONE) this.bytes[node] = second.bytes[b]!;
    const code = this.change[node]!;
    if (code !== ChangeCode.added && code !== ChangeCode.changed && code !== ChangeCode.removed) return;
    const ownBefore = a === NONE || isDirectory(first, a) ? 0 : first.bytes[a]!;
    const ownAfter = b === NONE || isDirectory(second, b) ? 0 : second.bytes[b]!;
    this.removed[node] = ownBefore;
    this.area[node] = Math.max(ownBefore, ownAfter);
  }

  #isRemoved(node: number): boolean {
    return this.change[node] === ChangeCode.removed;
  }

  #place(node: number): { readonly index: LayerIndex; readonly layer: number; readonly entry: number } | undefined {
    const [a, b] = [this.#comparison.first[node]!, this.#comparison.second[node]!];
    const [tree, at] = b === NONE ? [this.#first, a] : [this.#second, b];
    const id = tree.kind[at] === EntryKind.directory ? tree.entry[at]! : tree.content[at]!;
    if (id === NONE) return undefined;
    const place = entryAt(tree, id);
    const index = tree.layers[place.layer];
    return index && { ...place, index };
  }
}
