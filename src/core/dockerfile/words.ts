import type { Problem } from '../text.ts';
import type { JoinedText } from './joinedText.ts';
import { isSpace } from './logicalLines.ts';
import type { Flag, Word } from './model.ts';

/** Offsets into a {@link JoinedText}. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function toWord(joined: JoinedText, range: Range): Word {
  return { text: joined.text.slice(range.start, range.end), span: joined.spanOf(range.start, range.end) };
}

/** The range without the white space at its ends. */
export function trimRange(text: string, range: Range): Range {
  let { start, end } = range;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return { start, end };
}

/** Words between blanks; quotes mean nothing. So `FROM`, `EXPOSE`, `COPY`, `ADD`, `VOLUME` are read. */
export function blankWords(text: string, range: Range): Range[] {
  const words: Range[] = [];
  let at = range.start;
  while (at < range.end) {
    while (at < range.end && isSpace(text.charCodeAt(at))) at++;
    const start = at;
    while (at < range.end && !isSpace(text.charCodeAt(at))) at++;
    if (at > start) words.push({ start, end: at });
  }
  return words;
}

/**
 * Words between blanks that are neither quoted nor escaped; quotes and escapes stay in the word. So `ENV`, `LABEL` and
 * `ARG` are read. An open quote runs to the end.
 */
export function quotedWords(text: string, range: Range, escape: string): Range[] {
  const words: Range[] = [];
  let at = range.start;
  while (at < range.end) {
    while (at < range.end && isSpace(text.charCodeAt(at))) at++;
    if (at === range.end) break;
    const start = at;
    at = endOfQuotedWord(text, at, range.end, escape);
    words.push({ start, end: at });
  }
  return words;
}

function endOfQuotedWord(text: string, start: number, end: number, escape: string): number {
  let quote: string | undefined;
  let at = start;
  while (at < end) {
    const char = text[at]!;
    if (quote === undefined && isSpace(char.charCodeAt(0))) break;
    if (char === escape && quote !== "'") at++;
    else if (char === quote) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) quote = char;
    at++;
  }
  return Math.min(at, end);
}

export interface Flags {
  readonly flags: readonly Flag[];
  /** Where the arguments begin. */
  readonly end: number;
  readonly problems: readonly Problem[];
}

/**
 * Reads the `--name=value` words at the beginning of a range. A lone `--` ends them. Builders take quotes and backslashes
 * (whatever the escape directive says) out of a flag.
 */
export function parseFlags(joined: JoinedText, range: Range): Flags {
  const { text } = joined;
  const flags: Flag[] = [];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  let at = range.start;
  for (;;) {
    while (at < range.end && isSpace(text.charCodeAt(at))) at++;
    if (!text.startsWith('--', at) || at + 2 > range.end) return { flags, end: at, problems };
    const start = at;
    at = endOfQuotedWord(text, at, range.end, '\\');
    const written = text.slice(start, at);
    if (written === '--') return { flags, end: at, problems };
    const equals = written.indexOf('=');
    const span = joined.spanOf(start, at);
    const name = unquoteFlag(equals < 0 ? written : written.slice(0, equals)).slice(2);
    if (seen.has(name) && name !== 'mount' && name !== 'exclude') {
      problems.push({ code: 'repeated-flag', message: `The flag --${name} may be given only once.`, span });
    }
    seen.add(name);
    flags.push(
      equals < 0
        ? { name, span }
        : {
            name,
            value: unquoteFlag(written.slice(equals + 1)),
            span,
            valueSpan: joined.spanOf(start + equals + 1, at),
          },
    );
  }
}

function unquoteFlag(written: string): string {
  if (!/["'\\]/.test(written)) return written;
  let value = '';
  let quote: string | undefined;
  for (let at = 0; at < written.length; at++) {
    const char = written[at]!;
    if (char === '\\') value += written[++at] ?? '';
    else if (char === quote) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) quote = char;
    else value += char;
  }
  return value;
}
