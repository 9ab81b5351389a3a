import { type Basis, type SizeSum, sumSizes } from '../size.ts';

/** What an instruction adds to the image, and how that came about. */
export interface Weight {
  /** Absent where nothing of it is known. */
  readonly size?: SizeSum;
  /** Heaviest first. They need not add up: small ones are left out. */
  readonly parts: readonly WeightPart[];
  /** What could not be weighed, so that the size is at least that much. */
  readonly unknown: readonly UnknownPart[];
}

export interface WeightPart {
  /**
   * - `layer`: the whole layer of a built image; `name` is the image
   * - `path`: of the build context
   * - `package`: of the distribution; `module`: of Node.js
   * - `lists`: what `apt-get update` leaves; `records`: what the package manager writes about packages
   * - `bytecode`: what Python packages are compiled to when they are installed
   * - `download`: of a URL; `text`: a heredoc
   */
  readonly kind: 'layer' | 'path' | 'package' | 'module' | 'lists' | 'records' | 'bytecode' | 'download' | 'text';
  /** A path, a package, a URL, an image; empty for the kinds that need none. */
  readonly name: string;
  readonly bytes: number;
}

export interface UnknownPart {
  /**
   * - `command`: nobody knows what it writes
   * - `package`: not in the package graph
   * - `release`: the base's package graph is not known
   * - `source`: not in the build context, or not sent
   * - `stage`, `image`: what is copied from there
   * - `url`: how long the answer is
   * - `link`: something in the context that could not be weighed: unreadable, a link, an archive
   * - `modules`: no Node.js packages are installed in the context; `cache`: what a package manager keeps of its downloads
   * - `variable`: its value is known only when it is built
   */
  readonly kind:
    | 'command'
    | 'package'
    | 'release'
    | 'source'
    | 'stage'
    | 'image'
    | 'url'
    | 'link'
    | 'modules'
    | 'cache'
    | 'variable';
  readonly name: string;
}

/** How many parts a weight names. */
const named = 12;

/** Gathers what an instruction adds. */
export class WeightBuilder {
  readonly #basis: Basis;
  readonly #parts: WeightPart[] = [];
  readonly #unknown: UnknownPart[] = [];
  #bytes = 0;
  #isKnown = false;

  constructor(basis: Basis) {
    this.#basis = basis;
  }

  /** Bytes that are known, of which the parts name the largest. */
  add(bytes: number, parts: readonly WeightPart[]): void {
    this.#bytes += bytes;
    this.#isKnown = true;
    this.#parts.push(...parts.filter((part) => part.bytes > 0));
  }

  lack(kind: UnknownPart['kind'], name: string): void {
    if (!this.#unknown.some((other) => other.kind === kind && other.name === name)) this.#unknown.push({ kind, name });
  }

  lacks(kind: UnknownPart['kind']): boolean {
    return this.#unknown.some((other) => other.kind === kind);
  }

  build(): Weight {
    const sum = this.#isKnown ? sumSizes([{ bytes: this.#bytes, basis: this.#basis }]) : undefined;
    const complete = this.#unknown.length === 0;
    return {
      // “At least nothing” says nothing.
      ...(sum === undefined || (!complete && sum.bytes === 0) ? {} : { size: { ...sum, complete } }),
      parts: this.#parts.toSorted((a, b) => b.bytes - a.bytes).slice(0, named),
      unknown: this.#unknown,
    };
  }
}
