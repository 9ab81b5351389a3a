import type { Disposable, TextDocument } from 'vscode';

/** What follows typing in a document, once for a pause of it and not for each key. */
export class DocumentPauses implements Disposable {
  readonly #milliseconds: number;
  readonly #after: (document: TextDocument) => void;
  readonly #timers = new Map<TextDocument, NodeJS.Timeout>();

  /** @param after is called when nothing has been typed in a document for so many milliseconds. */
  constructor(milliseconds: number, after: (document: TextDocument) => void) {
    this.#milliseconds = milliseconds;
    this.#after = after;
  }

  /** Something was typed in a document: its pause begins anew. */
  typed(document: TextDocument): void {
    this.forget(document);
    const timer = setTimeout(() => {
      this.#timers.delete(document);
      this.#after(document);
    }, this.#milliseconds);
    this.#timers.set(document, timer);
  }

  /** Nothing is to follow in a document any more. */
  forget(document: TextDocument): void {
    clearTimeout(this.#timers.get(document));
    this.#timers.delete(document);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
