import { make, setAria, uniqueId } from '../dom.ts';
import type { Column } from './column.ts';
import type { ColumnWidths } from './columnWidths.ts';
import { GridHeading, type Sorting } from './gridHeading.ts';
import { GridRow, type RowTraits } from './gridRow.ts';
import { type GridAction, gridAction, type GridState, type RowKeyAction } from './keyboard.ts';
import {
  bodyHeight,
  isAdrift,
  type ListGeometry,
  pageRows,
  placeAfterScroll,
  placeAt,
  positionShowing,
  type ScrollPlace,
  visibleRows,
} from './scrollMap.ts';
import { isTyping, type TypeAhead, typeAhead } from './typeAhead.ts';

/** Pixels; the density of VS Code's lists. */
const rowHeight = 22;
/** Rows that are made ready above and below what is visible. */
const spareRows = 8;
/** Milliseconds without scrolling after which the scroll bar is put right. */
const restAfter = 150;

export interface GridOptions<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly traits: (row: T) => RowTraits;
  readonly widths: ColumnWidths;
  readonly sortLabel: (title: string) => string;
  readonly row: (index: number) => T | undefined;
  /** Called when rows come into sight that may not be there yet. */
  readonly need: (start: number, end: number) => void;
  /** What keys have to wait for, because rows are about to move; undefined for nothing. */
  readonly settled?: () => Promise<void> | undefined;
  readonly onSelect: (index: number) => void;
  readonly onSort: (column: string) => void;
  readonly onAction: (action: RowKeyAction, index: number) => void;
  readonly onType?: (typed: TypeAhead, index: number) => void;
  /** A click on a part of a row, by the value of its `data-part`. */
  readonly onPart?: (part: string, index: number) => void;
  readonly onMenu: (index: number, x: number, y: number) => void;
}

/**
 * A tree grid of any length: only rows that are in sight have elements. It is one stop of the Tab key; which row the keys act
 * on is told by `aria-activedescendant`, because a row's element may go away while it is scrolled out of sight.
 */
export class VirtualGrid<T> {
  readonly element: HTMLElement;
  readonly #options: GridOptions<T>;
  readonly #heading: GridHeading<T>;
  readonly #body: HTMLElement;
  /** Rows in sight, from top to bottom, as they are in the document. */
  #live: GridRow<T>[] = [];
  readonly #free: GridRow<T>[] = [];
  #rowCount = 0;
  #selected = -1;
  #viewport = 0;
  #place: ScrollPlace = { scrollTop: 0, offset: 0 };
  #rest: ReturnType<typeof setTimeout> | undefined;
  #typed: TypeAhead | undefined;
  /** Keys that have been pressed and wait for rows to stand still. */
  #waiting = 0;

