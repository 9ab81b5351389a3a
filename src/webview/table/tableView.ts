import { type Sort, sortColumns } from '../../core/explorer/query.ts';
import type { Row } from '../../core/explorer/rows.ts';
import { fill } from '../../protocol/strings.ts';
import { type Context, run } from '../context.ts';
import { iconButton } from '../controls.ts';
import { make, setText } from '../dom.ts';
import type { Column } from '../grid/column.ts';
import type { ColumnWidths } from '../grid/columnWidths.ts';
import type { RowKeyAction } from '../grid/keyboard.ts';
import { searchFrom } from '../grid/typeAhead.ts';
import { VirtualGrid } from '../grid/virtualGrid.ts';
import { openMenu } from '../menu.ts';
import { FilterBar } from './filterBar.ts';
import { fateAction, fileActions, menuItems, treeActions } from './rowActions.ts';
import { RowDetails } from './rowDetails.ts';
import { rowLabel } from './rowText.ts';
import type { TableModel } from './tableModel.ts';

export interface TableViewOptions {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly widths: ColumnWidths;
  readonly hasWaste: boolean;
  /** Stands before the filter. */
  readonly lead?: HTMLElement;
  /** Why there may be nothing yet; undefined where there is nothing. */
  readonly emptyReason?: () => string | undefined;
  /** Goes to a layer, and there to what is selected. */
  readonly goToLayer: (layer: number) => void;
}

/** A tree table with its filter, what is selected in it, and what can be done with that. */
export class TableView {
  readonly element: HTMLElement;
  readonly #grid: VirtualGrid<Row>;
  readonly #context: Context;
  readonly #model: TableModel;
  readonly #options: TableViewOptions;
  readonly #filter: FilterBar;
  readonly #details: RowDetails;
  readonly #status: HTMLElement;
  readonly #empty: HTMLElement;
  #revision: number | undefined;
  #selected = -1;

