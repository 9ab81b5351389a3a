import type { LayerRow } from '../../protocol/explorer.ts';
import { fill } from '../../protocol/strings.ts';
import type { Context } from '../context.ts';
import { make, setText, setTitle, setVariable, uniqueId } from '../dom.ts';
import { visibleText } from '../visibleText.ts';
import { instructionText, layerFacts, layerSizeText } from './layerText.ts';

/** One layer in the list: its instruction, and its bytes as a bar on the scale of all of them. */
export class LayerItem {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #keyword = make('span', { class: 'keyword' });
  readonly #text = make('bdi', { class: 'instruction' });
  readonly #size = make('span', { class: 'layer-size' });
  readonly #bar: HTMLElement;
  readonly #facts = make('span', { class: 'layer-facts' });
  readonly #wasted = make('span', { class: 'layer-wasted waste-text' });
  #layer: LayerRow;

  constructor(context: Context, layer: LayerRow, largestBytes: number) {
    this.#context = context;
    this.#layer = layer;
    this.#bar = make(
      'span',
      { class: 'bar' },
      make('span', { class: 'bar-fill' }),
      make('span', { class: 'bar-waste' }),
    );
    this.element = make(
      'div',
      { class: 'layer', role: 'treeitem', id: uniqueId('layer') },
      make('span', { class: 'layer-number' }, String(layer.index + 1)),
      make('span', { class: 'layer-head' }, this.#keyword, this.#text, this.#size),
      this.#bar,
      make('span', { class: 'layer-foot' }, this.#facts, this.#wasted),
    );
    this.element.dataset.layer = String(layer.index);
    this.show(layer, largestBytes);
  }

  get layer(): LayerRow {
    return this.#layer;
  }

  /** `largestBytes` is the scale: the bar of a layer of that size is as long as can be. */
  show(layer: LayerRow, largestBytes: number): void {
    const context = this.#context;
    const { strings, format } = context;
    this.#layer = layer;
    setText(this.#keyword, visibleText(layer.keyword ?? ''));
    setText(
      this.#text,
      layer.keyword === undefined && layer.text === '' ? strings.layerUnknown : visibleText(layer.text),
    );
    setText(this.#size, layerSizeText(context, layer));
    setText(this.#facts, layerFacts(context, layer).join(' · '));
    const wasted = layer.wastedBytes ?? 0;
    setText(this.#wasted, wasted > 0 ? fill(strings.wastedHere, format.bytes(wasted)) : '');
    const bytes = layer.onDiskBytes ?? 0;
    setVariable(this.#bar, '--share', String(largestBytes > 0 ? bytes / largestBytes : 0));
    setVariable(this.#bar, '--waste', String(bytes > 0 ? Math.min(1, wasted / bytes) : 0));
    this.element.classList.toggle('failed', layer.state === 'failed');
    this.element.classList.toggle('has-size', layer.onDiskBytes !== undefined);
    setTitle(this.element, layer.problem ?? instructionText(context, layer));
  }
}
