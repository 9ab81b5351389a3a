/** Rows in pages: what a list of any length keeps of what was asked for. */
export class RowCache<T> {
  readonly #pageSize: number;
  readonly #maxPages: number;
  /** By number, the least recently used first. */
  readonly #pages = new Map<number, readonly T[]>();
  /** Pages of an earlier state: they stand in until the rows of this one have come, so that nothing flickers. */
  #stale = new Map<number, readonly T[]>();
  #rowCount = 0;

  constructor(pageSize: number, maxPages: number) {
    this.#pageSize = pageSize;
    this.#maxPages = maxPages;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  /** How many rows are kept, stand-ins not counted. */
  get size(): number {
    return [...this.#pages.values()].reduce((sum, page) => sum + page.length, 0);
  }

  /** The list has changed: every row is to be asked for again. */
  reset(rowCount: number): void {
    this.#rowCount = rowCount;
    this.#stale = new Map([...this.#stale, ...this.#pages].slice(-this.#maxPages));
    this.#pages.clear();
  }

  /** A row, or what was in its place before. */
  get(index: number): T | undefined {
    if (index < 0 || index >= this.#rowCount) return undefined;
    const page = Math.floor(index / this.#pageSize);
    return (this.#pages.get(page) ?? this.#stale.get(page))?.[index % this.#pageSize];
  }

  /** True where `get` gives the row of the present state. */
  isFresh(index: number): boolean {
    return this.#pages.has(Math.floor(index / this.#pageSize));
  }

  /** The window of whole pages that lacks for the rows from `start` to before `end`; at most `limit` rows. */
  missing(start: number, end: number, limit: number): { readonly from: number; readonly count: number } | undefined {
    const lastPage = Math.ceil(Math.min(end, this.#rowCount) / this.#pageSize);
    let first = Math.floor(Math.max(0, start) / this.#pageSize);
    while (first < lastPage && this.#pages.has(first)) first++;
    let last = first;
    const most = Math.max(1, Math.floor(limit / this.#pageSize));
    while (last < lastPage && last - first < most && !this.#pages.has(last)) last++;
    if (last === first) return undefined;
    const from = first * this.#pageSize;
    return { from, count: Math.min(last * this.#pageSize, this.#rowCount) - from };
  }

  /** Keeps rows that were asked for as {@link missing} said. */
  put(from: number, rows: readonly T[]): void {
    for (let offset = 0; offset < rows.length; offset += this.#pageSize) {
      const page = Math.floor((from + offset) / this.#pageSize);
      this.#pages.delete(page);
      this.#pages.set(page, rows.slice(offset, offset + this.#pageSize));
      this.#stale.delete(page);
    }
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= this.#maxPages) break;
      this.#pages.delete(page);
    }
  }
}
