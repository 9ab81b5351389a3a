import type { Problem, Span } from '../text.ts';
import { JoinedText } from './joinedText.ts';

/** What counts as white space to a Dockerfile builder: Unicode's `White_Space`, as Go's `unicode.IsSpace` has it. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (!isSpace(text.charCodeAt(at))) return false;
  return true;
}

const newline = 10;
const carriageReturn = 13;
const hash = 35;

/**
 * Reads a Dockerfile from line to line, as BuildKit's parser does: logical lines (continuations joined, comments and
 * empty lines between them dropped), and the bodies of heredocs when it is asked for them. One pass over the text.
 *
 * A lone carriage return ends a line here, as it does in every editor; builders take it for a blank, so the first one is
 * reported as a problem.
 */
export class LineReader {
  readonly comments: Span[] = [];
  readonly problems: Problem[] = [];
  readonly #text: string;
  readonly #escape: number;
  #position: number;
  #sawLoneReturn = false;

  constructor(text: string, start: number, escape: string) {
    this.#text = text;
    this.#position = start;
    this.#escape = escape.charCodeAt(0);
  }

  /** The next logical line that is not empty, from its first character that is not white space. */
  next(): JoinedText | undefined {
    while (this.#position < this.#text.length) {
      const line = this.#readLine();
      const start = this.#skipSpace(line);
      if (start === line.end) continue;
      if (this.#text.charCodeAt(start) === hash) {
        this.comments.push({ start, end: line.end });
        continue;
      }
      const joined = this.#join({ start, end: line.end });
      // A continuation that leads to nothing but blanks is no instruction.
      if (!isBlank(joined.text)) return joined;
    }
    return undefined;
  }

  /** What is left of a logical line from the reader's position on, whatever it begins with. */
  rest(): JoinedText {
    return this.#join(this.#readLine());
  }

  /** Reads the lines up to the heredoc's terminator; without one, up to the end of the text. */
  readHeredoc(name: string, stripTabs: boolean): { body: Span; end: number; terminated: boolean } {
    const start = this.#position;
    while (this.#position < this.#text.length) {
      const line = this.#readLine();
      let from = line.start;
      if (stripTabs) while (this.#text.charCodeAt(from) === 9) from++;
      if (line.end - from === name.length && this.#text.startsWith(name, from)) {
        return { body: { start, end: line.start }, end: line.end, terminated: true };
      }
    }
    return { body: { start, end: this.#text.length }, end: this.#text.length, terminated: false };
  }

  /** The line at the position, without its end; the position moves to the next one. */
  #readLine(): Span {
    const start = this.#position;
    const text = this.#text;
    let end = start;
    while (end < text.length) {
      const code = text.charCodeAt(end);
      if (code === newline || code === carriageReturn) break;
      end++;
    }
    if (end === text.length) this.#position = end;
    else if (text.charCodeAt(end) === newline) this.#position = end + 1;
    else if (text.charCodeAt(end + 1) === newline) this.#position = end + 2;
    else {
      this.#position = end + 1;
      this.#reportLoneReturn(end);
    }
    return { start, end };
  }

  #reportLoneReturn(at: number): void {
    if (this.#sawLoneReturn) return;
    this.#sawLoneReturn = true;
    this.problems.push({
      code: 'lone-carriage-return',
      message: 'Docker does not take a carriage return without a line feed for the end of a line.',
      span: { start: at, end: at + 1 },
    });
  }

  #skipSpace(line: Span): number {
    let at = line.start;
    while (at < line.end && isSpace(this.#text.charCodeAt(at))) at++;
    return at;
  }

  /** Joins a line with the lines that it continues on. */
  #join(first: Span): JoinedText {
    const pieces: Span[] = [];
    let line = first;
    let emptyLine: Span | undefined;
    for (;;) {
      const continued = this.#continuation(line);
      pieces.push({ start: line.start, end: continued ?? line.end });
      if (continued === undefined) break;
      const following = this.#nextContinued((empty) => (emptyLine ??= empty));
      if (!following) break;
      line = following;
    }
    if (emptyLine) {
      this.problems.push({
        code: 'empty-continuation-line',
        message: 'An empty line inside a continued instruction: Docker warns of it and will refuse it one day.',
        span: emptyLine,
      });
    }
    return new JoinedText(this.#text, pieces);
  }

  /** The next line that belongs to a continued instruction: not a comment, not empty. */
  #nextContinued(onEmpty: (line: Span) => void): Span | undefined {
    while (this.#position < this.#text.length) {
      const line = this.#readLine();
      const start = this.#skipSpace(line);
      if (start === line.end) onEmpty(line);
      else if (this.#text.charCodeAt(start) === hash) this.comments.push({ start, end: line.end });
      else return line;
    }
    return undefined;
  }

  /**
   * Where the escape character stands that continues a line. Blanks may follow it; a doubled one continues nothing.
   */
  #continuation(line: Span): number | undefined {
    let at = line.end - 1;
    while (at >= line.start && (this.#text.charCodeAt(at) === 32 || this.#text.charCodeAt(at) === 9)) at--;
    if (at < line.start || this.#text.charCodeAt(at) !== this.#escape) return undefined;
    return at > line.start && this.#text.charCodeAt(at - 1) === this.#escape ? undefined : at;
  }
}
