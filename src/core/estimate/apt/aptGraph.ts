import type { AptFile } from './aptFile.ts';

export interface AptPackage {
  readonly name: string;
  /** Bytes on disk, by the index: every file rounded up to 1 KiB. */
  readonly installedBytes: number;
  readonly downloadBytes: number;
  /** Named by the user, not brought by another package. */
  readonly isAsked: boolean;
  /** It brings questions of the package manager's own (debconf). */
  readonly asksQuestions: boolean;
}

/** What an `apt-get install` adds. */
export interface AptClosure {
  /** In the order in which they are found: each asked one with what it needs. */
  readonly packages: readonly AptPackage[];
  /** Names that the graph does not have: another repository's, left out, or misspelled. */
  readonly unknown: readonly string[];
}

export interface AptOptions {
  readonly recommends: boolean;
  /** Packages that are there before, besides those of the minimal base. */
  readonly installed: Iterable<string>;
}

/** Answers that are remembered: those of a dozen long files. */
const keptClosures = 1000;

/**
 * The packages of a Debian release, and what an installation of some of them brings, as apt chooses by default: of several
 * alternatives the one that is there or comes anyway, else the first; of a virtual package's providers likewise; and the
 * packages that are recommended, unless that is turned off.
 */
export class AptGraph {
  readonly release: string;
  readonly asOf: string;
  readonly listsBytes: number;
  readonly #file: AptFile;
  readonly #nodes: ReadonlyMap<string, number>;
  readonly #questions: ReadonlySet<number>;
  /** While a file is being typed the same is asked with every keystroke. */
  readonly #closures = new Map<string, AptClosure>();

  constructor(file: AptFile) {
    this.#file = file;
    ({ release: this.release, asOf: this.asOf, listsBytes: this.listsBytes } = file);
    this.#nodes = new Map(file.names.map((name, node) => [name, node]));
    this.#questions = new Set(file.asksQuestions);
  }

  get packageCount(): number {
    return this.#file.packageCount;
  }

  install(names: readonly string[], { recommends, installed }: AptOptions): AptClosure {
    const key = [recommends, ...names, '', ...installed].join(' ');
    const known = this.#closures.get(key);
    if (known !== undefined) return known;
    const closure = this.#resolve(names, recommends, installed);
    if (this.#closures.size >= keptClosures) this.#closures.clear();
    this.#closures.set(key, closure);
    return closure;
  }

  #resolve(names: readonly string[], recommends: boolean, installed: Iterable<string>): AptClosure {
    const there = this.#withNeeds(installed);
    const before = there.size;
    const unknown: string[] = [];
    const asked = new Set<number>();
    for (const name of names) {
      const chosen = this.#choose(this.#nodes.get(name), there);
      if (chosen === undefined) unknown.push(name);
      else if (!there.has(chosen)) {
        asked.add(chosen);
        there.add(chosen);
      }
    }
    this.#complete(there, [...asked], recommends);
    const packages = [...there].slice(before).map((node): AptPackage => ({
      name: this.#file.names[node]!,
      installedBytes: this.#file.installedBytes[node]!,
      downloadBytes: this.#file.downloadBytes[node]!,
      isAsked: asked.has(node),
      asksQuestions: this.#questions.has(node),
    }));
    return { packages, unknown };
  }

  /** The minimal base and the packages named, with what they need. */
  #withNeeds(names: Iterable<string>): Set<number> {
    const there = new Set(this.#file.base);
    const added: number[] = [];
    for (const name of names) {
      const node = this.#choose(this.#nodes.get(name), there);
      if (node === undefined || there.has(node)) continue;
      there.add(node);
      added.push(node);
    }
    this.#complete(there, added, false);
    return there;
  }

  /** Adds what is needed, depth first, each package's needs before its wishes, as apt marks. */
  #complete(there: Set<number>, start: readonly number[], recommends: boolean): void {
    const { depends, recommends: wishes, alternatives } = this.#file;
    // A stack of its own: chains of packages are long.
    const stack = start.toReversed();
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const lists = [...depends[node]!, ...(recommends ? wishes[node]! : [])];
      const added: number[] = [];
      for (const place of lists) {
        const list = alternatives[place]!;
        if (list.some((other) => this.#isThere(other, there))) continue;
        const chosen = list.map((other) => this.#choose(other, there)).find((other) => other !== undefined);
        if (chosen === undefined) continue;
        there.add(chosen);
        added.push(chosen);
      }
      stack.push(...added.reverse());
    }
  }

  #isThere(node: number, there: ReadonlySet<number>): boolean {
    return there.has(node) || this.#file.providers.get(node)?.some((provider) => there.has(provider)) === true;
  }

  /** The package for a node: itself, or the provider of a virtual one that is there or comes first. */
  #choose(node: number | undefined, there: ReadonlySet<number>): number | undefined {
    if (node === undefined || node < this.#file.packageCount) return node;
    const providers = this.#file.providers.get(node) ?? [];
    return providers.find((provider) => there.has(provider)) ?? providers[0];
  }
}
