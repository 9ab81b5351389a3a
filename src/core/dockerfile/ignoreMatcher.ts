import { GlobIndex } from './globIndex.ts';
import { type CompiledPattern, matchesPath, type PathToken, type Segment } from './ignorePattern.ts';

/** A pattern as the matcher needs it; its place in the list is its rank. */
export interface RankedPattern {
  readonly compiled: CompiledPattern;
  readonly negated: boolean;
}

/** Where a pattern can go on from a folder. */
class Node {
  readonly literals = new Map<string, Node>();
  readonly globs = new GlobIndex<Node>();
  /** Behind a `**`. */
  double: Node | undefined;
  /** True behind a `**`: every name leads back here. */
  readonly loops: boolean;
  /** Ranks of the patterns that match what led here. */
  readonly ends: number[] = [];
  /** Ranks of the patterns whose last part is this `**`: they match whatever is below. */
  readonly endsBelow: number[] = [];
  /** Some `!` pattern goes on from here. */
  reincludes = false;

  constructor(loops: boolean) {
    this.loops = loops;
  }
}

/** What is known of a folder once it was matched. */
interface Folder {
  /** Ranks of the patterns that turned the answer, for it or a folder above it, in order. */
  readonly turns: readonly number[];
  readonly nodes: ReadonlySet<Node>;
}

/**
 * Matches paths with ranked patterns as BuildKit does when it sends a build context: a path is matched after its folder; a
 * pattern that turned the folder's answer turns the path's too; of the others only those that would turn it are tried.
 * Patterns are merged into a tree, and a folder's place in it is remembered, so that a path costs one step.
 */
export class IgnoreMatcher {
  readonly #patterns: readonly RankedPattern[];
  readonly #root: Folder;
  readonly #pathPatterns: { readonly rank: number; readonly tokens: readonly PathToken[] }[] = [];
  readonly #pathPatternReincludes: boolean;
  readonly #folders = new Map<string, Folder>();

  constructor(patterns: readonly RankedPattern[]) {
    this.#patterns = patterns;
    const root = new Node(false);
    patterns.forEach(({ compiled, negated }, rank) => {
      if (compiled.kind === 'segments') addPattern(root, compiled.segments, rank, negated);
      else this.#pathPatterns.push({ rank, tokens: compiled.tokens });
    });
    this.#pathPatternReincludes = patterns.some(({ compiled, negated }) => negated && compiled.kind === 'path');
    this.#root = { turns: [], nodes: closure(root) };
  }

  /** The rank of the pattern that decides about a clean path; undefined where none does. */
  decide(path: string, isDirectory: boolean): number | undefined {
    return (isDirectory ? this.#folder(path) : this.#enter(this.#parent(path), path)).turns.at(-1);
  }

  /** True if some `!` pattern may match below a folder. */
  mayReinclude(path: string): boolean {
    if (this.#pathPatternReincludes) return true;
    for (const node of this.#folder(path).nodes) if (node.reincludes) return true;
    return false;
  }

  #parent(path: string): Folder {
    const slash = path.lastIndexOf('/');
    return slash < 0 ? this.#root : this.#folder(path.slice(0, slash));
  }

  /** Folders are remembered, from the nearest one that is known downwards. */
  #folder(path: string): Folder {
    const unknown: string[] = [];
    let known: Folder | undefined;
    for (let at = path; !(known = this.#folders.get(at));) {
      unknown.push(at);
      const slash = at.lastIndexOf('/');
      if (slash < 0) break;
      at = at.slice(0, slash);
    }
    let folder = known ?? this.#root;
    for (const at of unknown.reverse()) {
      folder = this.#enter(folder, at);
      this.#folders.set(at, folder);
    }
    return folder;
  }

  #enter(parent: Folder, path: string): Folder {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const matches: number[] = [];
    const nodes = new Set<Node>();
    const reach = (node: Node) => {
      matches.push(...node.ends);
      for (let at: Node | undefined = node; at && !nodes.has(at); at = at.double) nodes.add(at);
    };
    for (const node of parent.nodes) {
      matches.push(...node.endsBelow);
      if (node.loops) nodes.add(node);
      const literal = node.literals.get(name);
      if (literal) reach(literal);
      node.globs.forEachMatch(name, reach);
    }
    for (const { rank, tokens } of this.#pathPatterns) if (matchesPath(path, tokens)) matches.push(rank);
    return { turns: matches.length > 0 ? this.#turns(parent.turns, matches) : parent.turns, nodes };
  }

  /** Goes through the patterns in order, as builders do. */
  #turns(inherited: readonly number[], matches: number[]): readonly number[] {
    const inheritedRanks = new Set(inherited);
    const ranks = [...new Set([...inherited, ...matches])].sort((a, b) => a - b);
    const turns: number[] = [];
    let ignored = false;
    for (const rank of ranks) {
      const { negated } = this.#patterns[rank]!;
      if (!inheritedRanks.has(rank) && negated !== ignored) continue;
      ignored = !negated;
      turns.push(rank);
    }
    return turns;
  }
}

function addPattern(root: Node, segments: readonly Segment[], rank: number, negated: boolean): void {
  let node = root;
  segments.forEach((segment, index) => {
    if (negated) node.reincludes = true;
    if (segment.kind === 'double') {
      node.double ??= new Node(true);
      // `**/**` is no more than `**`.
      if (!node.loops) node = node.double;
      if (negated) node.reincludes = true;
      if (index === segments.length - 1) node.endsBelow.push(rank);
      return;
    }
    node = segment.kind === 'literal' ? literalChild(node, segment.text) : node.globs.get(segment.tokens, newNode);
    if (index === segments.length - 1) node.ends.push(rank);
  });
}

function newNode(): Node {
  return new Node(false);
}

function literalChild(node: Node, text: string): Node {
  let child = node.literals.get(text);
  if (!child) node.literals.set(text, (child = newNode()));
  return child;
}

function closure(node: Node): ReadonlySet<Node> {
  return new Set(node.double ? [node, node.double] : [node]);
}