  constructor(context: Context, model: TableModel, options: TableViewOptions) {
    const { strings } = context;
    this.#context = context;
    this.#model = model;
    this.#options = options;
    this.#filter = new FilterBar(context, { hasWaste: options.hasWaste }, (filter) => model.show({ filter }));
    this.#filter.show(model.query.filter);
    this.#details = new RowDetails(context, model, options.goToLayer);
    this.#status = make('div', { class: 'status', role: 'status' });
    this.#empty = make('p', { class: 'empty', hidden: true });
    this.#grid = new VirtualGrid<Row>({
      label: options.label,
      columns: options.columns,
      widths: options.widths,
      sortLabel: (title) => fill(strings.sortBy, title),
      traits: (row) => ({
        level: row.level,
        position: row.position,
        siblings: row.siblings,
        label: rowLabel(context, row),
        classes: rowClasses(row),
        ...(row.expanded === undefined ? {} : { expanded: row.expanded }),
      }),
      row: (index) => model.source.row(index),
      need: (start, end) => model.source.need(start, end),
      settled: () => model.settled(),
      onSelect: (index) => model.select(index),
      onSort: (column) => this.#sort(column),
      onAction: (action, index) => this.#act(action, index),
      onType: (typed, index) => model.find(typed.text, searchFrom(typed, index, model.source.rowCount)),
      onPart: (part, index) => this.#onPart(part, index),
      onMenu: (index, x, y) => this.#openMenu(index, x, y),
    });
    this.element = make(
      'div',
      { class: 'table-view' },
      make(
        'div',
        { class: 'toolbar' },
        ...(options.lead ? [options.lead] : []),
        this.#filter.element,
        make(
          'div',
          { class: 'toolbar-end' },
          iconButton('expand', strings.expandAll, () => model.expandAll(true)),
          iconButton('collapse', strings.collapseAll, () => model.expandAll(false)),
        ),
      ),
      make('div', { class: 'grid-box' }, this.#grid.element, this.#empty),
      this.#details.element,
      this.#status,
    );
    model.onChange(() => this.#show());
    this.#grid.showSorting(model.query.sort);
  }

  /** Gives the keyboard to the rows. */
  focus(): void {
    this.#grid.element.focus();
  }

  #show(): void {
    const { summary, source, selected } = this.#model;
    this.#grid.showSorting(this.#model.query.sort);
    if (summary && summary.revision !== this.#revision) {
      this.#revision = summary.revision;
      this.#grid.reset(source.rowCount, selected);
      if (selected >= 0 && selected !== this.#selected) this.#grid.reveal(selected);
    } else if (selected !== this.#grid.selected) this.#grid.select(selected);
    else this.#grid.refresh();
    this.#selected = selected;
    this.#details.show();
    this.#showStatus();
  }

  #showStatus(): void {
    const { strings, format } = this.#context;
    const { summary } = this.#model;
    if (!summary) return;
    const isFiltered = Object.keys(this.#model.query.filter).length > 0;
    const text = isFiltered ? strings.filterMatches : strings.filesTotal;
    const parts = [fill(text, format.count(summary.matches), format.bytes(summary.matchedBytes))];
    if (summary.wastedBytes > 0) parts.push(fill(strings.wastedHere, format.bytes(summary.wastedBytes)));
    setText(this.#status, parts.join(' · '));
    this.#empty.hidden = summary.rowCount > 0;
    setText(this.#empty, this.#options.emptyReason?.() ?? (isFiltered ? strings.nothingFits : strings.nothingHere));
  }

  /** Sizes, times and changes are first wanted from the greatest on, names and owners from the least. */
  #sort(column: string): void {
    const known = sortColumns.find((name) => name === column);
    if (!known) return;
    const { sort: before } = this.#model.query;
    const fromGreatest = !['name', 'owner', 'mode'].includes(known);
    const descending = before.column === known ? !before.descending : fromGreatest;
    const sort: Sort = { column: known, descending };
    this.#model.show({ sort });
    const { strings } = this.#context;
    const title = this.#options.columns.find(({ id }) => id === column)!.title;
    this.#context.announce(fill(descending ? strings.sortedDescending : strings.sortedAscending, title));
  }

  #act(action: RowKeyAction, index: number): void {
    const row = this.#model.freshRow(index);
    switch (action.kind) {
      case 'expand':
      case 'collapse':
        this.#model.expand(index, action.kind === 'expand', false);
        break;
      case 'expand-below':
      case 'collapse-below':
        this.#model.expand(index, action.kind === 'expand-below', true);
        break;
      case 'parent':
        this.#model.selectParent();
        break;
      case 'find':
        this.#filter.focus();
        break;
      case 'copy':
        if (row) this.#copyPath(row);
        break;
      case 'activate':
        if (row?.expanded !== undefined) this.#model.expand(index, !row.expanded, false);
        else if (row?.canOpen) fileActions(this.#context, this.#model, row)[0]?.run();
    }
  }

  #copyPath(row: Row): void {
    const tree = this.#model.summary?.tree;
    if (tree === undefined) return;
    run(this.#context, this.#context.host.copyPath({ table: this.#model.table, tree, node: row.node }));
  }

  #onPart(part: string, index: number): void {
    const row = this.#model.freshRow(index);
    if (!row) return;
    if (part === 'twistie' && row.expanded !== undefined) this.#model.expand(index, !row.expanded, false);
    else if (part === 'fate' && row.fate) this.#options.goToLayer(row.fate.layer);
  }

  #openMenu(index: number, x: number, y: number): void {
    const row = this.#model.freshRow(index);
    if (!row) return;
    const fate = fateAction(this.#context, this.#model, row, this.#options.goToLayer);
    openMenu(
      this.#context.strings.more,
      [
        menuItems(fileActions(this.#context, this.#model, row)),
        menuItems(treeActions(this.#context, this.#model, index, row)),
        menuItems(fate ? [fate] : []),
      ],
      x,
      y,
    );
  }
}

function rowClasses(row: Row): string {
  const classes = [`row-${row.kind}`];
  if (row.wastedBytes > 0) classes.push('wasteful');
  if (row.change === 'removed') classes.push('gone');
  return classes.join(' ');
}
