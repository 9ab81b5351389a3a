import type { Treemap } from '../../core/explorer/rows.ts';
import { fill } from '../../protocol/strings.ts';
import { RpcError } from '../../protocol/rpc.ts';
import { type Context, run } from '../context.ts';
import { iconButton, linkButton } from '../controls.ts';
import { isolate, make, setAria, setText } from '../dom.ts';
import type { TableModel } from '../table/tableModel.ts';
import { cellElements, cellLabel } from './treemapCells.ts';
import { treemapAction } from './treemapKeys.ts';
import { treemapTable } from './treemapList.ts';

/** Milliseconds after which a box that changes its size is laid out anew. */
const resizePause = 80;

export interface TreemapViewOptions {
  /** Stands before the way to where the map is zoomed to. */
  readonly lead: HTMLElement;
  readonly onZoom: (path: string) => void;
  /** Shows a file among the files. */
  readonly onShowFile: (path: string) => void;
}

/** The bytes of a table as areas, one directory at a time; laid out by the host for what is visible. */
export class TreemapView {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #model: TableModel;
  readonly #options: TreemapViewOptions;
  readonly #way: HTMLElement;
  readonly #out: HTMLElement;
  readonly #box: HTMLElement;
  readonly #map: HTMLElement;
  readonly #info: HTMLElement;
  #elements: HTMLElement[] = [];
  #shown: Treemap | undefined;
  /** The directory that is zoomed to; its number in the tree `#tree`. */
  #node = 0;
  #tree: number | undefined;
  /** The same as it is known in every tree; undefined for the root, and until the host has told it. */
  #path: string | undefined;
  #revision: number | undefined;
  #at = -1;
  #asList = false;
  #call = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: Context, model: TableModel, path: string | undefined, options: TreemapViewOptions) {
    const { strings } = context;
    this.#context = context;
    this.#model = model;
    this.#options = options;
    this.#path = path;
    this.#way = make('ol', { class: 'way' });
    this.#out = iconButton('up', strings.treemapUp, () => this.#zoomOut());
    const toggle = iconButton('list', strings.treemapAsText, () => {
      this.#asList = !this.#asList;
      const label = this.#asList ? strings.treemapAsMap : strings.treemapAsText;
      toggle.title = label;
      setAria(toggle, 'label', label);
      this.#draw();
    });
    this.#map = make('div', { class: 'treemap', role: 'tree', tabIndex: 0 });
    this.#box = make('div', { class: 'treemap-box' }, this.#map);
    this.#info = make('div', { class: 'status', role: 'status' });
    this.element = make(
      'div',
      { class: 'treemap-view' },
      make(
        'div',
        { class: 'toolbar' },
        options.lead,
        this.#out,
        make('nav', { class: 'way-box', aria: { label: strings.treemapPath } }, this.#way),
        make('div', { class: 'toolbar-end' }, toggle),
      ),
      this.#box,
      this.#info,
    );
    this.#map.addEventListener('keydown', (event) => this.#onKey(event));
    this.#map.addEventListener('click', (event) => this.#onCell(event, (cell) => this.#mark(cell)));
    this.#map.addEventListener('dblclick', (event) => this.#onCell(event, (cell) => this.#activate(cell)));
    new ResizeObserver(() => this.#later()).observe(this.#box);
    model.onChange(() => {
      // What is selected or which directories are open does not matter here; what is shown, and of which tree, does.
      if (model.summary?.revision === this.#revision) return;
      this.#revision = model.summary?.revision;
      this.#later();
    });
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), resizePause);
  }

  #load(): void {
    const { summary } = this.#model;
    const { clientWidth: width, clientHeight: height } = this.#box;
    // A hidden tab has no size; it is laid out when it is shown.
    if (!summary || width < 20 || height < 20) return;
    this.#call.abort();
    this.#call = new AbortController();
    run(this.#context, this.#ask(summary.tree, width, height, this.#call.signal));
  }

