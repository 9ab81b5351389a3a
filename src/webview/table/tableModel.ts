import { limits, type SavedTable, type Table, type TableQuery, type TableSummary } from '../../protocol/explorer.ts';
import { RpcError } from '../../protocol/rpc.ts';
import type { Row } from '../../core/explorer/rows.ts';
import { type Context, run } from '../context.ts';
import { RowSource } from '../grid/rowSource.ts';
import { selectionAfterToggle } from './selection.ts';

/** Milliseconds after which what is selected is asked for its path, which outlives the page. */
const pathDelay = 150;
/** Milliseconds that a key waits at most. */
const longestWait = 1000;

/**
 * One of the page's tables as the host has it: what it shows, how many rows there are, those that were asked for, and which
 * is selected. The host answers in the order of calls; of several answers under way only the latest counts.
 */
export class TableModel {
  readonly table: Table;
  readonly source: RowSource<Row>;
  readonly #context: Context;
  readonly #listeners: (() => void)[] = [];
  #query: TableQuery;
  #summary: TableSummary | undefined;
  #selected = -1;
  #selectedNode: { readonly tree: number; readonly node: number } | undefined;
  #selectedPath: string | undefined;
  #pathTimer: ReturnType<typeof setTimeout> | undefined;
  #calls = 0;
  /** Calls under way that move the selection or rows. */
  #underWay = 0;
  #waiting: (() => void)[] = [];

  constructor(context: Context, table: Table, saved: SavedTable | undefined, query: TableQuery) {
    this.#context = context;
    this.table = table;
    this.#query = saved ? { scope: saved.scope, sort: saved.sort, filter: saved.filter } : query;
    this.#selectedPath = saved?.selected;
    this.source = new RowSource<Row>(
      (from, count, signal) => this.#fetch(from, count, signal),
      limits.rows,
      () => this.#changed(),
      (error) => this.#failed(error),
    );
  }

  get query(): TableQuery {
    return this.#query;
  }

  /** Undefined until the host has answered for the first time. */
  get summary(): TableSummary | undefined {
    return this.#summary;
  }

  /** The selected row, -1 for none. */
  get selected(): number {
    return this.#selected;
  }

  /** A row, unless it is one of an earlier state that stands in for it: its number may be another's by now. */
  freshRow(index: number): Row | undefined {
    return this.source.isFresh(index) ? this.source.row(index) : undefined;
  }

