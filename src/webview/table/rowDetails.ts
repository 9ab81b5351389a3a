import type { Row } from '../../core/explorer/rows.ts';
import { fill } from '../../protocol/strings.ts';
import type { Context } from '../context.ts';
import { textButton } from '../controls.ts';
import { isolate, make } from '../dom.ts';
import { formatMode } from '../format.ts';
import { kindWords } from '../words.ts';
import { fateAction, fileActions, type RowAction } from './rowActions.ts';
import { changeText, fateText, ownerText } from './rowText.ts';
import type { TableModel } from './tableModel.ts';

/** What is selected, in full, and what can be done with it: the same as in the menu, where everybody finds it. */
export class RowDetails {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #model: TableModel;
  readonly #goToLayer: (layer: number) => void;
  #shown: Row | undefined;

  constructor(context: Context, model: TableModel, goToLayer: (layer: number) => void) {
    this.#context = context;
    this.#model = model;
    this.#goToLayer = goToLayer;
    this.element = make('section', { class: 'details', hidden: true });
  }

  show(): void {
    const row = this.#model.freshRow(this.#model.selected);
    // A row that is still to come leaves what is there, so that nothing jumps.
    if (row === this.#shown || (!row && this.#model.selected >= 0)) return;
    this.#shown = row;
    this.element.hidden = row === undefined;
    if (!row) return;
    const actions = fileActions(this.#context, this.#model, row);
    const fate = fateAction(this.#context, this.#model, row, this.#goToLayer);
    this.element.replaceChildren(
      make(
        'div',
        { class: 'details-text' },
        make('div', { class: 'details-title' }, isolate(row.name)),
        this.#facts(row),
      ),
      make('div', { class: 'details-actions' }, ...[...(fate ? [fate] : []), ...actions].map(button)),
    );
  }

  #facts(row: Row): HTMLElement {
    const { strings, format } = this.#context;
    const facts = make('div', { class: 'details-facts' });
    const texts = [
      strings[kindWords[row.kind]],
      format.bytes(row.change === 'removed' ? row.removedBytes : row.bytes),
      row.layer === undefined ? '' : fill(strings.layerNumber, row.layer + 1),
      changeText(this.#context, row),
      fateText(this.#context, row) ?? '',
      ownerText(row),
      row.mode === undefined ? '' : formatMode(row.mode),
      this.#context.format.time(row.modified),
      row.isFurtherName ? strings.furtherName : '',
    ];
    for (const text of texts) if (text !== '') facts.append(make('span', {}, text));
    if (row.wastedBytes > 0) {
      facts.append(make('span', { class: 'waste-text' }, fill(strings.wastedHere, format.bytes(row.wastedBytes))));
    }
    if (row.link !== undefined) {
      const [before = '', after = ''] = strings.linkTo.split('{0}');
      facts.append(make('span', {}, before, isolate(row.link), after));
    }
    return facts;
  }
}

function button(action: RowAction): HTMLElement {
  return textButton(action.text, action.run, action.icon ? { icon: action.icon } : {});
}
