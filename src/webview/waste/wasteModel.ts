import { limits, type RemovableFinding, type WasteFinding, type WasteTotals } from '../../protocol/explorer.ts';
import { RpcError } from '../../protocol/rpc.ts';
import { type Context, run } from '../context.ts';
import { RowSource } from '../grid/rowSource.ts';
import { findingRange, type Section, sectionBytes, type SectionSizes, wastePlace, type WasteRow } from './wasteRows.ts';

/** What the host knows of waste, asked for in windows. */
export class WasteModel {
  readonly #context: Context;
  readonly #onChange: () => void;
  readonly #wasted: RowSource<WasteFinding>;
  readonly #removable: RowSource<RemovableFinding>;
  #totals: WasteTotals | undefined;
  #sizes: SectionSizes = { wasted: 0, removable: 0, folded: new Set() };
  /** A row is one object as long as what it says is the same, so that a grid need not write it again. */
  #rows = new Map<number, WasteRow>();
  #calls = 0;

  constructor(context: Context, onChange: () => void) {
    this.#context = context;
    this.#onChange = onChange;
    const changed = (): void => {
      this.#rows.clear();
      onChange();
    };
    const failed = (error: unknown): void => this.#failed(error);
    const { host } = context;
    this.#wasted = new RowSource(
      async (from, count, signal) => (await host.waste({ from, count }, signal)).findings,
      limits.findings,
      changed,
      failed,
    );
    this.#removable = new RowSource(
      async (from, count, signal) => (await host.removable({ from, count }, signal)).findings,
      limits.findings,
      changed,
      failed,
    );
  }

  get totals(): WasteTotals | undefined {
    return this.#totals;
  }

  get sizes(): SectionSizes {
    return this.#sizes;
  }

  /** Asks for everything anew: more layers were read. */
  load(): void {
    run(
      this.#context,
      this.#load().catch((error: unknown) => this.#failed(error)),
    );
  }

  fold(section: Section, folded: boolean): void {
    const sections = new Set(this.#sizes.folded);
    if (folded) sections.add(section);
    else sections.delete(section);
    this.#sizes = { ...this.#sizes, folded: sections };
    this.#rows.clear();
    this.#onChange();
  }

  /** Asks for the findings of the rows from `start` to before `end`. */
  need(start: number, end: number): void {
    const wasted = findingRange(this.#sizes, 'wasted', start, end);
    const removable = findingRange(this.#sizes, 'removable', start, end);
    if (wasted.end > wasted.start) this.#wasted.need(wasted.start, wasted.end);
    if (removable.end > removable.start) this.#removable.need(removable.start, removable.end);
  }

  row(index: number): WasteRow | undefined {
    const known = this.#rows.get(index);
    if (known) return known;
    const row = this.#totals && this.#makeRow(this.#totals, index);
    if (row) this.#rows.set(index, row);
    return row;
  }

  #makeRow(totals: WasteTotals, index: number): WasteRow | undefined {
    const place = wastePlace(this.#sizes, index);
    const siblings = this.#sizes[place.section];
    if (place.kind === 'section') {
      const { section } = place;
      const expanded = !this.#sizes.folded.has(section);
      return { kind: 'section', section, bytes: sectionBytes(totals, section), count: siblings, expanded };
    }
    const position = place.index + 1;
    if (place.section === 'wasted') {
      const finding = this.#wasted.row(place.index);
      return finding && { kind: 'wasted', finding, position, siblings };
    }
    const finding = this.#removable.row(place.index);
    return finding && { kind: 'removable', finding, position, siblings };
  }

  async #load(): Promise<void> {
    const call = ++this.#calls;
    const { host } = this.#context;
    const [totals, wasted, removable] = await Promise.all([
      host.wasteTotals({}),
      host.waste({ from: 0, count: 1 }),
      host.removable({ from: 0, count: 1 }),
    ]);
    if (call !== this.#calls) return;
    this.#totals = totals;
    this.#sizes = { ...this.#sizes, wasted: wasted.total, removable: removable.total };
    this.#wasted.reset(wasted.total);
    this.#removable.reset(removable.total);
    this.#rows.clear();
    this.#onChange();
  }

  #failed(error: unknown): void {
    if (error instanceof RpcError && error.code === 'unready') return;
    this.#context.report(error);
  }
}
