import { grown } from './interner.ts';
import { EntryKind, type LayerIndex, NONE } from './layerIndex.ts';
import { isAufsMetadata, isWhiteout } from './memberPath.ts';
import { ABSENT, NodeTree } from './nodeTree.ts';

/** The two figures that dive prints, for comparing with a budget that was set with it. Not a measure of waste. */
export interface DiveFigures {
  /** `efficiencyScore`: 0 to 1, as dive has it. */
  readonly efficiency: number;
  /** `inefficientBytes`: every copy of a path that more than one layer has, the needed one included. */
  readonly wastedBytes: number;
}

const WHITEOUT = Uint8Array.of(0x2e, 0x77, 0x68, 0x2e);
/** States in the stack: whether dive takes a path for a directory, which an implied parent is not. */
const OTHER = 0;
const DIRECTORY = 1;
/** In place of a node: a path that dive leaves out. */
const DROPPED = NONE - 1;

/**
 * What dive 0.13 reports for these layers, its faults included, so that `.dive-ci` rules give the same answers:
 *
 * - Each layer is a tree of names, in which `.wh.x` is a node beside `x`; opaque marks are not in it, though their parents are.
 *   Only its leaves count; a hard link or a replaced directory is nothing special.
 * - A leaf counts with its size under its path (without `.wh.`); a whiteout with the size of the subtree that the layers below
 *   have there, if an entry for a directory was the last to name it, else with 0. A path that is a leaf in two layers is wasted,
 *   with all its copies; the score is the sum of each path's smallest size by the sum of all sizes.
 * - Leaves are visited in order of their names, and a whiteout of nothing ends its layer's visit; the first time, it also
 *   leaves a smallest size of −1 behind.
 *
 * dive restacks all layers for each whiteout; here one stack grows with the layers: time is linear in entries and depths.
 */
export function diveFigures(layers: readonly (LayerIndex | undefined)[]): DiveFigures {
  const present = layers.filter((layer) => layer !== undefined);
  const lastWithWhiteouts = present.findLastIndex((layer) => layer.kind.includes(EntryKind.whiteout));
  const dive = new Dive();
  present.forEach((layer, i) => {
    dive.readTree(layer);
    dive.visitLeaves();
    if (i < lastWithWhiteouts) dive.stackTree(i === 0);
  });
  return dive.figures();
}

class Dive {
  /** The layers below, stacked; its nodes are also those of each layer's own tree, told by `#stamp`. */
  readonly #stack = new NodeTree();
  /** Of the stack: own size of a node, and of its subtree with itself. */
  #own = new Float64Array(128);
  #subtree = new Float64Array(128);
  /** Over all layers, per path: how often it was a leaf, the sum of its sizes, the smallest. */
  #visits = new Uint32Array(128);
  #total = new Float64Array(128);
  #smallest = new Float64Array(128).fill(NaN);

  /** The layer that is read, counted from 1; nodes stamped with it are in its tree. */
  #layer = 0;
  #stamp = new Uint32Array(128);
  #parentStamp = new Uint32Array(128);
  #size = new Float64Array(128);
  #isDirectory = new Uint8Array(128);
  /** Nodes of the layer's tree, parents before children. */
  #nodes: number[] = [];
  #scratch = new Uint8Array(256);
  #firstSizes: Float64Array | undefined;

  /** Makes the tree of one layer. */
  readTree(index: LayerIndex): void {
    this.#layer++;
    this.#nodes = [];
    const { paths, strings } = index;
    const nodeOf = new Uint32Array(paths.count).fill(NONE);
    nodeOf[0] = 0;
    const names = new Uint32Array(strings.count).fill(NONE);
    const nameOf = (path: number): number => {
      const own = paths.name[path]!;
      if (names[own] === NONE) {
        names[own] = this.#stack.strings.intern(strings.bytes, strings.offsets[own]!, strings.offsets[own + 1]!);
      }
      return names[own]!;
    };
    // Paths up to the first segment that dive leaves out, which ends a path where it stands.
    const enter = (path: number): number => {
      const way: number[] = [];
      let at = path;
      for (; nodeOf[at] === NONE; at = paths.parent[at]!) way.push(at);
      let node = nodeOf[at]!;
      for (let i = way.length - 1; i >= 0; i--) {
        if (node !== DROPPED) node = this.#isDropped(nameOf(way[i]!)) ? DROPPED : this.#add(node, nameOf(way[i]!));
        nodeOf[way[i]!] = node;
      }
      return node;
    };
    for (let entry = 0; entry < index.count; entry++) {
      const path = index.path[entry]!;
      const kind = index.kind[entry]!;
      if (kind === EntryKind.opaque) {
        enter(path);
        continue;
      }
      if (path === 0) continue;
      let node: number;
      if (kind === EntryKind.whiteout) {
        const parent = enter(paths.parent[path]!);
        node = parent === DROPPED ? DROPPED : this.#add(parent, this.#whiteoutName(nameOf(path)));
      } else {
        node = enter(path);
      }
      if (node === DROPPED) continue;
      this.#size[node] = index.size[entry]!;
      this.#isDirectory[node] = kind === EntryKind.directory ? 1 : 0;
    }
  }

