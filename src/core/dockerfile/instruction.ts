import type { Lines, Problem, Span } from '../text.ts';
import { heredocWords } from './heredocWords.ts';
import type { JoinedText } from './joinedText.ts';
import { isSpace, type LineReader } from './logicalLines.ts';
import type { Heredoc, Instruction, Scope } from './model.ts';
import { blankWords, parseFlags, quotedWords, type Range, toWord, trimRange } from './words.ts';

/** Where an instruction stands, and what was known there. */
export interface Place {
  readonly index: number;
  readonly stage: number;
  readonly scope: Scope;
  readonly shell: readonly string[];
  readonly lines: Lines;
  readonly escape: string;
  /** Problems are added to it. */
  readonly problems: Problem[];
}

/**
 * How the arguments of each instruction are read:
 * - `blanks`: words between blanks; `quoted`: quotes hold words together; `pairs`: the same, or the old `NAME value` form
 * - `whole`: one word up to the end of the line; `command`: text for a shell
 * - `trigger`: another instruction
 */
type Arguments = 'blanks' | 'quoted' | 'pairs' | 'whole' | 'command' | 'healthcheck' | 'trigger';

const keywords: ReadonlyMap<string, { readonly args: Arguments; readonly json?: true; readonly mayBeEmpty?: true }> =
  new Map(
    Object.entries({
      ADD: { args: 'blanks', json: true },
      ARG: { args: 'quoted' },
      CMD: { args: 'command', json: true, mayBeEmpty: true },
      COPY: { args: 'blanks', json: true },
      ENTRYPOINT: { args: 'command', json: true, mayBeEmpty: true },
      ENV: { args: 'pairs' },
      EXPOSE: { args: 'blanks' },
      // A missing base is reported where the stage is made.
      FROM: { args: 'blanks', mayBeEmpty: true },
      HEALTHCHECK: { args: 'healthcheck', json: true },
      LABEL: { args: 'pairs' },
      MAINTAINER: { args: 'whole' },
      ONBUILD: { args: 'trigger' },
      RUN: { args: 'command', json: true },
      SHELL: { args: 'command', json: true },
      STOPSIGNAL: { args: 'whole' },
      USER: { args: 'whole' },
      VOLUME: { args: 'blanks', json: true },
      WORKDIR: { args: 'whole' },
    } as const),
  );

/** The first word of a logical line, in upper case. */
export function keywordOf(joined: JoinedText): string {
  const { text } = joined;
  const { start, end } = keywordRange(text, trimRange(text, { start: 0, end: text.length }));
  return text.slice(start, end).toUpperCase();
}

/** Reads one instruction; the bodies of its heredocs come from the reader, which must stand behind the line. */
export function parseInstruction(joined: JoinedText, reader: LineReader, place: Place): Instruction {
  return parseRange(joined, trimRange(joined.text, { start: 0, end: joined.text.length }), reader, place, false);
}

