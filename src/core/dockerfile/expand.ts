import type { Scope } from './model.ts';
import { parseShellPattern, removePrefix, removeSuffix, replaceMatches } from './shellPattern.ts';

/** What became of a text with variables. */
export interface Expansion {
  /** Variables replaced, quotes and escapes removed. A variable without a value counts as empty, as in a build. */
  readonly value: string;
  /** The names that had no value where one was needed, each once, in order. */
  readonly missing: readonly string[];
  /** One sentence, where a builder refuses the text: then `value` is what came before. */
  readonly error?: string;
}

/** Longer values are not followed: a file of a few lines can double a value until no memory holds it. */
export const longestValue = 32_768;
/** `${a:-${b:-…}}` may nest so deep. */
const deepest = 100;

/**
 * Replaces variables and removes quotes as BuildKit does in every instruction but `RUN`, `CMD`, `ENTRYPOINT`, whose shell
 * does it. All its forms: `$V ${V} ${V-w} ${V:-w} ${V+w} ${V:+w} ${V?w} ${V:?w} ${V#p} ${V##p} ${V%p} ${V%%p} ${V/p/r}
 * ${V//p/r}`. https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expand(text: string, scope: Scope, escape: string): Expansion {
  if (!/[$'"\\`]/.test(text)) return { value: text, missing: [] };
  const expander = new Expander(text, scope, escape);
  try {
    const value = expander.readUntil(undefined, false);
    return { value, missing: [...expander.missing] };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { value: '', missing: [...expander.missing], error: thrown.message };
  }
}

/** Leaves the recursive reader; never leaves this file. */
class Refusal extends Error {}

class Expander {
  missing = new Set<string>();
  readonly #text: string;
  readonly #scope: Scope;
  readonly #escape: string;
  #at = 0;
  #depth = 0;

  constructor(text: string, scope: Scope, escape: string) {
    this.#text = text;
    this.#scope = scope;
    this.#escape = escape;
  }

  /** Reads up to `stop` and behind it; without one to the end. `raw` keeps the escapes, for patterns. */
  readUntil(stop: string | undefined, raw: boolean): string {
    if (++this.#depth > deepest) throw new Refusal('The substitutions are nested too deep.');
    let value = '';
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at]!;
      if (char === stop) {
        this.#at++;
        this.#depth--;
        return value;
      }
      value += this.#readOne(char, raw);
      if (value.length > longestValue) throw new Refusal('The value is too long to be followed.');
    }
    if (stop !== undefined) throw new Refusal(`A substitution lacks its ${stop}.`);
    this.#depth--;
    return value;
  }

  #readOne(char: string, raw: boolean): string {
    if (char === "'") return this.#readSingleQuoted();
    if (char === '"') return this.#readDoubleQuoted(raw);
    if (char === '$') return this.#readDollar();
    this.#at++;
    if (char !== this.#escape) return char;
    const escaped = this.#text[this.#at++] ?? '';
    return raw ? char + escaped : escaped;
  }

  #readSingleQuoted(): string {
    const end = this.#text.indexOf("'", this.#at + 1);
    if (end < 0) throw new Refusal('A single quote is not closed.');
    const value = this.#text.slice(this.#at + 1, end);
    this.#at = end + 1;
    return value;
  }

  #readDoubleQuoted(raw: boolean): string {
    this.#at++;
    let value = '';
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at]!;
      if (char === '"') {
        this.#at++;
        return value;
      }
      if (char === '$') value += this.#readDollar();
      else {
        this.#at++;
        const next = this.#text[this.#at];
        const escapes = char === this.#escape && (next === '"' || next === '$' || next === this.#escape);
        if (!escapes || raw) value += char;
        if (escapes) {
          value += next;
          this.#at++;
        }
      }
      if (value.length > longestValue) throw new Refusal('The value is too long to be followed.');
    }
    throw new Refusal('A double quote is not closed.');
  }

  #readDollar(): string {
    this.#at++;
    if (this.#text[this.#at] !== '{') {
      const name = this.#readName();
      return name === '' ? '$' : this.#valueOf(name);
    }
    this.#at++;
    const name = this.#readName();
    if (name === '') throw new Refusal('A substitution has no name.');
    const operator = this.#text[this.#at++];
    if (operator === undefined) throw new Refusal('A substitution lacks its }.');
    if (operator === '}') return this.#valueOf(name);
    if (operator === '/') return this.#readReplacement(name);
    const colon = operator === ':';
    return this.#readModifier(name, colon ? (this.#text[this.#at++] ?? '') : operator, colon);
  }

  #readModifier(name: string, modifier: string, emptyIsUnset: boolean): string {
    const outer = this.missing;
    // What the word lacks matters only if the word is used.
    this.missing = new Set();
    const word = this.readUntil('}', modifier === '#' || modifier === '%');
    const inner = this.missing;
    this.missing = outer;

    const value = this.#scope.get(name);
    const isSet = value !== undefined && !(emptyIsUnset && value === '');
    const useWord = () => {
      for (const lacking of inner) this.missing.add(lacking);
      return word;
    };
    switch (modifier) {
      case '-':
        return isSet ? value : useWord();
      case '+':
        return isSet ? useWord() : '';
      case '?':
        if (!isSet) this.missing.add(name);
        return value ?? '';
      case '#':
      case '%':
        return this.#removed(name, modifier, useWord());
      default:
        throw new Refusal(`Builders do not know the substitution \${${name}${emptyIsUnset ? ':' : ''}${modifier}…}.`);
    }
  }

  #removed(name: string, modifier: '#' | '%', word: string): string {
    const value = this.#scope.get(name);
    const longest = word.startsWith(modifier);
    const pattern = this.#pattern(longest ? word.slice(1) : word);
    const rest =
      value === undefined ? undefined : (modifier === '#' ? removePrefix : removeSuffix)(value, pattern, longest);
    if (rest === undefined) this.missing.add(name);
    return rest ?? '';
  }

  #readReplacement(name: string): string {
    const all = this.#text[this.#at] === '/';
    if (all) this.#at++;
    const pattern = this.#pattern(this.readUntil('/', true));
    const replacement = this.readUntil('}', true);
    const value = this.#scope.get(name);
    const replaced = value === undefined ? undefined : replaceMatches(value, pattern, replacement, all);
    if (replaced === undefined) this.missing.add(name);
    return replaced ?? '';
  }

  #pattern(text: string) {
    const pattern = parseShellPattern(text);
    if (!pattern) throw new Refusal(`The pattern ${text} escapes what needs no escape.`);
    return pattern;
  }

  #valueOf(name: string): string {
    const value = this.#scope.get(name);
    if (value === undefined) this.missing.add(name);
    return value ?? '';
  }

  /** A name, a run of digits, or one of the shell's special parameters; empty where there is none. */
  #readName(): string {
    const pattern = /\d+|[@*#?$!-]|[\p{L}\p{Nd}_]+/uy;
    pattern.lastIndex = this.#at;
    const name = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += name.length;
    return name;
  }
}
