import { iconButton } from '../controls.ts';
import { make } from '../dom.ts';
import { visibleText } from '../visibleText.ts';

/** What went wrong with one thing that was asked for; the rest of the page goes on. */
export class Notice {
  readonly element = make('div', { class: 'notice', role: 'alert', hidden: true });
  readonly #dismiss: string;

  constructor(dismiss: string) {
    this.#dismiss = dismiss;
  }

  show(message: string): void {
    this.element.replaceChildren(
      make('span', {}, visibleText(message)),
      iconButton('clear', this.#dismiss, () => this.#hide()),
    );
    this.element.hidden = false;
  }

  #hide(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
  }
}