function parseRange(
  joined: JoinedText,
  range: Range,
  reader: LineReader,
  place: Place,
  isTrigger: boolean,
): Instruction {
  const { text } = joined;
  const { end: keywordEnd } = keywordRange(text, range);
  const keyword = text.slice(range.start, keywordEnd).toUpperCase();
  const keywordSpan = joined.spanOf(range.start, keywordEnd);
  const syntax = keywords.get(keyword);
  const report = (code: string, message: string, span: Span) => place.problems.push({ code, message, span });

  const { flags, end: flagsEnd, problems } = parseFlags(joined, { start: keywordEnd, end: range.end });
  place.problems.push(...problems);
  const args = trimRange(text, { start: flagsEnd, end: range.end });
  if (!syntax) report('unknown-instruction', `There is no instruction ${keyword}.`, keywordSpan);
  else if (args.start === args.end && !syntax.mayBeEmpty) {
    report('missing-arguments', `${keyword} lacks its arguments.`, keywordSpan);
  }

  const words = readWords(text, args, syntax?.args ?? 'quoted', place.escape);
  const jsonRange = syntax?.args === 'healthcheck' ? { start: words[0]?.end ?? args.end, end: args.end } : args;
  const json = syntax?.json && parseJson(text, jsonRange);
  if (json === 'mixed') {
    report('json-not-strings', 'The JSON form takes strings only.', joined.spanOf(jsonRange.start, jsonRange.end));
  }
  const strings = typeof json === 'object' ? json : undefined;
  if (keyword === 'SHELL' && !strings && args.end > args.start) {
    report('shell-not-json', 'SHELL takes the JSON form only.', joined.spanOf(args.start, args.end));
  }

  let trigger: Instruction | undefined;
  let heredocs: readonly Heredoc[] = [];
  let end = joined.spanOf(range.start, range.end).end;
  if (syntax?.args === 'trigger') {
    if (isTrigger) report('invalid-trigger', 'ONBUILD may not hold another ONBUILD.', keywordSpan);
    else if (args.end > args.start) {
      trigger = parseRange(joined, args, reader, place, true);
      end = trigger.span.end;
    }
  } else if (!strings && (keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD')) {
    ({ heredocs, end } = readHeredocs(joined, range, reader, place, end));
  }
  if (isTrigger && (keyword === 'FROM' || keyword === 'MAINTAINER')) {
    report('invalid-trigger', `ONBUILD may not hold ${keyword}.`, keywordSpan);
  }

  const span = { start: keywordSpan.start, end };
  return {
    index: place.index,
    stage: place.stage,
    keyword,
    keywordSpan,
    span,
    line: place.lines.lineAt(span.start) + 1,
    endLine: place.lines.lineAt(span.end) + 1,
    flags,
    words: (strings ? jsonWords(text, args, words, syntax?.args) : words).map((word) => toWord(joined, word)),
    argsSpan: joined.spanOf(args.start, args.end),
    ...(strings ? { json: strings } : {}),
    heredocs,
    scope: place.scope,
    shell: place.shell,
    ...(trigger ? { trigger } : {}),
  };
}

function keywordRange(text: string, { start, end: limit }: Range): Range {
  let end = start;
  while (end < limit && !isSpace(text.charCodeAt(end))) end++;
  return { start, end };
}

function readWords(text: string, args: Range, how: Arguments, escape: string): Range[] {
  switch (how) {
    case 'blanks':
      return blankWords(text, args);
    case 'quoted':
      return quotedWords(text, args, escape);
    case 'pairs': {
      const words = quotedWords(text, args, escape);
      const first = words[0];
      if (!first || text.slice(first.start, first.end).includes('=')) return words;
      const name = blankWords(text, first)[0] ?? first;
      const value = trimRange(text, { start: name.end, end: args.end });
      return value.end > value.start ? [name, value] : [name];
    }
    case 'whole':
      return args.end > args.start ? [args] : [];
    case 'healthcheck':
      return blankWords(text, args).slice(0, 1);
    case 'command':
    case 'trigger':
      return [];
  }
}

/** The strings of a JSON array; `mixed` for an array of other things, undefined for what is no array. */
function parseJson(text: string, range: Range): readonly string[] | 'mixed' | undefined {
  const written = text.slice(range.start, range.end).trim();
  if (!written.startsWith('[')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch (error) {
    // Builders take what is not JSON for the shell form: `RUN [ -f x ] && …`.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!Array.isArray(value)) return undefined;
  return value.every((item): item is string => typeof item === 'string') ? value : 'mixed';
}

/** The string literals of a JSON array that is known to be one of strings; for `HEALTHCHECK`, behind its `CMD`. */
function jsonWords(text: string, args: Range, words: readonly Range[], how: Arguments | undefined): Range[] {
  const found: Range[] = how === 'healthcheck' ? words.slice(0, 1) : [];
  const literal = /"(?:[^"\\]|\\.)*"/g;
  literal.lastIndex = found[0]?.end ?? args.start;
  for (let match = literal.exec(text); match && literal.lastIndex <= args.end; match = literal.exec(text)) {
    found.push({ start: match.index, end: literal.lastIndex });
  }
  return found;
}

function readHeredocs(joined: JoinedText, range: Range, reader: LineReader, place: Place, lineEnd: number) {
  const heredocs: Heredoc[] = [];
  let end = lineEnd;
  if (!joined.text.includes('<<')) return { heredocs, end };
  for (const word of heredocWords(joined.text, range)) {
    const { body, end: bodyEnd, terminated } = reader.readHeredoc(word.name, word.stripTabs);
    const span = joined.spanOf(word.start, word.end);
    if (!terminated) {
      const message = `The heredoc ${word.name} lacks its last line.`;
      place.problems.push({ code: 'unterminated-heredoc', message, span });
    }
    const { name, expand, stripTabs } = word;
    heredocs.push({ name, expand, stripTabs, span, bodySpan: body });
    end = bodyEnd;
  }
  return { heredocs, end };
}
