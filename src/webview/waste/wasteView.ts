import { fill } from '../../protocol/strings.ts';
import { type Context, run } from '../context.ts';
import { textButton } from '../controls.ts';
import { isolate, make } from '../dom.ts';
import type { ColumnWidths } from '../grid/columnWidths.ts';
import { VirtualGrid } from '../grid/virtualGrid.ts';
import { openMenu } from '../menu.ts';
import { visibleText } from '../visibleText.ts';
import { adviceText, causeText, wasteColumns, wasteTraits } from './wasteColumns.ts';
import { WasteModel } from './wasteModel.ts';
import { type Section, sectionRow, wasteRowCount, type WasteRow } from './wasteRows.ts';
import { WasteSummary } from './wasteSummary.ts';

export interface WasteViewOptions {
  readonly widths: ColumnWidths;
  /** Shows a path among the files. */
  readonly onShowFile: (path: string, layer: number) => void;
}

/** What is wasted and what could be removed, kept apart; each finding with its cause, its layers, its line and what to do. */
export class WasteView {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #options: WasteViewOptions;
  readonly #model: WasteModel;
  readonly #summary: WasteSummary;
  readonly #grid: VirtualGrid<WasteRow>;
  readonly #details: HTMLElement;
  #rowCount = -1;
  #selected = -1;
  #detailed: WasteRow | undefined;

  constructor(context: Context, options: WasteViewOptions) {
    const { strings } = context;
    this.#context = context;
    this.#options = options;
    this.#model = new WasteModel(context, () => this.#show());
    this.#summary = new WasteSummary(context);
    this.#details = make('section', { class: 'details', hidden: true });
    this.#grid = new VirtualGrid<WasteRow>({
      label: strings.waste,
      columns: wasteColumns(context),
      widths: options.widths,
      sortLabel: (title) => title,
      traits: (row) => wasteTraits(context, row, 2),
      row: (index) => this.#model.row(index),
      need: (start, end) => this.#model.need(start, end),
      onSelect: (index) => this.#select(index),
      onSort: () => undefined,
      onAction: (action, index) => {
        const row = this.#model.row(index);
        if (!row) return;
        if (action.kind === 'parent' && row.kind !== 'section') this.#select(sectionRow(this.#model.sizes, row.kind));
        else if (row.kind === 'section')
          this.#fold(row.section, action.kind === 'activate' ? row.expanded : action.kind === 'collapse');
        else if (action.kind === 'activate') this.#actions(row)[0]?.run();
      },
      onPart: (part, index) => {
        const row = this.#model.row(index);
        if (row?.kind === 'section') this.#fold(row.section, row.expanded);
        else if (row && part === 'line') this.#goToLine(row);
      },
      onMenu: (index, x, y) => {
        const row = this.#model.row(index);
        if (row) openMenu(strings.more, [this.#actions(row)], x, y);
      },
    });
    this.element = make(
      'div',
      { class: 'waste-view' },
      this.#summary.element,
      make('div', { class: 'grid-box' }, this.#grid.element),
      this.#details,
    );
  }

  /** Asks anew: more layers were read. */
  load(): void {
    this.#model.load();
  }

  #show(): void {
    const { totals, sizes } = this.#model;
    if (!totals) return;
    this.#summary.show(totals);
    const rowCount = wasteRowCount(sizes);
    if (rowCount === this.#rowCount) this.#grid.refresh();
    else {
      this.#rowCount = rowCount;
      this.#selected = Math.min(this.#selected, rowCount - 1);
      this.#grid.reset(rowCount, this.#selected);
    }
    this.#showDetails();
  }

  #fold(section: Section, folded: boolean): void {
    this.#selected = sectionRow(this.#model.sizes, section);
    this.#model.fold(section, folded);
    this.#select(sectionRow(this.#model.sizes, section));
  }

  #select(index: number): void {
    this.#selected = index;
    this.#grid.select(index);
    this.#showDetails();
  }

  #showDetails(): void {
    const row = this.#model.row(this.#selected);
    if (row === this.#detailed) return;
    this.#detailed = row;
    const isFinding = row !== undefined && row.kind !== 'section';
    this.#details.hidden = !isFinding;
    if (!isFinding) return;
    const { strings, format } = this.#context;
    const facts = [causeText(this.#context, row), format.bytes(row.finding.bytes), ...this.#layers(row)];
    this.#details.replaceChildren(
      make(
        'div',
        { class: 'details-text' },
        make('div', { class: 'details-title' }, isolate(row.finding.path)),
        make('div', { class: 'details-facts' }, ...facts.map((fact) => make('span', {}, visibleText(fact)))),
        ...(row.kind === 'removable' ? [make('p', { class: 'note' }, visibleText(row.finding.why))] : []),
        make(
          'p',
          { class: 'advice' },
          make('strong', {}, `${strings.advice}: `),
          visibleText(adviceText(this.#context, row)),
        ),
      ),
      make(
        'div',
        { class: 'details-actions' },
        ...this.#actions(row).map(({ text, run: act }) => textButton(text, act)),
      ),
    );
  }

  #layers(row: Exclude<WasteRow, { kind: 'section' }>): string[] {
    const { strings, format } = this.#context;
    const shipped = `${strings.wasteShippedBy}: ${fill(strings.layerNumber, row.finding.layer + 1)}`;
    if (row.kind === 'wasted') {
      return [shipped, `${strings.wasteWastedBy}: ${fill(strings.layerNumber, row.finding.byLayer + 1)}`];
    }
    const { safety, fromBase, entries } = row.finding;
    return [
      shipped,
      fill(strings.layerEntries, format.count(entries)),
      safety === 'safe' ? strings.safetySafe : strings.safetyCheck,
      ...(fromBase ? [strings.fromBase] : []),
    ];
  }

  #actions(row: WasteRow): { readonly text: string; readonly run: () => void }[] {
    if (row.kind === 'section') return [];
    const { strings } = this.#context;
    const { path, layer, line } = row.finding;
    return [
      { text: strings.showInFiles, run: () => this.#options.onShowFile(path, layer) },
      ...(line === undefined ? [] : [{ text: strings.goToLine, run: () => this.#goToLine(row) }]),
    ];
  }

  #goToLine(row: Exclude<WasteRow, { kind: 'section' }>): void {
    const layer = row.kind === 'wasted' ? row.finding.byLayer : row.finding.layer;
    run(this.#context, this.#context.host.goToLine({ layer }));
  }
}
