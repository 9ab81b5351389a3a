import { onDrag } from '../drag.ts';
import { make, setAria } from '../dom.ts';
import { icon } from '../icons.ts';
import type { Column } from './column.ts';
import type { ColumnWidths } from './columnWidths.ts';

export interface Sorting {
  /** Id of a column. */
  readonly column: string;
  readonly descending: boolean;
}

export interface HeadingOptions<T> {
  readonly columns: readonly Column<T>[];
  readonly sortLabel: (title: string) => string;
  readonly widths: ColumnWidths;
  readonly onSort: (column: string) => void;
}

interface Heading<T> {
  readonly column: Column<T>;
  readonly cell: HTMLElement;
  /** What the keyboard stops at: the button that sorts, else the cell itself. */
  readonly stop: HTMLElement;
}

/** CSS pixels that a key makes a column wider or narrower. */
const keyStep = 12;

/**
 * The row of a grid's headings. One that sorts is a button; all of them together are one stop of the Tab key, and the
 * arrow keys go from one to the next. With Shift they change the column's width, as its edge does when it is dragged.
 */
export class GridHeading<T> {
  readonly element: HTMLElement;
  readonly #options: HeadingOptions<T>;
  readonly #headings: readonly Heading<T>[];

  constructor(options: HeadingOptions<T>) {
    this.#options = options;
    this.element = make('div', { class: 'row heading', role: 'row', aria: { rowindex: 1 } });
    const filling = options.columns.findIndex(({ fills }) => fills === true);
    this.#headings = options.columns.map((column, at) => {
      const heading = this.#make(column);
      const { cell } = heading;
      // What is dragged is the edge towards the column that fills the rest: the other one stands still.
      if (at !== filling) cell.append(this.#edge(column, cell, at < filling ? 'end' : 'start'));
      this.element.append(cell);
      return heading;
    });
    for (const [at, { stop }] of this.#headings.entries()) stop.tabIndex = at === 0 ? 0 : -1;
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  show(sorting: Sorting): void {
    for (const { column, cell } of this.#headings) {
      const isSorted = column.id === sorting.column;
      if (!column.sortable) continue;
      setAria(cell, 'sort', isSorted ? (sorting.descending ? 'descending' : 'ascending') : 'none');
    }
  }

  #make(column: Column<T>): Heading<T> {
    const { sortLabel, widths, onSort } = this.#options;
    const cell = make('div', { class: `cell cell-${column.id}`, role: 'columnheader' });
    const text = make('span', { class: 'heading-text' }, column.title);
    const label = column.sortable ? sortLabel(column.title) : column.title;
    const title = column.fills ? label : `${label}\n${widths.help}`;
    if (!column.sortable) {
      cell.append(text);
      cell.title = title;
      return { column, cell, stop: cell };
    }
    const button = make('button', { class: 'sort' }, text);
    button.type = 'button';
    button.title = title;
    button.append(icon('ascending'), icon('descending'));
    button.addEventListener('click', () => onSort(column.id));
    cell.append(button);
    return { column, cell, stop: button };
  }

  #edge(column: Column<T>, cell: HTMLElement, side: 'start' | 'end'): HTMLElement {
    const { widths } = this.#options;
    const edge = make('span', { class: `column-edge edge-${side}`, aria: { hidden: true } });
    const direction = side === 'end' ? 1 : -1;
    onDrag(edge, () => {
      const before = cell.offsetWidth;
      return ({ x }) => widths.set(column.id, before + direction * x);
    });
    edge.addEventListener('dblclick', () => widths.set(column.id, undefined));
    return edge;
  }

  /** Those that can be seen: a narrow page hides columns. */
  #visible(): Heading<T>[] {
    return this.#headings.filter(({ cell }) => !cell.isConnected || cell.offsetWidth > 0);
  }

  #onKey(event: KeyboardEvent): void {
    const visible = this.#visible();
    const from = visible.findIndex(({ stop }) => stop === document.activeElement);
    const current = visible[from];
    if (!current || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.shiftKey && (step !== undefined || event.key === 'Home')) this.#resize(current, step);
    else if (step !== undefined) this.#go(visible[(from + step + visible.length) % visible.length]!);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #go({ stop }: Heading<T>): void {
    for (const heading of this.#headings) heading.stop.tabIndex = heading.stop === stop ? 0 : -1;
    stop.focus();
  }

  /** Without a step the column gets its first width back. */
  #resize({ column, cell }: Heading<T>, step: number | undefined): void {
    if (column.fills) return;
    const { widths } = this.#options;
    widths.set(column.id, step === undefined ? undefined : cell.offsetWidth + step * keyStep);
    widths.announce(column.title, cell.offsetWidth);
  }
}
