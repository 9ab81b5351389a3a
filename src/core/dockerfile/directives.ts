import type { Problem } from '../text.ts';
import type { Directive } from './model.ts';

const names = new Set(['escape', 'syntax', 'check']);

export interface Directives {
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  readonly problems: readonly Problem[];
  /** Where the rest of the file begins: after the byte order mark and the directives. */
  readonly end: number;
}

/**
 * Reads the parser directives at the top of a file. The first line that is none ends them; each may stand once.
 * https://docs.docker.com/reference/dockerfile/#parser-directives
 */
export function parseDirectives(text: string): Directives {
  const line = /[^\S\r\n]*#[^\S\r\n]*([a-z][a-z0-9]*)[^\S\r\n]*=[^\S\r\n]*([^\r\n]+)(?:\r\n|\r|\n|$)/diy;
  const directives: Directive[] = [];
  const problems: Problem[] = [];
  let escape: '\\' | '`' = '\\';
  let end = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    line.lastIndex = end;
    const match = line.exec(text);
    const name = match?.[1]!.toLowerCase();
    if (!match || name === undefined || !names.has(name)) break;
    const value = match[2]!.trimEnd();
    if (value === '') break;
    const start = match.index + match[0].indexOf('#');
    const valueStart = match.indices![2]![0];
    const span = { start, end: valueStart + value.length };
    if (directives.some((other) => other.name === name)) {
      problems.push({ code: 'repeated-directive', message: `The directive ${name} may be given only once.`, span });
    } else {
      directives.push({ name, value, span, valueSpan: { start: valueStart, end: span.end } });
      if (name === 'escape') {
        if (value === '\\' || value === '`') escape = value;
        else {
          problems.push({ code: 'invalid-escape', message: 'The escape character is either \\ or `.', span });
        }
      }
    }
    end = line.lastIndex;
  }
  return { directives, escape, problems, end };
}