  async #ask(tree: number, width: number, height: number, signal: AbortSignal): Promise<void> {
    const { host } = this.#context;
    const { table } = this.#model;
    try {
      if (this.#tree !== tree) {
        const found = this.#path === undefined ? undefined : await host.reveal({ table, path: this.#path }, signal);
        this.#node = found?.node ?? 0;
        this.#tree = found?.tree ?? tree;
      }
      const map = await host.treemap({ table, tree: this.#tree, node: this.#node, width, height }, signal);
      const selected = this.#shown?.tree === map.tree ? this.#shown.cells[this.#at]?.node : undefined;
      this.#shown = map;
      this.#at = -1;
      this.#draw();
      // Laid out anew (the page got another size, say): what was selected stays so, as long as it is drawn.
      if (selected !== undefined) this.#mark(map.cells.findIndex(({ node }) => node === selected));
    } catch (error) {
      // The table is about to be shown anew.
      if (!(error instanceof RpcError && (error.code === 'stale' || error.code === 'unready'))) throw error;
    }
  }

  #draw(): void {
    const map = this.#shown;
    if (!map) return;
    const { strings, format } = this.#context;
    const where = map.path.at(-1)?.name ?? '/';
    this.#showWay(map);
    const label = fill(strings.treemapLabel, where, format.bytes(map.bytes), format.bytes(map.wastedBytes));
    if (map.cells.length === 0) {
      this.#box.replaceChildren(make('p', { class: 'empty' }, strings.treemapEmpty));
    } else if (this.#asList) {
      this.#box.replaceChildren(
        make(
          'div',
          { class: 'list-box', tabIndex: 0, role: 'region', aria: { label } },
          treemapTable(this.#context, map, (cell) => this.#zoom(cell.node ?? 0)),
        ),
      );
    } else {
      this.#elements = cellElements(this.#context, map);
      this.#map.replaceChildren(...this.#elements);
      setAria(this.#map, 'label', label);
      setAria(this.#map, 'activedescendant', undefined);
      if (this.#map.parentElement !== this.#box) this.#box.replaceChildren(this.#map);
    }
    setText(this.#info, label);
  }

  #showWay(map: Treemap): void {
    const last = map.path.length - 1;
    this.#way.replaceChildren(
      ...map.path.map(({ node, name }, place) => {
        if (place === last) return make('li', { aria: { current: 'location' } }, isolate(name));
        const step = linkButton('', () => this.#zoom(node));
        step.append(isolate(name));
        return make('li', {}, step);
      }),
    );
    this.#out.toggleAttribute('disabled', last <= 0);
  }

  #zoom(node: number): void {
    const map = this.#shown;
    if (!map) return;
    this.#node = node;
    this.#tree = map.tree;
    this.#path = undefined;
    void this.#remember(map.tree, node);
    this.#load();
  }

  #zoomOut(): void {
    const above = this.#shown?.path.at(-2);
    if (above) this.#zoom(above.node);
  }

  /** The path under which the directory is found again in another tree, and after a reload. */
  async #remember(tree: number, node: number): Promise<void> {
    try {
      const { path } = await this.#context.host.pathOf({ table: this.#model.table, tree, node });
      if (this.#node !== node) return;
      this.#path = path;
      this.#options.onZoom(path);
    } catch (error) {
      this.#context.report(error);
    }
  }

  #mark(at: number): void {
    const map = this.#shown;
    const cell = map?.cells[at];
    if (!map || !cell) return;
    for (const place of [this.#at, at]) {
      const element = this.#elements[place];
      if (!element) continue;
      element.classList.toggle('selected', place === at);
      setAria(element, 'selected', place === at);
    }
    this.#at = at;
    setAria(this.#map, 'activedescendant', this.#elements[at]?.id);
    setText(this.#info, cellLabel(this.#context, map, cell));
  }

  #activate(at: number): void {
    const map = this.#shown;
    const cell = map?.cells[at];
    if (!map || cell?.node === undefined) return;
    if (cell.kind === 'directory') {
      this.#zoom(cell.node);
      this.#map.focus();
      return;
    }
    const { host } = this.#context;
    run(
      this.#context,
      host
        .pathOf({ table: this.#model.table, tree: map.tree, node: cell.node })
        .then(({ path }) => this.#options.onShowFile(path)),
    );
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const action = treemapAction(event.key, this.#shown?.cells ?? [], this.#at);
    if (!action) return;
    event.preventDefault();
    if (action.kind === 'go') this.#mark(action.cell);
    else if (action.kind === 'out') this.#zoomOut();
    else this.#activate(this.#at);
  }

  #onCell(event: Event, then: (cell: number) => void): void {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-cell]') : null;
    if (cell?.dataset.cell !== undefined) then(Number(cell.dataset.cell));
  }
}
