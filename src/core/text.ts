/** A range of a text: UTF-16 offsets, `start` included, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Something about a text that is not as it should be, and where. */
export interface Problem {
  readonly code: string;
  /** One sentence in plain English; for people, never parsed. */
  readonly message: string;
  readonly span: Span;
}

/** A zero-based line and UTF-16 column, as editors count. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Where the lines of a text start; `\n`, `\r\n` and a lone `\r` end a line, as in VS Code. */
export class Lines {
  readonly starts: readonly number[];
  readonly length: number;
  readonly #text: string;

  constructor(text: string) {
    const starts = [0];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
    }
    this.starts = starts;
    this.length = text.length;
    this.#text = text;
  }

  get count(): number {
    return this.starts.length;
  }

  /** The zero-based line that holds an offset; offsets outside the text are clamped. O(log lines). */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  positionAt(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.length));
    const line = this.lineAt(clamped);
    return { line, character: clamped - this.starts[line]! };
  }

  /** A line or column beyond the end is the end: of the text, or of the line, before its line break. */
  offsetAt(position: Position): number {
    const line = Math.max(0, position.line);
    const start = this.starts[line];
    if (start === undefined) return this.length;
    let end = this.starts[line + 1] ?? this.length;
    while (end > start && /[\r\n]/.test(this.#text[end - 1]!)) end--;
    return Math.min(start + Math.max(0, position.character), end);
  }
}

/** Replaces the text of a span. An empty span inserts. */
export interface TextEdit extends Span {
  readonly newText: string;
}

/** Applies edits that do not overlap, in any order. Throws a `RangeError` when they overlap: that is a bug of the maker. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let from = 0;
  for (const edit of sorted) {
    if (edit.start < from || edit.end < edit.start || edit.end > text.length) {
      throw new RangeError(`edit ${edit.start}-${edit.end} overlaps another or leaves the text`);
    }
    result += text.slice(from, edit.start) + edit.newText;
    from = edit.end;
  }
  return result + text.slice(from);
}
