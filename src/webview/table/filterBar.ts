import { formatBytes, parseBytes } from '../../core/size.ts';
import { changes } from '../../core/image/change.ts';
import type { Change, Filter } from '../../protocol/explorer.ts';
import type { Context } from '../context.ts';
import { checkbox, iconButton, textButton, textField } from '../controls.ts';
import { make, setAria } from '../dom.ts';
import { openMenu } from '../menu.ts';
import { changeWords } from '../words.ts';

/** Milliseconds between a key in the filter and the question to the host. */
const typingPause = 60;

/** Text, glob, least size, kinds of change, wasted only: says what rows are shown. */
export class FilterBar {
  readonly element: HTMLElement;
  readonly #context: Context;
  readonly #onFilter: (filter: Filter) => void;
  readonly #text: HTMLElementTagNameMap['vscode-text-field'];
  readonly #minimum: HTMLElementTagNameMap['vscode-text-field'];
  readonly #changesButton: HTMLElementTagNameMap['vscode-button'];
  readonly #wasted: ReturnType<typeof checkbox> | undefined;
  readonly #clear: HTMLElement;
  #changes: readonly Change[] = [];
  #wastedOnly = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: Context, options: { readonly hasWaste: boolean }, onFilter: (filter: Filter) => void) {
    const { strings } = context;
    this.#context = context;
    this.#onFilter = onFilter;
    this.#text = textField(strings.filter, strings.filterPlaceholder, () => this.#later());
    this.#text.className = 'filter-text';
    this.#text.title = strings.filterHelp;
    this.#minimum = textField(strings.filterMinimum, strings.filterMinimumPlaceholder, () => this.#later());
    this.#minimum.className = 'filter-minimum';
    this.#changesButton = textButton(strings.filterChanges, () => this.#chooseChanges());
    setAria(this.#changesButton, 'haspopup', 'menu');
    this.#clear = iconButton('clear', strings.filterClear, () => this.#reset());
    this.#wasted = options.hasWaste
      ? checkbox(strings.filterWasted, (checked) => {
          this.#wastedOnly = checked;
          this.#now();
        })
      : undefined;
    this.element = make(
      'div',
      { class: 'filter', role: 'search', aria: { label: strings.filter } },
      this.#text,
      this.#minimum,
      this.#changesButton,
      ...(this.#wasted ? [this.#wasted.element] : []),
      this.#clear,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.#reset();
    });
    this.#mark();
  }

  focus(): void {
    this.#text.focus();
  }

  /** Shows a filter that comes from elsewhere. */
  show(filter: Filter): void {
    this.#text.value = filter.text ?? '';
    this.#minimum.value = filter.minBytes === undefined ? '' : formatBytes(filter.minBytes);
    this.#changes = filter.changes ?? [];
    this.#wastedOnly = filter.wastedOnly ?? false;
    this.#wasted?.show(this.#wastedOnly);
    this.#mark();
  }

  #reset(): void {
    this.show({});
    this.#now();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#now(), typingPause);
  }

  #now(): void {
    clearTimeout(this.#timer);
    this.#mark();
    const text = this.#text.value.trim();
    const minBytes = parseBytes(this.#minimum.value);
    this.#onFilter({
      ...(text === '' ? {} : { text }),
      ...(minBytes === undefined || minBytes === 0 ? {} : { minBytes }),
      ...(this.#changes.length === 0 ? {} : { changes: this.#changes }),
      ...(this.#wastedOnly ? { wastedOnly: true } : {}),
    });
  }

  /** Shows which parts ask for something, and a size that cannot be read. */
  #mark(): void {
    const { strings } = this.#context;
    const minimum = this.#minimum.value.trim();
    const isInvalid = minimum !== '' && parseBytes(minimum) === undefined;
    this.#minimum.classList.toggle('invalid', isInvalid);
    this.#minimum.ariaInvalid = String(isInvalid);
    this.#minimum.title = isInvalid ? strings.filterMinimumInvalid : strings.filterMinimum;
    const chosen = this.#changes.map((change) => strings[changeWords[change]]).join(', ');
    this.#changesButton.textContent = chosen === '' ? strings.filterChanges : chosen;
    this.#changesButton.classList.toggle('chosen', chosen !== '');
    const isEmpty = this.#text.value === '' && minimum === '' && chosen === '' && !this.#wastedOnly;
    this.#clear.hidden = isEmpty;
  }

  #chooseChanges(): void {
    const { strings } = this.#context;
    const items = changes.map((change) => ({
      text: strings[changeWords[change]],
      checked: this.#changes.includes(change),
      toggle: (checked: boolean) => {
        this.#changes = changes.filter((other) => (other === change ? checked : this.#changes.includes(other)));
        this.#now();
      },
    }));
    const { left, bottom } = this.#changesButton.getBoundingClientRect();
    openMenu(strings.filterChanges, [items], left, bottom);
  }
}
