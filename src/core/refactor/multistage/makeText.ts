import { baseName } from '../../program/fileSystem.ts';

/**
 * Stands for words that only make knows: lists of files, what commands print. As a variable of the shell that nobody sets it is
 * unknown as well to those who read the commands.
 */
export const unknownWords = '$__';

/** Variables nest no deeper in anything that a person wrote. */
const deepest = 30;
/** Characters that may come of one Makefile: variables that name each other twice would make as many as they like. */
const mostExpanded = 1_000_000;

/** `$@` and its like, by the sign. */
export type Automatic = Readonly<Record<string, string>>;

/** Puts the variables and functions of a Makefile into its text. */
export class MakeText {
  readonly #variables: ReadonlyMap<string, string>;
  #left = mostExpanded;

  constructor(variables: ReadonlyMap<string, string>) {
    this.#variables = variables;
  }

  /** The text as make has it; undefined where something stands in it that is not followed. */
  expand(text: string, automatic: Automatic = {}, depth = 0): string | undefined {
    this.#left -= text.length;
    if (depth > deepest || this.#left < 0) return undefined;
    let found = '';
    let from = 0;
    for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', from)) {
      found += text.slice(from, at);
      const sign = text[at + 1];
      if (sign === undefined) return undefined;
      if (sign === '$') {
        found += '$';
        from = at + 2;
        continue;
      }
      const isGroup = sign === '(' || sign === '{';
      const end = isGroup ? closing(text, at + 1) : at + 1;
      if (end === undefined) return undefined;
      const value = this.#valueOf(isGroup ? text.slice(at + 2, end) : sign, automatic, depth + 1);
      if (value === undefined) return undefined;
      found += value;
      from = end + 1;
    }
    found += text.slice(from);
    this.#left -= found.length;
    return found;
  }

  #valueOf(name: string, automatic: Automatic, depth: number): string | undefined {
    const part = /^([@<^+*?])([DF])?$/.exec(name);
    if (part) {
      const value = automatic[part[1]!] ?? '';
      return part[2] === undefined ? value : eachWord(value, part[2] === 'D' ? folderOf : baseName);
    }
    const call = /^([a-z][a-z-]*)[ \t]+/.exec(name);
    if (call) return this.#call(call[1]!, name.slice(call[0].length), automatic, depth);
    const known = this.expand(name, automatic, depth);
    if (known === undefined || /[\s,]/.test(known)) return undefined;
    const [plain, pattern, replacement] = /^([^:=]+):([^=]*)=(.*)$/.exec(known)?.slice(1) ?? [known];
    const value = this.#variables.get(plain!);
    const expanded = value === undefined ? '' : this.expand(value, automatic, depth);
    if (expanded === undefined || pattern === undefined) return expanded;
    return pattern.includes('%')
      ? substituted(pattern, replacement!, expanded)
      : substituted(`%${pattern}`, `%${replacement!}`, expanded);
  }

  #call(name: string, text: string, automatic: Automatic, depth: number): string | undefined {
    if (name === 'shell') return /^uname(?:\s+-s)?\s*$/.test(text) ? 'Linux' : unknownWords;
    if (/^(?:info|warning)$/.test(name)) return '';
    if (/^(?:eval|call|error|file|guile|load)$/.test(name)) return undefined;
    const parts = splitArguments(text).map((part) => this.expand(part, automatic, depth));
    const [first, second, third] = parts;
    if (first === undefined || parts.includes(undefined)) return undefined;
    switch (name) {
      case 'patsubst':
        return substituted(first.trim(), (second ?? '').trim(), third ?? '');
      case 'subst':
        return first === '' ? (third ?? '') : (third ?? '').replaceAll(first, () => second ?? '');
      case 'addprefix':
        return eachWord(second ?? '', (word) => first + word);
      case 'addsuffix':
        return eachWord(second ?? '', (word) => word + first);
      case 'notdir':
        return eachWord(first, baseName);
      case 'dir':
        return eachWord(first, (word) => `${folderOf(word)}/`);
      case 'basename':
        return eachWord(first, (word) => word.replace(/\.[^./]*$/, ''));
      case 'strip':
      case 'sort':
        return eachWord(first, (word) => word);
      default:
        return unknownWords;
    }
  }
}

/** Where the bracket at an offset is closed; undefined where it is not. */
function closing(text: string, at: number): number | undefined {
  const [open, close] = text[at] === '(' ? ['(', ')'] : ['{', '}'];
  let depth = 0;
  for (let index = at; index < text.length; index++) {
    if (text[index] === open) depth++;
    else if (text[index] === close && --depth === 0) return index;
  }
  return undefined;
}

/** The arguments of a function: commas in brackets do not part them. */
export function splitArguments(text: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '(' || sign === '{') depth++;
    else if (sign === ')' || sign === '}') depth--;
    else if (sign === ',' && depth === 0) {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return [...found, text.slice(from)];
}

/** The words between white space. */
export function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function eachWord(text: string, change: (word: string) => string): string {
  return wordsOf(text).map(change).join(' ');
}

function substituted(pattern: string, replacement: string, text: string): string {
  return eachWord(text, (word) => {
    const stem = stemOf(pattern, word);
    return stem === undefined ? word : replacement.replace('%', () => stem);
  });
}

/** What stands for `%` where a word fits a pattern; empty for a pattern without one that is the word itself. */
export function stemOf(pattern: string, word: string): string | undefined {
  const at = pattern.indexOf('%');
  if (at < 0) return pattern === word ? '' : undefined;
  const [head, tail] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const fits = word.length >= head.length + tail.length && word.startsWith(head) && word.endsWith(tail);
  return fits ? word.slice(head.length, word.length - tail.length) : undefined;
}

function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '.' : path.slice(0, at);
}
