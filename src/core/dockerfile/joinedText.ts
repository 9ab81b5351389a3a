import type { Span } from '../text.ts';

/**
 * Text put together from pieces of a document: a logical line of a Dockerfile, its continuations and the comments
 * between them taken out. Every offset in it leads back to the document.
 */
export class JoinedText {
  readonly text: string;
  /** Where it comes from, in order; none is empty, unless it is the only one. */
  readonly pieces: readonly Span[];
  /** For each piece, where it begins in `text`. */
  readonly #at: readonly number[];

  /**
   * The pieces are in order and do not overlap; there is at least one. A carriage return in them ends a line, and is a
   * line feed in `text`.
   */
  constructor(document: string, pieces: readonly Span[]) {
    const filled = pieces.filter((piece) => piece.end > piece.start);
    this.pieces = filled.length > 0 ? filled : pieces.slice(0, 1);
    const at: number[] = [];
    let text = '';
    for (const piece of this.pieces) {
      at.push(text.length);
      text += document.slice(piece.start, piece.end);
    }
    this.text = text.replaceAll('\r', '\n');
    this.#at = at;
  }

  /** The document's offset of the character at `offset`. O(log pieces). */
  sourceOf(offset: number): number {
    let low = 0;
    let high = this.#at.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#at[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return this.pieces[low]!.start + (offset - this.#at[low]!);
  }

  /**
   * The document's span from the first to the last character of a range. An empty range is an empty span after the
   * character before it, so that it never lands behind a continuation.
   */
  spanOf(start: number, end: number): Span {
    if (start < end) return { start: this.sourceOf(start), end: this.sourceOf(end - 1) + 1 };
    const place = start > 0 ? this.sourceOf(start - 1) + 1 : this.sourceOf(0);
    return { start: place, end: place };
  }
}
