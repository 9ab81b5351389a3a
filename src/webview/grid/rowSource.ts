import { RowCache } from './rowCache.ts';

/** Rows from a place in a list on; undefined where they are of a state of the list that is over. */
export type FetchRows<T> = (from: number, count: number, signal: AbortSignal) => Promise<readonly T[] | undefined>;

const pageSize = 64;
const maxPages = 48;
/** Rows that are asked for beyond those in sight, in the direction of scrolling. */
const ahead = 2 * pageSize;

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The rows of a long list, asked for in windows as they are needed, and in the direction of scrolling before they are. One
 * window is under way at a time; the next is the one that is in sight by then, so that a list that is scrolled through
 * quickly asks for where it is, not for where it was, and never for more than can be answered.
 */
export class RowSource<T> {
  readonly #cache = new RowCache<T>(pageSize, maxPages);
  readonly #fetch: FetchRows<T>;
  readonly #limit: number;
  readonly #onRows: () => void;
  readonly #onError: (error: unknown) => void;
  #wanted: Range = { start: 0, end: 0 };
  /** What scrolling leads to; undefined after a jump, which leads nowhere. */
  #ahead: Range | undefined;
  #underWay: { readonly from: number; readonly count: number; readonly controller: AbortController } | undefined;

  constructor(fetch: FetchRows<T>, limit: number, onRows: () => void, onError: (error: unknown) => void) {
    this.#fetch = fetch;
    this.#limit = limit;
    this.#onRows = onRows;
    this.#onError = onError;
  }

  get rowCount(): number {
    return this.#cache.rowCount;
  }

  row(index: number): T | undefined {
    return this.#cache.get(index);
  }

  isFresh(index: number): boolean {
    return this.#cache.isFresh(index);
  }

  reset(rowCount: number): void {
    this.#giveUp();
    this.#cache.reset(rowCount);
  }

  /** Asks for what lacks of the rows from `start` to before `end`. */
  need(start: number, end: number): void {
    const moved = start - this.#wanted.start;
    if (Math.abs(moved) > ahead) this.#ahead = undefined;
    else if (moved > 0) this.#ahead = { start: end, end: end + ahead };
    else if (moved < 0) this.#ahead = { start: start - ahead, end: start };
    this.#wanted = { start, end };
    if (!this.#underWay) void this.#load();
  }

  async #load(): Promise<void> {
    const window = this.#missing(this.#wanted) ?? (this.#ahead && this.#missing(this.#ahead));
    if (!window) return;
    const controller = new AbortController();
    this.#underWay = { ...window, controller };
    try {
      const rows = await this.#fetch(window.from, window.count, controller.signal);
      if (controller.signal.aborted) return;
      this.#underWay = undefined;
      // Rows of a state that is over: what made it so resets this source.
      if (rows === undefined || rows.length === 0) return;
      this.#cache.put(window.from, rows);
      const { start, end } = this.#wanted;
      if (window.from < end && window.from + window.count > start) this.#onRows();
      if (!this.#isUnderWay()) void this.#load();
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#underWay = undefined;
      this.#onError(error);
    }
  }

  #missing({ start, end }: Range): ReturnType<RowCache<T>['missing']> {
    return this.#cache.missing(start, end, this.#limit);
  }

  #isUnderWay(): boolean {
    return this.#underWay !== undefined;
  }

  #giveUp(): void {
    this.#underWay?.controller.abort();
    this.#underWay = undefined;
  }
}