  /** Counts the leaves of the layer's tree. */
  visitLeaves(): void {
    const leaves = this.#nodes.filter((node) => this.#parentStamp[node] !== this.#layer);
    const stop = this.#firstFailure(leaves);
    for (const leaf of leaves) {
      if (stop !== undefined && (leaf === stop || !this.#isBefore(leaf, stop))) continue;
      const path = this.#pathOf(leaf);
      const size = path === leaf ? this.#size[leaf]! : this.#whiteoutSize(path);
      this.#visits[path]!++;
      this.#total[path]! += size;
      const smallest = this.#smallest[path]!;
      if (!(smallest >= 0 && smallest <= size)) this.#smallest[path] = size;
    }
    if (stop === undefined) return;
    const path = this.#pathOf(stop);
    if (Number.isNaN(this.#smallest[path]!)) this.#smallest[path] = -1;
  }

  /** Stacks the layer's tree; dive starts with a copy of the first one, whiteouts included, stacked onto itself. */
  stackTree(first: boolean): void {
    const late: number[] = [];
    for (const node of this.#nodes) {
      const target = this.#pathOf(node);
      if (target === node) continue;
      // Siblings are visited in order of names: `.wh.x` mostly before `x`, but for names that start below a dot.
      if (this.#stamp[target] === this.#layer && this.#isBefore(target, node)) late.push(target);
      else this.#removeFromStack(target);
    }
    for (const node of this.#nodes) {
      if (first || this.#pathOf(node) === node || this.#parentStamp[node] === this.#layer) this.#addToStack(node);
    }
    for (const target of late) this.#removeFromStack(target);
  }

  figures(): DiveFigures {
    let smallest = 0;
    let total = 0;
    let wasted = 0;
    for (let path = 0; path < this.#stack.paths.count; path++) {
      if (Number.isNaN(this.#smallest[path]!)) continue;
      smallest += this.#smallest[path]!;
      total += this.#total[path]!;
      if (this.#visits[path]! >= 2) wasted += this.#total[path]!;
    }
    return { efficiency: total === 0 ? 1 : smallest / total, wastedBytes: wasted };
  }

  #add(parent: number, name: number): number {
    const node = this.#stack.node(parent, name);
    if (node >= this.#own.length) this.#grow(node + 1);
    if (this.#stamp[node] === this.#layer) return node;
    this.#stamp[node] = this.#layer;
    this.#parentStamp[parent] = this.#layer;
    this.#size[node] = 0;
    this.#isDirectory[node] = 0;
    this.#nodes.push(node);
    return node;
  }

  /** The whiteout that ends the visit: the first one in order that removes nothing. */
  #firstFailure(leaves: readonly number[]): number | undefined {
    let first: number | undefined;
    for (const leaf of leaves) {
      const target = this.#pathOf(leaf);
      if (target === leaf || this.#isBelow(target)) continue;
      if (first === undefined || this.#isBefore(leaf, first)) first = leaf;
    }
    return first;
  }

  /** Whether the layers below have a path; below the first one dive looks into that one itself. */
  #isBelow(path: number): boolean {
    return this.#layer === 1 ? this.#stamp[path] === this.#layer : this.#stack.state[path] !== ABSENT;
  }

  #whiteoutSize(path: number): number {
    if (this.#layer === 1) return this.#isDirectory[path] === 1 ? this.#sizesInFirst()[path]! : 0;
    return this.#stack.state[path] === DIRECTORY ? this.#subtree[path]! : 0;
  }

  /** Sizes of the subtrees of the first layer, which is not stacked yet when its own whiteouts look into it. */
  #sizesInFirst(): Float64Array {
    if (this.#firstSizes !== undefined) return this.#firstSizes;
    const sizes = this.#size.slice(0, this.#stack.paths.count);
    for (let node = sizes.length - 1; node > 0; node--) sizes[this.#stack.paths.parent[node]!]! += sizes[node]!;
    return (this.#firstSizes = sizes);
  }

  /** The path that a node counts for: its own, or of a whiteout, that without `.wh.`. */
  #pathOf(node: number): number {
    const { strings, paths } = this.#stack;
    const name = paths.name[node]!;
    const start = strings.offsets[name]!;
    const end = strings.offsets[name + 1]!;
    if (end - start === WHITEOUT.length || !isWhiteout(strings.bytes, start, end)) return node;
    const path = this.#stack.node(paths.parent[node]!, strings.intern(strings.bytes, start + WHITEOUT.length, end));
    if (path >= this.#own.length) this.#grow(path + 1);
    return path;
  }

  #whiteoutName(name: number): number {
    const { strings } = this.#stack;
    const bytes = strings.bytes.subarray(strings.offsets[name], strings.offsets[name + 1]);
    if (bytes.length + WHITEOUT.length > this.#scratch.length) this.#scratch = new Uint8Array(2 * (bytes.length + 4));
    this.#scratch.set(WHITEOUT);
    this.#scratch.set(bytes, WHITEOUT.length);
    return strings.intern(this.#scratch, 0, bytes.length + WHITEOUT.length);
  }

  /** `.wh..wh..…`; other bookkeeping of aufs is a file to dive. */
  #isDropped(name: number): boolean {
    const { bytes, offsets } = this.#stack.strings;
    const start = offsets[name]!;
    return (
      isAufsMetadata(bytes, start, offsets[name + 1]!) && offsets[name + 1]! > start + 8 && bytes[start + 8] === 0x2e
    );
  }

  /** Whether dive visits a node before another: the order of names, byte by byte, where their paths part. */
  #isBefore(a: number, b: number): boolean {
    const { parent, name } = this.#stack.paths;
    let left = a;
    let right = b;
    let down = this.#depth(left) - this.#depth(right);
    for (; down > 0; down--) left = parent[left]!;
    for (; down < 0; down++) right = parent[right]!;
    if (left === right) return left !== a;
    while (parent[left] !== parent[right]) {
      left = parent[left]!;
      right = parent[right]!;
    }
    return this.#compareNames(name[left]!, name[right]!) < 0;
  }

  #depth(node: number): number {
    let depth = 0;
    for (let at = node; at !== 0; at = this.#stack.paths.parent[at]!) depth++;
    return depth;
  }

  #compareNames(a: number, b: number): number {
    const { bytes, offsets } = this.#stack.strings;
    const aStart = offsets[a]!;
    const bStart = offsets[b]!;
    const aLength = offsets[a + 1]! - aStart;
    const bLength = offsets[b + 1]! - bStart;
    for (let i = 0; i < Math.min(aLength, bLength); i++) {
      if (bytes[aStart + i] !== bytes[bStart + i]) return bytes[aStart + i]! - bytes[bStart + i]!;
    }
    return aLength - bLength;
  }

  #addToStack(node: number): void {
    const state = this.#isDirectory[node] === 1 ? DIRECTORY : OTHER;
    if (this.#stack.state[node] === ABSENT) this.#stack.attach(node, state);
    else this.#stack.state[node] = state;
    this.#changeSize(node, this.#size[node]! - this.#own[node]!);
    this.#own[node] = this.#size[node]!;
  }

  #removeFromStack(node: number): void {
    if (this.#stack.state[node] === ABSENT) return;
    this.#changeSize(node, -this.#subtree[node]!);
    this.#stack.detach(node, (gone) => {
      this.#own[gone] = 0;
      this.#subtree[gone] = 0;
    });
  }

  #changeSize(node: number, bytes: number): void {
    if (bytes === 0) return;
    for (let at = node; at !== 0; at = this.#stack.paths.parent[at]!) this.#subtree[at]! += bytes;
  }

  #grow(needed: number): void {
    const used = this.#own.length;
    this.#own = grown(this.#own, needed);
    this.#subtree = grown(this.#subtree, needed);
    this.#visits = grown(this.#visits, needed);
    this.#total = grown(this.#total, needed);
    this.#smallest = grown(this.#smallest, needed).fill(NaN, used);
    this.#stamp = grown(this.#stamp, needed);
    this.#parentStamp = grown(this.#parentStamp, needed);
    this.#size = grown(this.#size, needed);
    this.#isDirectory = grown(this.#isDirectory, needed);
  }
}
