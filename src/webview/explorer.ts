import {
  type Comparison,
  type ExplorerPage,
  type ImageTotals,
  type LayerRow,
  limits,
  type OpenedImage,
  type SavedState,
  type Start,
  type TableQuery,
} from '../protocol/explorer.ts';
import { present } from '../core/present.ts';
import { CompareView } from './compare/compareView.ts';
import { type Context, run } from './context.ts';
import { afterPaint, make } from './dom.ts';
import { Header } from './frame/header.ts';
import { ProgressBar } from './frame/progressBar.ts';
import { Splitter } from './frame/splitter.ts';
import { Tabs } from './frame/tabs.ts';
import { ColumnWidths } from './grid/columnWidths.ts';
import { LayerDetails } from './layers/layerDetails.ts';
import { LayerList } from './layers/layerList.ts';
import { layerStateText } from './layers/layerText.ts';
import { StateKeeper } from './stateKeeper.ts';
import { fileColumns } from './table/columns.ts';
import { ScopeChoice, scopeOf } from './table/scopeChoice.ts';
import { TableModel } from './table/tableModel.ts';
import { TableView } from './table/tableView.ts';
import { TreemapView } from './treemap/treemapView.ts';
import type { Surroundings } from './vscodeApi.ts';
import { WasteView } from './waste/wasteView.ts';

/** What the host may tell the page that is there, each without an answer. */
export type PageEvents = {
  readonly [M in Exclude<keyof ExplorerPage, 'welcome'>]: (argument: Parameters<ExplorerPage[M]>[0]) => void;
};

/** The whole page: holds its parts together, and passes on what the host tells. */
export class Explorer {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #header: Header;
  readonly #progress: ProgressBar;
  readonly #layers: LayerList;
  readonly #layerDetails: LayerDetails;
  readonly #files: TableModel;
  readonly #filesView: TableView;
  readonly #waste: WasteView;
  readonly #compare: CompareView;
  readonly #tabs: Tabs;
  readonly #scopes: readonly ScopeChoice[];
  readonly #keeper: StateKeeper;
  #image: OpenedImage | undefined;
  /** The comparison that is still to come was there before the page was made anew. */
  #isRestored: boolean;

