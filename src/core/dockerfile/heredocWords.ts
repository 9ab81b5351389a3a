import { isSpace } from './logicalLines.ts';
import type { Range } from './words.ts';

/** A `<<EOF` token of a line. */
export interface HeredocWord extends Range {
  readonly name: string;
  readonly expand: boolean;
  readonly stripTabs: boolean;
}

/**
 * The heredocs that a line opens, as BuildKit sees them, which is not as a shell does: the token must be a whole word
 * (`cat<<EOF` opens nothing, `<<EOF>out` is named `EOF>out`), the escape character is always a backslash, and a line
 * with an open quote opens nothing. Blanks may stand between `<<` and the name; there the name must look like one, or
 * the shift in `$((1 << n))` would swallow the rest of the file.
 */
export function heredocWords(text: string, range: Range): HeredocWord[] {
  const heredocs: HeredocWord[] = [];
  let at = range.start;
  while (at < range.end) {
    while (at < range.end && isSpace(text.charCodeAt(at))) at++;
    const start = at;
    const end = endOfShellWord(text, start, range.end);
    if (end === undefined) return [];
    const heredoc = toHeredoc(text.slice(start, end), start);
    if (heredoc) heredocs.push(heredoc);
    at = end;
  }
  return heredocs;
}

/** The end of a word; blanks right after `<<` belong to it. Undefined where a quote stays open. */
function endOfShellWord(text: string, start: number, end: number): number | undefined {
  let quote: string | undefined;
  let at = start;
  while (at < end) {
    const char = text[at]!;
    if (quote === undefined && isSpace(char.charCodeAt(0))) break;
    if (char === '\\' && quote !== "'") at++;
    else if (char === quote) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) quote = char;
    else if (quote === undefined && char === '<' && text[at + 1] === '<') {
      at++;
      if (text[at + 1] === '-') at++;
      while (at + 1 < end && isSpace(text.charCodeAt(at + 1))) at++;
    }
    at++;
  }
  return quote === undefined ? Math.min(at, end) : undefined;
}

function toHeredoc(word: string, start: number): HeredocWord | undefined {
  const match = /^\d*<<(-?)(\s*)([^<]+)$/.exec(word);
  if (!match) return undefined;
  const written = match[3]!;
  if (match[2] !== '' && !/^(["']?)[A-Za-z_]\w*\1$/.test(written)) return undefined;
  const name = unquoteDelimiter(written);
  if (name.text === '') return undefined;
  return { name: name.text, expand: !name.quoted, stripTabs: match[1] === '-', start, end: start + word.length };
}

function unquoteDelimiter(written: string): { text: string; quoted: boolean } {
  let text = '';
  let quote: string | undefined;
  let quoted = false;
  for (let at = 0; at < written.length; at++) {
    const char = written[at]!;
    const next = written[at + 1];
    if (char === '\\' && quote === undefined) text += written[++at] ?? '';
    else if (char === '\\' && quote === '"' && (next === '"' || next === '$' || next === '\\')) text += written[++at]!;
    else if (char === quote) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) {
      quote = char;
      quoted = true;
    } else text += char;
  }
  return { text, quoted };
}
