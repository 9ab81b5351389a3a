import type { Span } from '../text.ts';

/**
 * Text put together from pieces of a document: a logical line of a Dockerfile, its continuations and the comments
 * between them taken out. Every offset in it leads back to the document.
 */
export class JoinedText {
  readonly text: string;
  /** For each piece, where it begins in `text`, and where in the document. */
  readonly #at: readonly number[];
  readonly #source: readonly number[];

  /** The pieces are in order and do not overlap. There is at least one. */
  constructor(document: string, pieces: readonly Span[]) {
    const at: number[] = [];
    const source: number[] = [];
    const texts: string[] = [];
    let length = 0;
    for (const piece of pieces) {
      // Empty pieces say nothing, except a first one: it gives an empty text its place.
      if (piece.start === piece.end && at.length > 0) continue;
      at.push(length);
      source.push(piece.start);
      texts.push(document.slice(piece.start, piece.end));
      length += piece.end - piece.start;
    }
    this.text = texts.length === 1 ? texts[0]! : texts.join('');
    this.#at = at;
    this.#source = source;
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
    return this.#source[low]! + (offset - this.#at[low]!);
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
