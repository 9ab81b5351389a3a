import { type ComparedLayer, type Comparison, limits } from '../../protocol/explorer.ts';
import { type Context, run } from '../context.ts';
import { iconButton, textButton } from '../controls.ts';
import { make } from '../dom.ts';
import type { ColumnWidths } from '../grid/columnWidths.ts';
import { comparisonColumns } from '../table/columns.ts';
import type { TableModel } from '../table/tableModel.ts';
import { TableView } from '../table/tableView.ts';
import { comparedLayerRow, comparisonSummary } from './compareSummary.ts';

/** Two images in one tree, with their sums and their layers. */
export class CompareView {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #model: TableModel;
  readonly #summary: HTMLElement;
  readonly #layers: HTMLDetailsElement;
  readonly #nothing: HTMLElement;
  readonly #content: HTMLElement;
  #comparison: Comparison | undefined;

  constructor(context: Context, model: TableModel, widths: ColumnWidths, goToLayer: (layer: number) => void) {
    const { strings, host } = context;
    this.#context = context;
    this.#model = model;
    const choose = (): void => run(context, host.chooseComparison({}));
    this.#nothing = make(
      'div',
      { class: 'welcome' },
      make('p', {}, strings.compareNone),
      textButton(strings.compareChoose, choose, { icon: 'compare', primary: true }),
    );
    this.#summary = make('div', { class: 'compare-summary' });
    this.#layers = make('details', { class: 'compare-layers' }, make('summary', {}, strings.compareLayers));
    this.#layers.addEventListener('toggle', () => {
      if (this.#layers.open) run(context, this.#loadLayers());
    });
    const view = new TableView(context, model, {
      label: strings.compare,
      columns: comparisonColumns(context),
      widths,
      hasWaste: false,
      goToLayer,
    });
    const head = make(
      'div',
      { class: 'compare-head' },
      this.#summary,
      iconButton('swap', strings.compareSwap, () => run(context, host.swapComparison({}))),
    );
    this.#content = make('div', { class: 'compare-content', hidden: true }, head, this.#layers, view.element);
    this.element = make('div', { class: 'compare-view' }, this.#nothing, this.#content);
  }

  /** Shows a comparison; none, where it is gone. */
  show(comparison: Comparison | undefined): void {
    this.#comparison = comparison;
    this.#nothing.hidden = comparison !== undefined;
    this.#content.hidden = comparison === undefined;
    if (!comparison) return;
    this.#summary.replaceChildren(...comparisonSummary(this.#context, comparison));
    if (this.#layers.open) run(this.#context, this.#loadLayers());
    // The greatest difference first, in the direction in which the whole goes.
    const { sort } = this.#model.query;
    const descending = comparison.second.finalBytes >= comparison.first.finalBytes;
    this.#model.show(sort.column === 'difference' ? { sort: { ...sort, descending } } : {});
  }

  /** More layers were read: the tree was made anew. */
  reload(): void {
    if (this.#comparison) this.#model.show();
  }

  async #loadLayers(): Promise<void> {
    const comparison = this.#comparison;
    const layers: ComparedLayer[] = [];
    let total = 1;
    while (layers.length < total) {
      const window = await this.#context.host.compareLayers({ from: layers.length, count: limits.layers });
      total = window.layers.length === 0 ? layers.length : window.total;
      layers.push(...window.layers);
    }
    if (comparison !== this.#comparison) return;
    this.#layers.replaceChildren(this.#layers.firstElementChild!, this.#layerTable(layers));
  }

  #layerTable(layers: readonly ComparedLayer[]): HTMLElement {
    const { strings } = this.#context;
    const largest = layers.reduce((most, { onDiskBytes }) => Math.max(most, onDiskBytes ?? 0), 0);
    const heading = (text: string, kind = ''): HTMLElement => {
      const cell = make('th', { class: kind }, text);
      cell.scope = 'col';
      return cell;
    };
    const {
      compareFirst,
      compareSecond,
      compareLayers,
      layers: layersTitle,
      columnChange,
      columnShare,
      columnSize,
    } = strings;
    return make(
      'div',
      { class: 'list-box', tabIndex: 0, role: 'region', aria: { label: compareLayers } },
      make(
        'table',
        { class: 'plain-table' },
        make(
          'thead',
          {},
          make(
            'tr',
            {},
            heading(compareFirst, 'number'),
            heading(compareSecond, 'number'),
            heading(columnChange),
            heading(layersTitle),
            heading(columnShare, 'bar-cell'),
            heading(columnSize, 'number'),
          ),
        ),
        make('tbody', {}, ...layers.map((layer) => comparedLayerRow(this.#context, layer, largest))),
      ),
    );
  }
}
