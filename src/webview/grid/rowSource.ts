import { RowCache } from './rowCache.ts';

/** Rows from a place in a list on; undefined where they are of a state of the list that is over. */
export type FetchRows<T> = (from: number, count: number, signal: AbortSignal) => Promise<readonly T[] | undefined>;

const pageSize = 64;
const maxPages = 48;

/**
 * The rows of a long list, asked for in windows as they are needed. One window is under way at a time; one that is no
 * longer wanted is given up, so that a list that is scrolled through quickly shows where it stops, not where it was.
 */
export class RowSource<T> {
  readonly #cache = new RowCache<T>(pageSize, maxPages);
  readonly #fetch: FetchRows<T>;
  readonly #limit: number;
  readonly #onRows: () => void;
  readonly #onError: (error: unknown) => void;
  #wanted = { start: 0, end: 0 };
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
    this.#wanted = { start, end };
    if (this.#underWay) {
      const { from, count } = this.#underWay;
      if (from < end && from + count > start) return;
      this.#giveUp();
    }
    void this.#load();
  }

  async #load(): Promise<void> {
    const window = this.#cache.missing(this.#wanted.start, this.#wanted.end, this.#limit);
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
      this.#onRows();
      if (!this.#isUnderWay()) void this.#load();
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#underWay = undefined;
      this.#onError(error);
    }
  }

  #isUnderWay(): boolean {
    return this.#underWay !== undefined;
  }

  #giveUp(): void {
    this.#underWay?.controller.abort();
    this.#underWay = undefined;
  }
}
