import { make, setAria } from '../dom.ts';
import { icon } from '../icons.ts';
import type { Column } from './column.ts';

export interface Sorting {
  /** Id of a column. */
  readonly column: string;
  readonly descending: boolean;
}

/**
 * The row of a grid's headings. A heading that sorts is a button; all of them together are one stop of the Tab key, and the
 * arrow keys go from one to the next.
 */
export class GridHeading<T> {
  readonly element: HTMLElement;
  readonly #cells: readonly { readonly column: Column<T>; readonly cell: HTMLElement; readonly button?: HTMLElement }[];

  constructor(columns: readonly Column<T>[], sortLabel: (title: string) => string, onSort: (column: string) => void) {
    this.element = make('div', { class: 'row heading', role: 'row', aria: { rowindex: 1 } });
    this.#cells = columns.map((column) => {
      const cell = make('div', { class: `cell cell-${column.id}`, role: 'columnheader' });
      this.element.append(cell);
      const text = make('span', { class: 'heading-text' }, column.title);
      if (!column.sortable) {
        cell.append(text);
        return { column, cell };
      }
      const button = make('button', { class: 'sort', title: sortLabel(column.title), tabIndex: -1 }, text);
      button.type = 'button';
      button.append(icon('ascending'), icon('descending'));
      button.addEventListener('click', () => onSort(column.id));
      cell.append(button);
      return { column, cell, button };
    });
    const buttons = this.#buttons();
    if (buttons[0]) buttons[0].tabIndex = 0;
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  show(sorting: Sorting): void {
    for (const { column, cell } of this.#cells) {
      const isSorted = column.id === sorting.column;
      if (!column.sortable) continue;
      setAria(cell, 'sort', isSorted ? (sorting.descending ? 'descending' : 'ascending') : 'none');
    }
  }

  /** Those that can be seen: a narrow page hides columns. */
  #buttons(): HTMLElement[] {
    return this.#cells.flatMap(({ cell, button }) =>
      button && (!cell.isConnected || cell.offsetWidth > 0) ? [button] : [],
    );
  }

  #onKey(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const from = buttons.findIndex((button) => button === document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (from < 0 || step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = buttons[(from + step + buttons.length) % buttons.length]!;
    for (const { button } of this.#cells) if (button) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }
}
