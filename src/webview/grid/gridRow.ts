import { make, setAria, uniqueId } from '../dom.ts';
import type { Column } from './column.ts';

/** What a row of a grid says of itself to a screen reader, and how it looks. */
export interface RowTraits {
  readonly level: number;
  /** Place among its siblings, from 1, and how many these are. */
  readonly position: number;
  readonly siblings: number;
  readonly expanded?: boolean;
  /** Read aloud as a whole when the row is selected. */
  readonly label: string;
  /** More classes, by which style sheets know kinds of rows. */
  readonly classes: string;
}

/** One row's element, which shows one row of the list after another. */
export class GridRow<T> {
  readonly element: HTMLElement;
  /** The row of the list that it shows, -1 for none. */
  index = -1;
  /** What it shows; undefined while that is still to come. */
  shown: T | undefined;
  readonly #fill: readonly ((row: T) => void)[];
  readonly #traits: (row: T) => RowTraits;

  constructor(columns: readonly Column<T>[], traits: (row: T) => RowTraits) {
    this.element = make('div', { class: 'row', role: 'row', id: uniqueId('row') });
    this.#traits = traits;
    this.#fill = columns.map((column) => {
      const cell = make('div', { class: `cell cell-${column.id}`, role: 'gridcell' });
      this.element.append(cell);
      return column.create(cell);
    });
  }

  /** Shows a row, or a gap for one that is still to come. */
  show(index: number, row: T | undefined, isSelected: boolean): void {
    const { element } = this;
    if (this.index !== index) {
      this.index = index;
      // The heading is row 1.
      setAria(element, 'rowindex', index + 2);
    }
    setAria(element, 'selected', isSelected);
    if (row === undefined) {
      this.shown = undefined;
      element.className = isSelected ? 'row pending selected' : 'row pending';
      setAria(element, 'busy', true);
      return;
    }
    if (this.shown !== row) {
      this.shown = row;
      for (const fill of this.#fill) fill(row);
      this.#setTraits(row);
    }
    element.classList.toggle('selected', isSelected);
  }

  #setTraits(row: T): void {
    const { element } = this;
    const traits = this.#traits(row);
    setAria(element, 'busy', undefined);
    setAria(element, 'level', traits.level);
    setAria(element, 'posinset', traits.position);
    setAria(element, 'setsize', traits.siblings);
    setAria(element, 'expanded', traits.expanded);
    setAria(element, 'label', traits.label);
    const className = traits.classes === '' ? 'row' : `row ${traits.classes}`;
    if (element.className !== className) element.className = className;
  }
}