  /**
   * Resolves once the selected row is known as it is now: what was asked for has been answered, and its rows are there.
   * Undefined where that is so already. Keys wait for it, so that none acts on a row that is about to move.
   */
  settled(): Promise<void> | undefined {
    if (this.#isSettled()) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      // A host that does not answer must not take the keyboard away for good.
      setTimeout(resolve, longestWait);
    });
  }

  /** Hears every change: of rows, of the selection, of what is shown. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Shows something else, or the same anew after more layers were read. */
  show(query: Partial<TableQuery> = {}): void {
    run(this.#context, this.shown(query));
  }

  /** The same; resolves once it is shown and the rows in sight have been asked for. */
  shown(query: Partial<TableQuery> = {}): Promise<void> {
    this.#query = { ...this.#query, ...query };
    return this.#show();
  }

  /** Opens or closes the directory of a row. */
  expand(index: number, expanded: boolean, below: boolean): void {
    const row = this.freshRow(index);
    const summary = this.#summary;
    if (row?.expanded === undefined || !summary) return;
    const node = { table: this.table, tree: summary.tree, node: row.node };
    void this.#adopt(this.#context.host.expand({ ...node, expanded, below }), (after) => {
      this.#selected = selectionAfterToggle(this.#selected, index, after.rowCount - summary.rowCount);
    });
  }

  /** Opens or closes all directories. */
  expandAll(expanded: boolean): void {
    if (!this.#summary) return;
    const root = { table: this.table, tree: this.#summary.tree, node: 0 };
    void this.#adopt(this.#context.host.expand({ ...root, expanded, below: true }), () => {
      this.#selected = -1;
    });
    if (expanded && this.#hasSelection()) run(this.#context, this.#reselect());
    if (!expanded) this.#forgetSelection();
  }

  select(index: number): void {
    this.#forgetSelection();
    this.#selected = index;
    this.#changed();
  }

  /** Selects what is at a path, and opens what is above it. */
  revealPath(path: string): void {
    this.#selectedPath = path;
    this.#selectedNode = undefined;
    run(this.#context, this.#reselect());
  }

  /** Selects the row that holds the selected one. */
  selectParent(): void {
    this.#selectFound(this.#context.host.parentRow({ table: this.table, row: this.#selected }));
  }

  /** Selects the next row whose name begins with a text. */
  find(text: string, from: number): void {
    this.#selectFound(this.#context.host.findRow({ table: this.table, text, from }));
  }

  /** What of this table outlives the page. */
  async saved(): Promise<SavedTable> {
    const { paths } = this.#summary ? await this.#context.host.openPaths({ table: this.table }) : { paths: [] };
    return {
      ...this.#query,
      open: paths,
      ...(this.#selectedPath === undefined ? {} : { selected: this.#selectedPath }),
    };
  }

  /** What was selected is looked for in the same turn, so that its row stays selected without a gap. */
  async #show(): Promise<void> {
    const shown = this.#context.host.show({ table: this.table, ...this.#query });
    if (!this.#hasSelection()) {
      await this.#adopt(shown, () => {
        this.#selected = -1;
      });
      return;
    }
    const found = this.#findSelected();
    const either = Promise.all([shown, found]).then(([summary, revealed]) => revealed ?? summary);
    await this.#adopt<TableSummary & { readonly row?: number }>(either, ({ row }) => {
      this.#selected = row ?? -1;
    });
  }

  async #reselect(): Promise<void> {
    const found = await this.#findSelected();
    if (!found) return;
    await this.#adopt(Promise.resolve(found), ({ row }) => {
      this.#selected = row ?? -1;
    });
  }

  #forgetSelection(): void {
    this.#selected = -1;
    this.#selectedPath = undefined;
    this.#selectedNode = undefined;
  }

  #hasSelection(): boolean {
    return this.#selectedNode !== undefined || this.#selectedPath !== undefined;
  }

  /** Where the selected path is now; undefined where the tree was made anew and its path is not known yet. */
  async #findSelected(): Promise<(TableSummary & { readonly row?: number }) | undefined> {
    const { host } = this.#context;
    const path = this.#selectedPath;
    try {
      if (this.#selectedNode) return await host.reveal({ table: this.table, ...this.#selectedNode });
    } catch (error) {
      if (!(error instanceof RpcError && error.code === 'stale')) throw error;
      this.#selectedNode = undefined;
    }
    return path === undefined ? undefined : host.reveal({ table: this.table, path });
  }

  /** Takes an answer over, unless a later call was made meanwhile. */
  async #adopt<S extends TableSummary>(answer: Promise<S>, then: (summary: S) => void): Promise<void> {
    const call = ++this.#calls;
    this.#underWay++;
    try {
      const summary = await answer;
      if (call !== this.#calls) return;
      const isSame = summary.revision === this.#summary?.revision;
      then(summary);
      this.#summary = summary;
      if (!isSame) this.source.reset(summary.rowCount);
      this.#changed();
    } catch (error) {
      if (call !== this.#calls) return;
      // The tree was made anew meanwhile, and an answer about the new one may just have been passed over for this one.
      if (error instanceof RpcError && error.code === 'stale') this.show();
      else this.#failed(error);
    } finally {
      this.#underWay--;
      this.#wake();
    }
  }

  /** Rows of another revision are passed over: an answer with that revision is on its way. */
  async #fetch(from: number, count: number, signal: AbortSignal): Promise<readonly Row[] | undefined> {
    const window = await this.#context.host.rows({ table: this.table, from, count }, signal);
    return window.revision === this.#summary?.revision ? window.rows : undefined;
  }

  /** Keeps which path is selected: rows move, and nodes get other numbers. */
  #noteSelected(): void {
    const row = this.freshRow(this.#selected);
    const tree = this.#summary?.tree;
    if (!row || tree === undefined) return;
    if (this.#selectedNode?.node === row.node && this.#selectedNode.tree === tree) return;
    this.#selectedNode = { tree, node: row.node };
    clearTimeout(this.#pathTimer);
    this.#pathTimer = setTimeout(() => {
      const node = this.#selectedNode;
      if (!node) return;
      const asked = this.#context.host.pathOf({ table: this.table, ...node }).then(({ path }) => {
        if (this.#selectedNode !== node) return;
        this.#selectedPath = path;
        this.#changed();
      });
      asked.catch((error: unknown) => this.#failed(error));
    }, pathDelay);
  }

  #failed(error: unknown): void {
    // The tree was made anew, or is not there yet: the host says so by itself, and the table is then shown anew.
    if (error instanceof RpcError && (error.code === 'stale' || error.code === 'unready')) return;
    this.#context.report(error);
  }

  #selectFound(found: Promise<{ readonly row?: number }>): void {
    this.#underWay++;
    const selected = found.then(({ row }) => {
      this.#underWay--;
      if (row === undefined) this.#wake();
      else this.select(row);
    });
    selected.catch((error: unknown) => {
      this.#underWay--;
      this.#failed(error);
      this.#wake();
    });
  }

  #isSettled(): boolean {
    return this.#underWay === 0 && (this.#selected < 0 || this.source.isFresh(this.#selected));
  }

  #changed(): void {
    this.#noteSelected();
    for (const listener of this.#listeners) listener();
    this.#wake();
  }

  #wake(): void {
    if (!this.#isSettled()) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
