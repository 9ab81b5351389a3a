import { changes } from '../image/change.ts';
import { nodePath, stringText } from '../image/layerIndex.ts';
import { applyFilter, type Filtered } from './filter.ts';
import { beginsWith } from './namePattern.ts';
import { type Children, groupChildren, lower, orderByName, sortByKey } from './order.ts';
import type { Filter, Sort } from './query.ts';
import { type Row, rowKinds, rowTextLimit, type RowWindow } from './rows.ts';
import type { TreeView } from './treeView.ts';

/** What a table counts, without the numbers that its owner gives it. */
export interface TableFigures {
  readonly rowCount: number;
  readonly matches: number;
  readonly matchedBytes: number;
  readonly totalBytes: number;
  readonly wastedBytes: number;
  readonly removedBytes: number;
}

/**
 * A tree as rows: sorted, filtered, with some directories open. Each step keeps its result until what it stands on changes:
 * a scroll costs the rows that it shows, a click on a directory one pass over the open rows, a keystroke in the filter
 * two passes over the nodes, a sort one radix sort. Rows are numbers in columns until they are asked for.
 */
export class Table {
  #view: TreeView;
  #sort: Sort = { column: 'size', descending: true };
  #filter: Filter = {};
  /** Open directories as the user left them, and those while a filter is set, which opens what leads to its matches. */
  readonly #open: Uint8Array;
  #openFiltered: Uint8Array | undefined;
  #byName: Uint32Array | undefined;
  #children: Children | undefined;
  #filtered: Filtered | undefined;
  /** How many rows there are, their nodes, levels and places among their siblings. */
  #count = 0;
  readonly #rows: Uint32Array;
  readonly #levels: Uint16Array;
  readonly #positions: Uint32Array;
  /** Per directory that is being laid out: the place of its next child, and how many of them are rows already. */
  readonly #next: Uint32Array;
  readonly #placed: Uint32Array;
  #isLaidOut = false;

  constructor(view: TreeView) {
    this.#view = view;
    const { count } = view.paths;
    this.#open = new Uint8Array(count);
    this.#rows = new Uint32Array(count);
    this.#levels = new Uint16Array(count);
    this.#positions = new Uint32Array(count);
    this.#next = new Uint32Array(count);
    this.#placed = new Uint32Array(count);
  }

  get view(): TreeView {
    return this.#view;
  }

