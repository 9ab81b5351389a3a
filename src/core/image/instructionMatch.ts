import { expand } from '../dockerfile/expand.ts';
import type { Dockerfile, Instruction, Scope, Word } from '../dockerfile/model.ts';
import { jsonWords, type HistoryInstruction } from './createdBy.ts';

/** `same`: the entry was written by this text. `similar`: by an earlier version of it, as it seems. */
export type MatchQuality = 'same' | 'similar';

/** Compares one instruction of a Dockerfile with entries of a history. */
export type Comparison = (entry: HistoryInstruction) => MatchQuality | undefined;

/**
 * What the entry of this instruction looks like in every builder's spelling. Builders expand variables in all
 * instructions but commands, drop or keep quotes and flags, and print lists in their own ways; blanks never matter.
 */
export function comparisonOf(instruction: Instruction, file: Dockerfile): Comparison {
  const compare = compareArguments(instruction, file);
  return (entry) => (entry.keyword === instruction.keyword ? compare(entry) : undefined);
}

function compareArguments(instruction: Instruction, file: Dockerfile): Comparison {
  const words = () => instruction.words.map((word) => pattern(word.text, instruction.scope, file.escape));
  const written = joinedArguments(instruction, file);
  switch (instruction.keyword) {
    case 'RUN':
      return compareRun(instruction, file, written);
    case 'COPY':
    case 'ADD':
      return compareCopy(instruction, words());
    case 'CMD':
    case 'ENTRYPOINT':
      return compareCommand(instruction, written);
    case 'ENV':
    case 'LABEL':
      return comparePairs(instruction.words, words());
    case 'ARG':
      return compareNames(instruction.words);
    case 'WORKDIR':
      return compareWorkdir(words()[0] ?? '');
    case 'EXPOSE':
      return compareSets(words(), (port) => port.replace(/\/tcp$/, ''));
    case 'VOLUME':
      return compareSets(instruction.json ?? words(), (path) => path);
    case 'SHELL':
      return (entry) => sameIf(jsonWords(entry.text)?.join(' ') === instruction.json?.join(' '));
    case 'HEALTHCHECK':
      return (entry) => sameIf(bare(withoutFlags(entry.text)) === bare(written), true);
    default:
      return (entry) =>
        sameIf(matchesPattern(bare(words().join('')), bare(entry.text)) || bare(entry.text) === bare(written));
  }
}

/** Stands for the value of a variable that nobody knows. */
const wild = '\u0001';

function pattern(text: string, scope: Scope, escape: string): string {
  const guessing: Scope = { get: (name) => scope.get(name) ?? wild, has: (name) => scope.has(name) };
  return expand(text, guessing, escape).value;
}

