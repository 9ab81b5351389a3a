import type { ImageTotals, LayerRow, OpenedImage } from '../../protocol/explorer.ts';
import { fill } from '../../protocol/strings.ts';
import type { Context } from '../context.ts';
import { isolate, make, setAria, setText, uniqueId } from '../dom.ts';
import { icon } from '../icons.ts';
import { LayerItem } from './layerItem.ts';
import { layerAction, type LayerLine, layerLines } from './layerKeys.ts';

export interface LayerListOptions {
  readonly onSelect: (layer: number) => void;
  readonly onFold: (folded: boolean) => void;
  /** Enter, or a double click. */
  readonly onActivate: (layer: LayerRow) => void;
}

/** The layers from base to top; those of the base image can be folded away. */
export class LayerList {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #options: LayerListOptions;
  readonly #heading: HTMLElement;
  readonly #headingText = make('span', { class: 'base-text' });
  readonly #headingSize = make('span', { class: 'layer-size' });
  #items: LayerItem[] = [];
  #baseLayers = 0;
  #baseReference: string | undefined;
  #isFolded = false;
  #at: LayerLine | undefined;
  #largestBytes = 0;

  constructor(context: Context, options: LayerListOptions) {
    this.#context = context;
    this.#options = options;
    this.#heading = make(
      'div',
      { class: 'base', role: 'treeitem', id: uniqueId('base'), aria: { level: 1 } },
      make('span', { class: 'twistie' }, icon('chevron')),
      this.#headingText,
      this.#headingSize,
    );
    this.element = make('div', {
      class: 'layer-list',
      role: 'tree',
      tabIndex: 0,
      aria: { label: context.strings.layers },
    });
    // What is selected stays in sight when its details, or the pane's edge, take room away.
    new ResizeObserver(() => this.#elementOf(this.#at)?.scrollIntoView({ block: 'nearest' })).observe(this.element);
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.element.addEventListener('click', (event) => this.#onClick(event));
    this.element.addEventListener('dblclick', () => this.#activate());
  }

  get selected(): LayerRow | undefined {
    return typeof this.#at === 'number' ? this.#items[this.#at]?.layer : undefined;
  }

  get layers(): readonly LayerRow[] {
    return this.#items.map(({ layer }) => layer);
  }

  /** Shows another image, or the same opened again. */
  open(image: OpenedImage): void {
    this.#baseLayers = Math.min(image.baseLayers, image.layerCount);
    this.#baseReference = image.baseReference;
    this.#items = [];
    this.#largestBytes = image.totals.largestLayerBytes;
    this.add(image.layers);
  }

  /** More layers of the image, in their order. */
  add(layers: readonly LayerRow[]): void {
    for (const layer of layers) this.#items.push(new LayerItem(this.#context, layer, this.#largestBytes));
    this.#arrange();
  }

  /** More is known of some layers. */
  change(layers: readonly LayerRow[], totals: ImageTotals): void {
    for (const layer of layers) this.#items[layer.index]?.show(layer, totals.largestLayerBytes);
    if (totals.largestLayerBytes !== this.#largestBytes) {
      this.#largestBytes = totals.largestLayerBytes;
      for (const item of this.#items) item.show(item.layer, totals.largestLayerBytes);
    }
    this.#showHeading();
  }

  fold(folded: boolean): void {
    this.#isFolded = folded;
    this.#arrange();
  }

  /** Marks a layer without telling anyone, and brings it into sight. */
  select(layer: number | undefined): void {
    if (layer !== undefined && layer < this.#baseLayers && this.#isFolded) this.fold(false);
    this.#mark(layer);
  }

  /** The elements in the order of the layers; an image has a hundred of them, not a million. */
  #arrange(): void {
    const base = this.#items.slice(0, this.#baseLayers);
    const own = this.#items.slice(this.#baseLayers);
    const siblings = own.length + (base.length > 0 ? 1 : 0);
    for (const [index, { element }] of this.#items.entries()) {
      const isBase = index < this.#baseLayers;
      setAria(element, 'level', isBase ? 2 : 1);
      setAria(element, 'posinset', isBase ? index + 1 : index - this.#baseLayers + (base.length > 0 ? 2 : 1));
      setAria(element, 'setsize', isBase ? base.length : siblings);
      element.classList.toggle('of-base', isBase);
    }
    this.element.replaceChildren(
      ...(base.length > 0 ? [this.#heading] : []),
      ...(this.#isFolded ? [] : base.map(({ element }) => element)),
      ...own.map(({ element }) => element),
      ...(this.#items.length === 0 ? [make('p', { class: 'empty' }, this.#context.strings.noLayers)] : []),
    );
    // A tree without an item has no such role: screen readers say that it is broken.
    if (this.#items.length === 0) this.element.removeAttribute('role');
    else this.element.setAttribute('role', 'tree');
    setAria(this.#heading, 'expanded', !this.#isFolded);
    setAria(this.#heading, 'posinset', 1);
    setAria(this.#heading, 'setsize', siblings);
    this.#showHeading();
    if (this.#isFolded && typeof this.#at === 'number' && this.#at < this.#baseLayers) this.#mark('base');
    else this.#mark(this.#at);
  }

  #showHeading(): void {
    const { strings, format } = this.#context;
    const base = this.#items.slice(0, this.#baseLayers);
    if (this.#baseReference === undefined) setText(this.#headingText, strings.baseLayers);
    else {
      const [before = '', after = ''] = strings.baseLayersOf.split('{0}');
      this.#headingText.replaceChildren(before, isolate(this.#baseReference), after);
    }
    const isKnown = base.every(({ layer }) => layer.onDiskBytes !== undefined);
    const bytes = base.reduce((sum, { layer }) => sum + (layer.onDiskBytes ?? 0), 0);
    setText(this.#headingSize, isKnown ? format.bytes(bytes) : strings.unknown);
    this.#heading.title = fill(this.#isFolded ? strings.showBase : strings.hideBase, base.length);
  }

  #mark(line: LayerLine | undefined): void {
    this.#at = line;
    const active = this.#elementOf(line);
    for (const element of [this.#heading, ...this.#items.map((item) => item.element)]) {
      element.classList.toggle('selected', element === active);
      setAria(element, 'selected', element === active);
    }
    setAria(this.element, 'activedescendant', active?.id);
    active?.scrollIntoView({ block: 'nearest' });
  }

  #elementOf(line: LayerLine | undefined): HTMLElement | undefined {
    if (line === undefined) return undefined;
    return line === 'base' ? this.#heading : this.#items[line]?.element;
  }

  #go(line: LayerLine): void {
    this.#mark(line);
    if (line !== 'base') this.#options.onSelect(line);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const lines = layerLines(this.#items.length, this.#baseLayers, this.#isFolded);
    const action = layerAction(event.key, lines, this.#at, { layers: this.#baseLayers, isFolded: this.#isFolded });
    if (!action) return;
    event.preventDefault();
    if (action.kind === 'go') this.#go(action.line);
    else if (action.kind === 'fold') this.#toggle(action.folded);
    else this.#activate();
  }

  #onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    if (this.#heading.contains(event.target)) {
      this.#mark('base');
      this.#toggle(!this.#isFolded);
    }
    const layer = event.target.closest<HTMLElement>('[data-layer]')?.dataset.layer;
    if (layer !== undefined) this.#go(Number(layer));
  }

  #toggle(folded: boolean): void {
    this.fold(folded);
    this.#options.onFold(folded);
  }

  #activate(): void {
    const layer = this.selected;
    if (layer) this.#options.onActivate(layer);
  }
}
