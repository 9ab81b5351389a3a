import { type GlobToken, matchesGlob } from './ignorePattern.ts';

interface Entry<T> {
  readonly tokens: readonly GlobToken[];
  readonly value: T;
}

/**
 * Many globs for one name, of which few are tried: each is filed under its literal beginning or end, whichever is longer
 * (`*.log` under the end `.log`). A glob has at least one `*` or `?`.
 */
export class GlobIndex<T> {
  readonly #beginnings = new FixedParts<T>((name, length) => name.slice(0, length));
  readonly #ends = new FixedParts<T>((name, length) => name.slice(name.length - length));
  readonly #others: Entry<T>[] = [];
  readonly #values = new Map<string, T>();

  /** The value of a glob; made when it is asked for the first time. */
  get(tokens: readonly GlobToken[], make: () => T): T {
    const key = JSON.stringify(tokens);
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.#values.set(key, value);
    const wild = tokens.findIndex((token) => typeof token !== 'object');
    const begin = literal(tokens.slice(0, wild));
    const end = literal(tokens.slice(tokens.findLastIndex((token) => typeof token !== 'object') + 1));
    const entry = { tokens, value };
    if (begin === '' && end === '') this.#others.push(entry);
    else if (begin.length >= end.length) this.#beginnings.add(begin, entry);
    else this.#ends.add(end, entry);
    return value;
  }

  forEachMatch(name: string, use: (value: T) => void): void {
    const tryEntry = ({ tokens, value }: Entry<T>) => {
      if (matchesGlob(name, tokens)) use(value);
    };
    this.#beginnings.forEach(name, tryEntry);
    this.#ends.forEach(name, tryEntry);
    this.#others.forEach(tryEntry);
  }
}

function literal(tokens: readonly GlobToken[]): string {
  return tokens.map((token) => (typeof token === 'object' ? token.char : '')).join('');
}

/** Entries by a literal part that a name must have at one of its ends. */
class FixedParts<T> {
  readonly #byLength = new Map<number, Map<string, Entry<T>[]>>();
  readonly #partOf: (name: string, length: number) => string;

  constructor(partOf: (name: string, length: number) => string) {
    this.#partOf = partOf;
  }

  add(part: string, entry: Entry<T>): void {
    let byPart = this.#byLength.get(part.length);
    if (!byPart) this.#byLength.set(part.length, (byPart = new Map<string, Entry<T>[]>()));
    const entries = byPart.get(part);
    if (entries) entries.push(entry);
    else byPart.set(part, [entry]);
  }

  forEach(name: string, use: (entry: Entry<T>) => void): void {
    for (const [length, byPart] of this.#byLength) {
      if (length <= name.length) byPart.get(this.#partOf(name, length))?.forEach(use);
    }
  }
}
