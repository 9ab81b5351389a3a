import type { Detector, FinalTree, Finding } from './detector.ts';
import type { RemovableRow } from './removable.ts';

interface Claim {
  readonly detector: number;
  readonly path: string;
  readonly finding: Finding;
}

const none = 0xffffffff;
/** More than an image can have. */
const mostLayers = 0x10000;

/**
 * Who has which node. A node is claimed once; so rows never overlap. Bytes are counted at the end, because a file with
 * several hard links is freed only if all of its names are claimed, by whomever.
 */
export class Claims {
  /** For each node 0, or one more than its detector's number. */
  readonly kindOf: Uint8Array;
  readonly #tree: FinalTree;
  readonly #claims: Claim[] = [];
  readonly #claimOfKey = new Map<string, number>();
  /** Claimed nodes that are no directories, and the claim of each. */
  readonly #nodes: number[] = [];
  readonly #claimOf: number[] = [];

  constructor(tree: FinalTree) {
    this.#tree = tree;
    this.kindOf = new Uint8Array(tree.count);
  }

  isClaimed(node: number): boolean {
    return this.kindOf[node] !== 0;
  }

  add(detector: number, nodes: number | readonly number[], finding: Finding): void {
    const roots = typeof nodes === 'number' ? [nodes] : nodes;
    const first = roots.find((node) => node >= 0);
    if (first === undefined) return;
    const claim = this.#claim({ detector, path: finding.path ?? this.#tree.path(first), finding });
    for (const root of roots) if (root >= 0) this.#take(root, claim, detector, finding.keep);
  }

  rows(detectors: readonly Detector[], baseLayers: number): RemovableRow[] {
    const countedAt = this.#linksThatGo();
    const totals = new Map<number, { bytes: number; entries: number }>();
    this.#nodes.forEach((node, i) => {
      const key = this.#claimOf[i]! * mostLayers + this.#tree.layer(node);
      let total = totals.get(key);
      if (!total) totals.set(key, (total = { bytes: 0, entries: 0 }));
      total.entries++;
      const group = this.#tree.linkGroup(node);
      if (group < 0 || countedAt.get(group) === node) total.bytes += this.#tree.size(node);
    });

    const rows = [...totals].flatMap(([key, total]) => {
      const { detector: number, path, finding } = this.#claims[Math.floor(key / mostLayers)]!;
      const detector = detectors[number]!;
      if (total.bytes === 0 && detector.evenEmpty !== true) return [];
      const layer = key % mostLayers;
      const fromBase = layer < baseLayers;
      const advice = fromBase ? baseAdvice : finding.advice;
      const why = finding.why ?? detector.why;
      const { id: kind, title } = detector;
      return [{ number, row: { kind, title, path, ...total, layer, fromBase, safety: finding.safety, why, advice } }];
    });
    rows.sort(
      (a, b) =>
        b.row.bytes - a.row.bytes ||
        a.number - b.number ||
        compareText(a.row.path, b.row.path) ||
        a.row.layer - b.row.layer,
    );
    return rows.map(({ row }) => row);
  }

  /** Findings of one kind at one path, with the same verdict, are one claim. */
  #claim(claim: Claim): number {
    const { safety, why, advice } = claim.finding;
    const key = [claim.detector, claim.path, safety, why ?? '', advice].join('\0');
    const known = this.#claimOfKey.get(key);
    if (known !== undefined) return known;
    this.#claims.push(claim);
    this.#claimOfKey.set(key, this.#claims.length - 1);
    return this.#claims.length - 1;
  }

  #take(root: number, claim: number, detector: number, keep: RegExp | undefined): void {
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const directory = this.#tree.isDirectory(node);
      // A claimed directory's subtree has been walked: walking it again would make many claims quadratic.
      if (this.kindOf[node] !== 0) continue;
      if (!directory && keep?.test(this.#tree.nameText(node))) continue;
      this.kindOf[node] = detector + 1;
      if (directory) for (const child of this.#tree.children(node)) stack.push(child);
      else {
        this.#nodes.push(node);
        this.#claimOf.push(claim);
      }
    }
  }

  /** The files whose every hard link is claimed, and the node at which each is counted: the first one claimed. */
  #linksThatGo(): Map<number, number> {
    const first = new Map<number, number>();
    const left = new Map<number, number>();
    for (const node of this.#nodes) {
      const group = this.#tree.linkGroup(node);
      if (group < 0) continue;
      if (!first.has(group)) first.set(group, node);
      left.set(group, (left.get(group) ?? this.#tree.linkCount(group)) - 1);
    }
    for (const [group, names] of left) first.set(group, names === 0 ? first.get(group)! : none);
    return first;
  }
}

/** Deleting it further up would add a whiteout and free nothing. */
const baseAdvice =
  'It comes with the base image: deleting it in a layer above frees nothing. Choose a smaller base, or copy what you need into one.';

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