  constructor(context: Context, surroundings: Pick<Surroundings, 'save'>, start: Start) {
    const { strings } = context;
    const { saved } = start;
    this.#context = context;
    this.#isRestored = saved?.session.comparedWith !== undefined;
    this.#files = new TableModel(context, 'files', saved?.files, {
      scope: { kind: 'image' },
      sort: { column: 'size', descending: true },
      filter: {},
    });
    const compared = new TableModel(context, 'compare', saved?.compare, {
      scope: { kind: 'image' },
      sort: { column: 'difference', descending: true },
      filter: {},
    });
    this.#keeper = new StateKeeper(
      surroundings,
      { files: this.#files, compare: compared },
      start.session,
      {
        tab: saved?.tab ?? 'files',
        baseFolded: saved?.baseFolded ?? true,
        ...present({
          selectedLayer: saved?.selectedLayer,
          treemapPath: saved?.treemapPath,
          columnWidths: saved?.columnWidths,
          layersPane: saved?.layersPane,
        }),
      },
      (error) => context.report(error),
    );

    this.#header = new Header(context, () => run(context, context.host.chooseComparison({})));
    this.#progress = new ProgressBar(context);
    this.#layerDetails = new LayerDetails(context);
    this.#layers = new LayerList(context, {
      onSelect: (layer) => this.#onLayer(layer),
      onFold: (baseFolded) => this.#keeper.change({ baseFolded }),
      onActivate: (layer) => this.#layerDetails.goToLine(layer),
    });
    this.#layers.fold(this.#keeper.state.baseFolded);

    const goToLayer = (layer: number): void => this.#goToLayer(layer);
    const newScope = (): ScopeChoice =>
      new ScopeChoice(context, (kind) => this.#files.show({ scope: scopeOf(kind, this.#layerOfScope()) }));
    this.#scopes = [newScope(), newScope()];
    const widthsOf = (grid: 'files' | 'compare' | 'waste'): ColumnWidths =>
      new ColumnWidths(context, saved?.columnWidths?.[grid], (widths) =>
        this.#keeper.change({ columnWidths: { ...this.#keeper.state.columnWidths, [grid]: widths } }),
      );
    this.#filesView = new TableView(context, this.#files, {
      label: strings.files,
      columns: fileColumns(context, () => this.#files.query.scope.kind === 'layer'),
      widths: widthsOf('files'),
      hasWaste: true,
      lead: this.#scopes[0]!.element,
      emptyReason: () => this.#emptyReason(),
      goToLayer,
    });
    const treemap = new TreemapView(context, this.#files, saved?.treemapPath, {
      lead: this.#scopes[1]!.element,
      onZoom: (treemapPath) => this.#keeper.change({ treemapPath }),
      onShowFile: (path) => this.#showFile(path),
    });
    this.#waste = new WasteView(context, {
      widths: widthsOf('waste'),
      onShowFile: (path, layer) => {
        this.#layers.select(layer);
        this.#showLayer();
        this.#files.show({ scope: { kind: 'layer', layer }, filter: {} });
        this.#showFile(path);
      },
    });
    this.#compare = new CompareView(context, compared, widthsOf('compare'), goToLayer);
    this.#tabs = new Tabs(
      {
        files: { title: strings.files, content: this.#filesView.element },
        treemap: { title: strings.treemap, content: treemap.element },
        waste: { title: strings.waste, content: this.#waste.element },
        compare: { title: strings.compare, content: this.#compare.element },
      },
      this.#keeper.state.tab ?? 'files',
      (tab) => this.#keeper.change({ tab }),
    );
    this.#files.onChange(() => {
      for (const scope of this.#scopes) scope.show(this.#files.query.scope);
    });
    this.element = make(
      'div',
      { class: 'explorer' },
      make('header', { class: 'top' }, this.#header.element, this.#progress.element),
      this.#panes(saved?.layersPane),
    );
  }

  /** Shows what the host knew when the page was started. To be called once the page's element is in the document. */
  begin(start: Start): void {
    this.#progress.show(start.progress);
    this.#progress.fail(start.failure);
    if (start.image) this.#open(start.image);
    if (start.comparison) this.#onCompared(start.comparison);
    else this.#compare.show(undefined);
  }

  /** What the page does when the host tells something. */
  readonly hear: PageEvents = {
    opened: (image) => this.#open(image),
    progress: (progress) => this.#progress.show(progress),
    layersChanged: ({ layers, totals }) => this.#onLayersChanged(layers, totals),
    contentChanged: () => this.#onContent(),
    failed: (failure) => this.#progress.fail(failure),
    selectLayer: ({ layer }) => this.#onCursor(layer),
    compared: ({ session, comparison }) => {
      this.#keeper.keepSession(session);
      this.#onCompared(comparison);
    },
  };

  #panes(size: SavedState['layersPane']): HTMLElement {
    const { strings } = this.#context;
    const layers = make(
      'aside',
      { class: 'layers-pane', aria: { label: strings.layers } },
      make('h2', { class: 'pane-title' }, strings.layers),
      this.#layers.element,
      this.#layerDetails.element,
    );
    const content = make('main', { class: 'content-pane' }, make('div', { class: 'content' }, this.#tabs.element));
    const panes = make('div', { class: 'panes' }, layers);
    const splitter = new Splitter(strings.layersSplitter, panes, layers, size, (layersPane) =>
      this.#keeper.change({ layersPane }),
    );
    layers.append(splitter.element);
    panes.append(content);
    return panes;
  }

  #open(image: OpenedImage): void {
    this.#image = image;
    this.#keeper.keepSession(image.session);
    this.#progress.fail(undefined);
    this.#header.show(image);
    this.#layers.open(image);
    const { selectedLayer } = this.#keeper.state;
    const isThere = selectedLayer !== undefined && selectedLayer < image.layerCount;
    this.#layers.select(isThere ? selectedLayer : undefined);
    this.#showLayer();
    this.#markWaste(image.totals);
    run(this.#context, this.#loadLayers(image));
    // The host begins to read when it is asked for rows, with all cores: what is known already is on the screen by then.
    afterPaint(() => {
      if (this.#image === image) this.#showContent(image);
    });
  }

  #showContent(image: OpenedImage): void {
    const { scope } = this.#files.query;
    const scopeIsThere = scope.kind === 'image' || scope.layer < image.layerCount;
    this.#showFilesFirst(scopeIsThere ? {} : { scope: { kind: 'image' } });
  }

  /** What is wasted takes the host longer than all that is in sight: it is asked for after that. */
  #showFilesFirst(query: Partial<TableQuery> = {}): void {
    run(
      this.#context,
      this.#files.shown(query).then(() => this.#waste.load()),
    );
  }

  /** The layers beyond those that came with the image. */
  async #loadLayers(image: OpenedImage): Promise<void> {
    let from = image.layers.length;
    while (from < image.layerCount && this.#image === image) {
      const { layers } = await this.#context.host.layers({ from, count: limits.layers });
      if (layers.length === 0) return;
      this.#layers.add(layers);
      from += layers.length;
    }
  }

  #onLayersChanged(layers: readonly LayerRow[], totals: ImageTotals): void {
    this.#layers.change(layers, totals);
    this.#header.showTotals(totals);
    this.#markWaste(totals);
    this.#showLayer();
  }

  #onContent(): void {
    this.#showFilesFirst();
    this.#compare.reload();
  }

  #onCompared(comparison: Comparison | undefined): void {
    this.#compare.show(comparison);
    if (!comparison) return;
    // One that was there before a reload comes back behind what was in front then.
    const isRestored = this.#isRestored;
    this.#isRestored = false;
    if (isRestored) return;
    this.#tabs.show('compare');
    this.#keeper.change({ tab: 'compare' });
  }

  /** The cursor moved in the Dockerfile: what is shown follows only where it is about one layer anyway. */
  #onCursor(layer: number): void {
    this.#layers.select(layer);
    this.#showLayer();
    const { scope } = this.#files.query;
    if (scope.kind !== 'image' && scope.layer !== layer) this.#files.show({ scope: { ...scope, layer } });
  }

  /** A layer was chosen: its files are shown, or the stack's up to it where that was shown before. */
  #onLayer(layer: number): void {
    this.#showLayer();
    const { scope } = this.#files.query;
    this.#files.show({ scope: scopeOf(scope.kind === 'image' ? 'layer' : scope.kind, layer) });
  }

  /** To the layer that does something to the selected path. */
  #goToLayer(layer: number): void {
    this.#layers.select(layer);
    this.#showLayer();
    this.#tabs.show('files');
    this.#files.show({ scope: { kind: 'layer', layer } });
  }

  #emptyReason(): string | undefined {
    const { scope } = this.#files.query;
    const layer = scope.kind === 'image' ? undefined : this.#layers.layers[scope.layer];
    return layer && layerStateText(this.#context, layer);
  }

  #showFile(path: string): void {
    this.#tabs.show('files');
    this.#files.revealPath(path);
    this.#filesView.focus();
  }

  #showLayer(): void {
    const { selected } = this.#layers;
    this.#layerDetails.show(selected);
    if (selected) this.#keeper.change({ selectedLayer: selected.index });
  }

  #layerOfScope(): number {
    return this.#layers.selected?.index ?? Math.max(0, this.#layers.layers.length - 1);
  }

  #markWaste({ wastedBytes }: ImageTotals): void {
    this.#tabs.mark('waste', wastedBytes ? this.#context.format.bytes(wastedBytes) : '');
  }
}