  constructor(options: GridOptions<T>) {
    this.#options = options;
    this.#heading = new GridHeading(options);
    this.#body = make('div', { class: 'grid-body', role: 'rowgroup' });
    this.element = make(
      'div',
      {
        class: 'grid',
        role: 'treegrid',
        id: uniqueId('grid'),
        tabIndex: 0,
        aria: { label: options.label, multiselectable: false },
      },
      make('div', { class: 'grid-head', role: 'rowgroup' }, this.#heading.element),
      this.#body,
    );
    options.widths.showIn(this.element);
    this.element.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.#body.addEventListener('click', (event) => this.#onClick(event));
    this.#body.addEventListener('dblclick', (event) => {
      if (!partOf(event)) this.#onRow(event, (index) => options.onAction({ kind: 'activate' }, index));
    });
    this.#body.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      this.#onRow(event, (index) => {
        this.#select(index);
        options.onMenu(index, event.clientX, event.clientY);
      });
    });
    // Also when a tab that was hidden is shown.
    new ResizeObserver(() => this.#measure()).observe(this.element);
  }

  get selected(): number {
    return this.#selected;
  }

  showSorting(sorting: Sorting): void {
    this.#heading.show(sorting);
  }

  /** The list is another, or longer; the selection is said anew. */
  reset(rowCount: number, selected: number): void {
    this.#rowCount = rowCount;
    this.#selected = Math.min(selected, rowCount - 1);
    setAria(this.element, 'rowcount', rowCount + 1);
    this.#body.style.height = `${bodyHeight(this.#geometry())}px`;
    this.#moveTo(this.#place.scrollTop + this.#place.offset);
  }

  /** Rows have come, or look different. */
  refresh(): void {
    this.#render();
  }

  /** Selects a row without telling anyone, and shows it. */
  select(index: number): void {
    this.#selected = index;
    this.reveal(index);
  }

  reveal(index: number): void {
    if (index < 0) return;
    this.#moveTo(positionShowing(this.#geometry(), this.#place, index));
  }

  /** Where a menu of the selected row belongs: below it, in the page's coordinates. */
  #menuPlace(): { readonly x: number; readonly y: number } {
    const row = this.#live.find(({ index }) => index === this.#selected);
    const box = (row?.element ?? this.element).getBoundingClientRect();
    return { x: box.left + 40, y: row ? box.bottom : box.top + rowHeight };
  }

  #geometry(): ListGeometry {
    return { rowCount: this.#rowCount, rowHeight, viewport: this.#viewport };
  }

  #measure(): void {
    // A hidden tab has no height: what was there stays as it is.
    if (this.element.clientHeight === 0) return;
    const position = this.#place.scrollTop + this.#place.offset;
    const wasInSight = positionShowing(this.#geometry(), this.#place, this.#selected) === position;
    this.#viewport = Math.max(0, this.element.clientHeight - this.#heading.element.offsetHeight);
    this.#moveTo(position);
    if (wasInSight) this.reveal(this.#selected);
  }

  #onScroll(): void {
    const { scrollTop } = this.element;
    if (scrollTop === this.#place.scrollTop) return;
    this.#place = placeAfterScroll(this.#geometry(), this.#place, scrollTop);
    this.#render();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      if (isAdrift(this.#geometry(), this.#place)) this.#moveTo(this.#place.scrollTop + this.#place.offset);
    }, restAfter);
  }

  #moveTo(position: number): void {
    if (this.#viewport === 0) return;
    this.#place = placeAt(this.#geometry(), position);
    this.element.scrollTop = this.#place.scrollTop;
    this.#render();
  }

  #render(): void {
    const { start, end } = visibleRows(this.#geometry(), this.#place, spareRows);
    this.#options.need(start, end);
    const kept = this.#live.filter(({ index }) => index >= start && index < end);
    const spare = this.#live.filter((row) => !kept.includes(row));
    const first = kept[0]?.index ?? end;
    const live: GridRow<T>[] = [];
    for (let index = start; index < end; index++) {
      const old = kept[index - first];
      const row = (index >= first ? old : undefined) ?? spare.shift() ?? this.#takeRow();
      // After a jump nothing is kept, and rows that stand in order need not move: moving costs more than filling.
      const isInPlace = row === old || (kept.length === 0 && row.element.parentNode === this.#body);
      if (!isInPlace) this.#body.insertBefore(row.element, index < first ? (kept[0]?.element ?? null) : null);
      row.show(index, this.#options.row(index), index === this.#selected);
      const top = `${index * rowHeight - this.#place.offset}px`;
      if (row.element.style.top !== top) row.element.style.top = top;
      live.push(row);
    }
    for (const row of spare) this.#retire(row);
    this.#live = live;
    const active = live.find(({ index }) => index === this.#selected);
    setAria(this.element, 'activedescendant', active?.element.id);
  }

  #takeRow(): GridRow<T> {
    return this.#free.pop() ?? new GridRow(this.#options.columns, this.#options.traits);
  }

  #retire(row: GridRow<T>): void {
    row.element.remove();
    row.index = -1;
    row.shown = undefined;
    this.#free.push(row);
  }

  #select(index: number): void {
    if (index < 0) return;
    this.select(index);
    this.#options.onSelect(index);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.target !== this.element) return;
    const now = event.timeStamp;
    const state = this.#keyState(now);
    // Whose key it is has to be decided at once; what it does, when rows stand still. Keys that wait may select a row before.
    const action = gridAction(
      event,
      this.#waiting > 0 ? { ...state, selected: Math.max(0, state.selected), expanded: false } : state,
    );
    if (!action) return;
    event.preventDefault();
    // What is typed next goes into the filter.
    if (action.kind === 'find') this.#act(action, now);
    else this.#press(event);
  }

  #press(event: KeyboardEvent): void {
    const unsettled = this.#options.settled?.();
    if (unsettled) {
      this.#waiting++;
      void unsettled.then(() => {
        this.#waiting--;
        this.#press(event);
      });
      return;
    }
    const now = event.timeStamp;
    const action = gridAction(event, this.#keyState(now));
    if (action) this.#act(action, now);
  }

  #keyState(now: number): GridState {
    const row = this.#options.row(this.#selected);
    const expanded = row === undefined ? undefined : this.#options.traits(row).expanded;
    return {
      selected: this.#selected,
      rowCount: this.#rowCount,
      pageRows: pageRows(this.#geometry()),
      isTyping: isTyping(this.#typed, now),
      ...(expanded === undefined ? {} : { expanded }),
    };
  }

  #act(action: GridAction, now: number): void {
    if (action.kind === 'select') this.#select(action.row);
    else if (action.kind === 'menu') {
      const { x, y } = this.#menuPlace();
      this.#options.onMenu(this.#selected, x, y);
    } else if (action.kind === 'type') {
      this.#typed = typeAhead(this.#typed, action.text, now);
      this.#options.onType?.(this.#typed, this.#selected);
    } else this.#options.onAction(action, this.#selected);
  }

  #onClick(event: MouseEvent): void {
    this.#onRow(event, (index) => {
      this.#select(index);
      const part = partOf(event);
      if (part === 'menu') this.#options.onMenu(index, event.clientX, event.clientY);
      else if (part !== undefined) this.#options.onPart?.(part, index);
    });
  }

  #onRow(event: Event, then: (index: number) => void): void {
    const row = this.#live.find(({ element }) => event.target instanceof Node && element.contains(event.target));
    if (row?.shown !== undefined) then(row.index);
  }
}

function partOf(event: Event): string | undefined {
  const part = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-part]') : null;
  return part?.dataset.part;
}