  /** Shows another view of the same paths (of another scope): what is open stays open. */
  setView(view: TreeView): void {
    if (view === this.#view) return;
    this.#view = view;
    this.#children = undefined;
    this.#unfilter();
  }

  setSort(sort: Sort): void {
    if (sort.column === this.#sort.column && sort.descending === this.#sort.descending) return;
    this.#sort = sort;
    this.#children = undefined;
    this.#isLaidOut = false;
  }

  setFilter(filter: Filter): void {
    if (JSON.stringify(filter) === JSON.stringify(this.#filter)) return;
    this.#filter = filter;
    this.#unfilter();
  }

  /** All nodes by directory, in the order of the rows. */
  get children(): Children {
    return this.#sortNow();
  }

  figures(): TableFigures {
    const { matches, matchedBytes } = this.#filterNow();
    this.#layOut();
    const { bytes, wasted, removed } = this.#view;
    return {
      rowCount: this.#count,
      matches,
      matchedBytes,
      totalBytes: bytes[0]!,
      wastedBytes: wasted[0]!,
      removedBytes: removed[0]!,
    };
  }

  /** Rows by their places; what is beyond the end is left out. */
  rows(from: number, count: number): RowWindow['rows'] {
    this.#layOut();
    const end = Math.min(from + count, this.#count);
    const rows: Row[] = [];
    for (let row = Math.max(0, from); row < end; row++) rows.push(this.#row(row));
    return rows;
  }

  /** Opens or closes a directory, or with `below` it and all directories in it. */
  expand(node: number, expanded: boolean, below: boolean): void {
    const open = this.#openNow();
    const value = Number(expanded);
    if (node !== 0) open[node] = value;
    if (below) {
      const { parent, count } = this.#view.paths;
      const isBelow = new Uint8Array(count);
      isBelow[node] = 1;
      for (let at = node + 1; at < count; at++) {
        if (isBelow[parent[at]!] === 0) continue;
        isBelow[at] = 1;
        open[at] = value;
      }
    }
    this.#isLaidOut = false;
  }

  /** The row of a node, with all directories above it opened; undefined where it is not shown. */
  reveal(node: number): number | undefined {
    if (node === 0 || this.#filterNow().visible[node] !== 1) return undefined;
    const open = this.#openNow();
    const { parent } = this.#view.paths;
    for (let at = parent[node]!; at !== 0; at = parent[at]!) open[at] = 1;
    this.#isLaidOut = false;
    this.#layOut();
    const row = this.#rows.subarray(0, this.#count).indexOf(node);
    return row === -1 ? undefined : row;
  }

  /** The node of an absolute path, shown or not. */
  nodeAt(path: string): number | undefined {
    const { first, nodes } = this.#sortNow();
    const { strings, paths } = this.#view;
    let node = 0;
    for (const segment of path.split('/')) {
      if (segment === '') continue;
      let child: number | undefined;
      for (let at = first[node]!; at < first[node + 1]! && child === undefined; at++) {
        if (stringText(strings, paths.name[nodes[at]!]!) === segment) child = nodes[at];
      }
      if (child === undefined) return undefined;
      node = child;
    }
    return node;
  }

  /** The next row after `from`, around the end, whose name begins with a text in any case. */
  find(text: string, from: number): number | undefined {
    this.#layOut();
    const folded = new TextEncoder().encode(text).map(lower);
    const { strings, paths } = this.#view;
    const count = this.#count;
    for (let step = 1; step <= count; step++) {
      const row = (from + step) % count;
      if (beginsWith(strings, paths.name[this.#rows[row]!]!, folded)) return row;
    }
    return undefined;
  }

  /** The row of the directory that a row is in; undefined in the root. */
  parentRow(row: number): number | undefined {
    this.#layOut();
    if (row < 0 || row >= this.#count) return undefined;
    const node = this.#rows[row]!;
    const above = this.#rows.lastIndexOf(this.#view.paths.parent[node]!, row);
    return above === -1 ? undefined : above;
  }

  /** The open directories, the largest first. */
  openPaths(most: number): string[] {
    const { paths, strings, bytes } = this.#view;
    const open = this.#openDirectories();
    open.sort((a, b) => bytes[b]! - bytes[a]! || a - b);
    return open.slice(0, most).map((node) => nodePath(paths, strings, node));
  }

  /** Opens directories again; those that are not there are passed over. */
  openNodes(nodes: Iterable<number>): void {
    for (const node of nodes) this.#open[node] = 1;
    this.#isLaidOut = false;
  }

  /** The same table over a tree that was made anew; `sameNode` finds a node of this one in the new one. */
  movedTo(view: TreeView, sameNode: (nodes: readonly number[]) => Iterable<number>): Table {
    const moved = new Table(view);
    moved.#sort = this.#sort;
    moved.#filter = this.#filter;
    moved.openNodes(sameNode(this.#openDirectories()));
    return moved;
  }

  /** With all below a directory also its files are marked as open, a million of them: these are left out. */
  #openDirectories(): number[] {
    const { first } = this.#sortNow();
    const open: number[] = [];
    for (let node = 1; node < this.#open.length; node++) {
      if (this.#open[node] === 1 && first[node + 1]! > first[node]!) open.push(node);
    }
    return open;
  }

  #row(row: number): Row {
    const view = this.#view;
    const { paths, strings, bytes, removed, before } = view;
    const node = this.#rows[row]!;
    const { visibleChildren } = this.#filterNow();
    const change = changes[view.change[node]!]!;
    const isGone = change === 'removed';
    const weight = isGone ? (before?.[node] ?? removed[node]!) : bytes[node]!;
    const whole = isGone ? (before?.[0] ?? removed[0]!) : bytes[0]!;
    return {
      node,
      name: stringText(strings, paths.name[node]!).slice(0, rowTextLimit),
      kind: rowKinds[view.kind[node]!]!,
      level: this.#levels[row]!,
      position: this.#positions[row]!,
      siblings: visibleChildren[paths.parent[node]!]!,
      ...(visibleChildren[node]! > 0 ? { expanded: this.#openNow()[node] === 1 } : {}),
      bytes: bytes[node]!,
      share: whole === 0 ? 0 : weight / whole,
      wastedBytes: view.wasted[node]!,
      removedBytes: removed[node]!,
      ...(before === undefined ? {} : { beforeBytes: before[node]! }),
      change,
      ...view.details(node),
    };
  }

  #unfilter(): void {
    this.#filtered = undefined;
    this.#openFiltered = undefined;
    this.#isLaidOut = false;
  }

  #filterNow(): Filtered {
    this.#filtered ??= applyFilter(this.#view, this.#filter);
    return this.#filtered;
  }

  #openNow(): Uint8Array {
    const { leads } = this.#filterNow();
    if (leads === undefined) return this.#open;
    this.#openFiltered ??= leads.slice();
    return this.#openFiltered;
  }

  #sortNow(): Children {
    if (this.#children !== undefined) return this.#children;
    const { paths, strings } = this.#view;
    this.#byName ??= orderByName(paths, strings);
    let order = this.#byName;
    const { column, descending } = this.#sort;
    if (column === 'name' && descending) order = order.slice().reverse();
    for (const keys of this.#view.keys(column)) order = sortByKey(order, keys, descending);
    this.#children = groupChildren(paths, order);
    return this.#children;
  }

  /** Walks the open directories, without recursion: paths may be thousands of directories deep. */
  #layOut(): void {
    if (this.#isLaidOut) return;
    this.#isLaidOut = true;
    const { visible, visibleChildren } = this.#filterNow();
    const { first, nodes } = this.#sortNow();
    const open = this.#openNow();
    const { parent } = this.#view.paths;
    const [rows, levels, positions] = [this.#rows, this.#levels, this.#positions];
    const [next, placed] = [this.#next, this.#placed];
    let used = 0;
    let directory = 0;
    let level = 1;
    next[0] = first[0]!;
    placed[0] = 0;
    for (;;) {
      if (next[directory] === first[directory + 1]) {
        if (directory === 0) break;
        directory = parent[directory]!;
        level--;
        continue;
      }
      const node = nodes[next[directory]!++]!;
      if (visible[node] !== 1) continue;
      rows[used] = node;
      levels[used] = Math.min(level, 0xffff);
      positions[used] = ++placed[directory]!;
      used++;
      if (open[node] === 1 && visibleChildren[node]! > 0) {
        next[node] = first[node]!;
        placed[node] = 0;
        directory = node;
        level++;
      }
    }
    this.#count = used;
  }
}
