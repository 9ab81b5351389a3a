import type { LayerRow } from '../../protocol/explorer.ts';
import { type Context, run } from '../context.ts';
import { linkButton, textButton } from '../controls.ts';
import { make, setAria } from '../dom.ts';
import { visibleText } from '../visibleText.ts';
import { certaintyText, instructionText } from './layerText.ts';

/** The selected layer: its instruction, in full where that is asked for, and the way to its line in the Dockerfile. */
export class LayerDetails {
  readonly element: HTMLElement;
  readonly #context: Context;
  #shown: LayerRow | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.element = make('section', { class: 'layer-details', hidden: true, aria: { label: context.strings.layers } });
  }

  show(layer: LayerRow | undefined): void {
    if (layer === this.#shown) return;
    const isSame = (['index', 'text', 'line', 'problem'] as const).every(
      (part) => layer?.[part] === this.#shown?.[part],
    );
    this.#shown = layer;
    this.element.hidden = layer === undefined;
    if (!layer || isSame) return;
    const { strings } = this.#context;
    const text = make('pre', { class: 'instruction-text', tabIndex: 0 }, lines(instructionText(this.#context, layer)));
    setAria(text, 'label', instructionText(this.#context, layer).slice(0, 60));
    text.setAttribute('role', 'group');
    const more = linkButton(strings.showInstruction, () => this.#showWhole(layer, text, more));
    const note = [certaintyText(this.#context, layer), layer.problem].filter((part) => part !== undefined).join(' · ');
    this.element.replaceChildren(
      text,
      ...(note === '' ? [] : [make('p', { class: 'note' }, visibleText(note))]),
      make(
        'div',
        { class: 'details-actions' },
        ...(layer.line === undefined
          ? []
          : [textButton(strings.goToLine, () => this.goToLine(layer), { icon: 'goTo' })]),
        ...(layer.isCut ? [more] : []),
      ),
    );
  }

  goToLine(layer: LayerRow): void {
    if (layer.line !== undefined) run(this.#context, this.#context.host.goToLine({ layer: layer.index }));
  }

  #showWhole(layer: LayerRow, text: HTMLElement, more: HTMLElement): void {
    const { host, strings } = this.#context;
    const isWhole = text.classList.toggle('whole');
    more.textContent = isWhole ? strings.hideInstruction : strings.showInstruction;
    if (!isWhole) {
      text.replaceChildren(lines(instructionText(this.#context, layer)));
      return;
    }
    run(
      this.#context,
      host.instruction({ layer: layer.index }).then((whole) => {
        if (this.#shown === layer && text.classList.contains('whole')) text.replaceChildren(lines(whole.text));
      }),
    );
  }
}

/** A text of several lines: what cannot be seen is escaped, but for the line ends. */
function lines(text: string): string {
  return text
    .split('\n')
    .map((line) => visibleText(line))
    .join('\n');
}
