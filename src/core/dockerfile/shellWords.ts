import type { Word, WordPart } from 'unbash';
import { expand } from './expand.ts';
import type { Scope } from './model.ts';

/** What a word comes to, as far as that is known without running anything. */
export interface WordValue {
  readonly value?: string;
  readonly glob: boolean;
}

const unknown = Symbol('known only when it runs');

/** Works out the values of a script's words from the Dockerfile's variables. */
export class WordValues {
  readonly #scope: Scope;
  /** Names that the script sets itself; `all` where it reads or evaluates what we cannot see. */
  readonly #changed: ReadonlySet<string> | 'all';

  constructor(script: string, scope: Scope) {
    this.#scope = scope;
    this.#changed = changedNames(script);
  }

  of(word: Word): WordValue {
    if (!word.parts) return { value: word.value, glob: false };
    let value = '';
    let glob = false;
    for (const part of word.parts) {
      const known = this.#part(part, false);
      if (known === unknown) return { glob: false };
      value += known;
      // An unquoted variable's value is matched with files too.
      glob ||= part.type === 'Glob' || part.type === 'ExtendedGlob' || (isVariable(part) && /[*?[]/.test(known));
    }
    return { value, glob };
  }

  #part(part: WordPart, quoted: boolean): string | typeof unknown {
    switch (part.type) {
      case 'Literal':
      case 'SingleQuoted':
      case 'AnsiCQuoted':
        return part.value;
      case 'Glob':
      case 'ExtendedGlob':
        return part.text;
      case 'DoubleQuoted': {
        let value = '';
        for (const child of part.parts) {
          const known = this.#part(child, true);
          if (known === unknown) return unknown;
          value += known;
        }
        return value;
      }
      case 'SimpleExpansion':
        return this.#variable(part.text.slice(1), part.text, quoted);
      case 'ParameterExpansion': {
        const simple = part.prefix === undefined && part.index === undefined;
        const known = part.operation === undefined || /^:?[-+]$/.test(operator(part.operation));
        return simple && known ? this.#variable(part.parameter, part.text, quoted) : unknown;
      }
      default:
        return unknown;
    }
  }

  #variable(name: string, text: string, quoted: boolean): string | typeof unknown {
    if (this.#changed === 'all' || this.#changed.has(name) || !this.#scope.has(name)) return unknown;
    const { value, missing, error } = expand(text, this.#scope, '\\');
    if (missing.length > 0 || error !== undefined) return unknown;
    // Without quotes blanks make several words of it, and nothing makes none.
    return !quoted && (value === '' || /\s/.test(value)) ? unknown : value;
  }
}

function isVariable(part: WordPart): boolean {
  return part.type === 'SimpleExpansion' || part.type === 'ParameterExpansion';
}

function operator(operation: { readonly type: string; readonly operator?: string }): string {
  return operation.type === 'Default' ? (operation.operator ?? '') : '?';
}

/** By the text alone, and generously: a name that is taken for changed costs a value, one that is missed a wrong one. */
function changedNames(script: string): ReadonlySet<string> | 'all' {
  if (/(?:^|[\s;&|(])(?:\.|source|eval)\s/.test(script)) return 'all';
  const names = new Set<string>();
  for (const match of script.matchAll(/\b([A-Za-z_]\w*)(?:\+?=|\[)/g)) names.add(match[1]!);
  for (const match of script.matchAll(/\b(?:for|select|read|getopts|unset|mapfile|readarray|printf)\b([^;&|\n]*)/g)) {
    for (const name of match[1]!.matchAll(/[A-Za-z_]\w*/g)) names.add(name[0]);
  }
  return names;
}
