/** A column of a grid. Cells are made once and filled again and again, because rows are reused while scrolling. */
export interface Column<T> {
  /** Also the class of its cells, `cell-<id>`, by which style sheets know it. */
  readonly id: string;
  readonly title: string;
  readonly sortable?: boolean;
  /** Takes the room that the others leave, and so has no width of its own. One column does. */
  readonly fills?: boolean;
  /** Fills an empty cell; what comes back shows a row in it. */
  readonly create: (cell: HTMLElement) => (row: T) => void;
}
