import type { Terminal } from './terminal.ts';

/** One line on standard error that is written over; nothing where standard error is no terminal, or people want quiet. */
export class Progress implements Disposable {
  readonly #terminal: Terminal;
  readonly #isShown: boolean;
  readonly #now: () => number;
  #shownAt = -Infinity;
  #isDirty = false;

  constructor(terminal: Terminal, quiet: boolean, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#isShown = terminal.errIsTerminal && !quiet;
    this.#now = now;
  }

  /** Shows a text in place of the one before, ten times a second at most. */
  show(text: string): void {
    if (!this.#isShown || this.#now() - this.#shownAt < 100) return;
    this.#shownAt = this.#now();
    this.#isDirty = true;
    this.#terminal.err(`\r\u001b[K${text}`);
  }

  /** Wipes the line, so that what is printed next stands alone. */
  [Symbol.dispose](): void {
    if (this.#isDirty) this.#terminal.err('\r\u001b[K');
    this.#isDirty = false;
  }
}