function matchesPattern(wanted: string, text: string): boolean {
  const [first, ...rest] = wanted.split(wild);
  if (rest.length === 0) return wanted === text;
  if (!text.startsWith(first!)) return false;
  let at = first!.length;
  const last = rest.pop()!;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** Without blanks and quotes, which builders keep or drop as they please. */
function bare(text: string): string {
  return text.replace(/[\s"']+/g, '');
}

function solid(text: string): string {
  return text.replace(/\s+/g, '');
}

function sameIf(same: boolean, elseSimilar = false): MatchQuality | undefined {
  return same ? 'same' : elseSimilar ? 'similar' : undefined;
}

/** The arguments as a builder joins them: continuations, and the comments and empty lines between them, taken out. */
function joinedArguments(instruction: Instruction, file: Dockerfile): string {
  const lines = file.text.slice(instruction.argsSpan.start, instruction.argsSpan.end).split(/\r\n|\r|\n/);
  return lines
    .filter((line, i) => i === 0 || !/^\s*(?:#|$)/.test(line))
    .map((line) => (line.trimEnd().endsWith(file.escape) ? line.trimEnd().slice(0, -1) : line))
    .join('');
}

function compareRun(instruction: Instruction, file: Dockerfile, written: string): Comparison {
  const wanted = runTexts(instruction, file, written);
  const texts = wanted.map(solid);
  const tokens = tokensOf(wanted.join(' '));
  return (entry) => {
    const recorded = solid(entry.text);
    if (texts.includes(recorded)) return 'same';
    // A shell that the history does not name stays in front of the command.
    if (entry.shell === undefined && texts.some((text) => text.length > 8 && recorded.endsWith(text))) return 'same';
    return sameIf(false, likeness(tokens, tokensOf(entry.text)) >= 0.5);
  };
}

function runTexts(instruction: Instruction, file: Dockerfile, written: string): string[] {
  if (instruction.json) return [instruction.json.join(' '), written];
  if (instruction.heredocs.length === 0) return [written];
  const body = (at: { readonly bodySpan: { start: number; end: number } }) =>
    file.text.slice(at.bodySpan.start, at.bodySpan.end);
  const [only, second] = instruction.heredocs;
  if (only && !second && /^<<-?\s*\S+$/.test(written.trim())) {
    // BuildKit runs a lone heredoc as the command itself, one that starts with `#!` as a file.
    return body(only).startsWith('#!') ? [`/dev/pipes/${only.name}`] : [body(only)];
  }
  return [[written, ...instruction.heredocs.map((heredoc) => `${body(heredoc)}\n${heredoc.name}\n`)].join('\n')];
}

function compareCopy(instruction: Instruction, words: readonly string[]): Comparison {
  const paths = instruction.json && !words.some((word) => word.includes(wild)) ? instruction.json : words;
  const target = bare(paths.at(-1) ?? '');
  const rawTarget = bare(instruction.words.at(-1)?.text ?? '');
  const all = bare(paths.join(' '));
  const raw = bare(instruction.words.map((word) => word.text).join(' '));
  const several = paths.length > 2;
  return (entry) => {
    const recorded = withoutFlags(entry.text);
    if (entry.sourcesKnown) {
      const text = bare(recorded);
      if (matchesPattern(all, text) || text === raw) return 'same';
      const ending = target.includes(wild) ? rawTarget : target;
      return sameIf(false, ending !== '' && text.endsWith(ending) && sharesSource(paths, recorded));
    }
    const hashed = /^<(files?|dir)>\s*(.*)$/s.exec(recorded);
    const to = bare(hashed?.[2] ?? '');
    const sameTarget = matchesPattern(target, to) || to === rawTarget;
    // A pattern for file names may have found one file or several.
    const sameNumber = /[*?[]/.test(paths.slice(0, -1).join('')) || (hashed?.[1] === 'files') === several;
    return sameTarget ? sameIf(sameNumber, true) : undefined;
  };
}

function sharesSource(paths: readonly string[], recorded: string): boolean {
  const sources = new Set(recorded.split(/\s+/));
  return paths.length <= 2 || paths.slice(0, -1).some((path) => sources.has(path));
}

function withoutFlags(text: string): string {
  return text.replace(/^(?:--\S+\s+)+/, '');
}

function compareCommand(instruction: Instruction, written: string): Comparison {
  const wanted = solid(instruction.json ? instruction.json.join(' ') : written);
  return (entry) => {
    const recorded = solid(jsonWords(entry.text)?.join(' ') ?? entry.text);
    // The shell form is recorded with its shell in front.
    return sameIf(recorded === wanted || (!instruction.json && recorded.endsWith(wanted)), true);
  };
}

function comparePairs(words: readonly Word[], expanded: readonly string[]): Comparison {
  const oldForm = words.length > 1 && !words[0]!.text.includes('=');
  const wanted = bare(expanded.join(oldForm ? '=' : ''));
  const raw = bare(words.map((word) => word.text).join(oldForm ? '=' : ''));
  const firstName = /^[^=]*/.exec(bare(expanded[0] ?? ''))![0];
  return (entry) => {
    const recorded = bare(entry.text);
    const same = matchesPattern(wanted, recorded) || recorded === raw;
    return sameIf(same, firstName !== '' && recorded.startsWith(`${firstName}=`));
  };
}

/** An `ARG` is recorded with its default, with the value of the build, or by name alone. */
function compareNames(words: readonly Word[]): Comparison {
  const names = words.map((word) => /^[^=]*/.exec(word.text)![0]);
  return (entry) => sameIf(names.length > 0 && names.every((name) => hasName(entry.text, name)));
}

function hasName(text: string, name: string): boolean {
  return text.split(/\s+/).some((word) => word === name || word.startsWith(`${name}=`));
}

function compareWorkdir(wanted: string): Comparison {
  const path = wanted.replace(/^(?:\.\/)+/, '').replace(/(?<=.)\/+$/, '');
  return (entry) => {
    const recorded = entry.text.replace(/(?<=.)\/+$/, '');
    // Relative ones are recorded resolved.
    return sameIf(
      matchesPattern(path, recorded) || (!path.startsWith('/') && matchesPattern(`${wild}/${path}`, recorded)),
    );
  };
}

/** Ports and volumes are recorded in the file's order or sorted, with blanks in a path kept as they are. */
function compareSets(wanted: readonly string[], normal: (word: string) => string): Comparison {
  const key = (words: readonly string[]) => [...new Set(words.map((word) => normal(bare(word))))].sort().join(' ');
  const ordered = bare(wanted.join(''));
  const sorted = key(wanted);
  return (entry) => {
    const same = matchesPattern(ordered, bare(entry.text)) || sorted === key(entry.text.split(/\s+/));
    return sameIf(same, true);
  };
}

function tokensOf(text: string): Set<string> {
  return new Set(text.split(/[\s;&|"'=]+/).filter((token) => token !== ''));
}

/** How much two sets have in common: 0 nothing, 1 all (the Sørensen–Dice coefficient). */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  let common = 0;
  for (const token of a) if (b.has(token)) common++;
  return (2 * common) / (a.size + b.size);
}
