import { ImagePaths } from './imagePaths.ts';
import { grown } from './columns.ts';
import type { PathInterner } from './interner.ts';
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

const DOT = 0x2e;
const WHITEOUT = Uint8Array.of(DOT, 0x77, 0x68, DOT);
/** States in the stack: whether dive takes a path for a directory, which an implied parent is not. */
const OTHER = 0;
const DIRECTORY = 1;
/** In place of a path: one that dive leaves out. */
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
 *
 * @param paths those of the same layers, where the caller has numbered them for something else as well; more are added.
 */
export function diveFigures(
  layers: readonly (LayerIndex | undefined)[],
  paths: ImagePaths = new ImagePaths(layers),
): DiveFigures {
  const present = layers.filter((layer) => layer !== undefined);
  const lastWithWhiteouts = present.findLastIndex((layer) => layer.kind.includes(EntryKind.whiteout));
  const dive = new Dive(paths);
  present.forEach((layer, i) => {
    dive.readTree(layer);
    dive.visitLeaves();
    if (i < lastWithWhiteouts) dive.stackTree(i === 0);
  });
  return dive.figures();
}

class Dive {
  readonly #image: ImagePaths;
  readonly #paths: PathInterner;
  /** The layers below, stacked. */
  readonly #stack: NodeTree;
  /** Size of a path in the stack, without what is below it. */
  #stackSize: Float64Array<ArrayBuffer>;
  /** Per path: the one that it counts for, itself or of `.wh.x` that of `x`; {@link DROPPED}; 0 where nobody has asked yet. */
  #target: Uint32Array<ArrayBuffer>;
  /** Over all layers, per path: how often it was a leaf (twice stands for more), the sum of its sizes, the smallest. */
  #visits: Uint8Array<ArrayBuffer>;
  #total: Float64Array<ArrayBuffer>;
  #smallest: Float64Array<ArrayBuffer>;

  /** The layer that is read, counted from 1; paths stamped with it are in its tree. */
  #layer = 0;
  #stamp: Uint32Array<ArrayBuffer>;
  #parentStamp: Uint32Array<ArrayBuffer>;
  #size: Float64Array<ArrayBuffer>;
  #isDirectory: Uint8Array<ArrayBuffer>;
  /** Paths of the layer's tree, parents before children, and those of them that are whiteouts. */
  #tree: Uint32Array<ArrayBuffer>;
  #treeCount = 0;
  #whiteouts: number[] = [];
  #scratch = new Uint8Array(256);
  #firstSizes: Float64Array | undefined;

  constructor(paths: ImagePaths) {
    this.#image = paths;
    this.#paths = paths.table;
    const expected = this.#paths.count;
    this.#stack = new NodeTree(this.#paths, expected);
    this.#stackSize = new Float64Array(expected);
    this.#target = new Uint32Array(expected);
    this.#visits = new Uint8Array(expected);
    this.#total = new Float64Array(expected);
    this.#smallest = new Float64Array(expected).fill(NaN);
    this.#stamp = new Uint32Array(expected);
    this.#parentStamp = new Uint32Array(expected);
    this.#size = new Float64Array(expected);
    this.#isDirectory = new Uint8Array(expected);
    this.#tree = new Uint32Array(expected);
  }

  /** Makes the tree of one layer. */
  readTree(index: LayerIndex): void {
    this.#layer++;
    this.#treeCount = 0;
    this.#whiteouts = [];
    this.#stamp[0] = this.#layer;
    const pathOf = this.#image.of(index);
    const { parent } = index.paths;
    for (let entry = 0; entry < index.count; entry++) {
      const own = index.path[entry]!;
      const kind = index.kind[entry]!;
      if (kind === EntryKind.opaque) {
        this.#enter(pathOf[own]!);
        continue;
      }
      if (own === 0) continue;
      const path =
        kind === EntryKind.whiteout
          ? this.#enterWhiteout(pathOf[parent[own]!]!, pathOf[own]!)
          : this.#enter(pathOf[own]!);
      if (path === DROPPED) continue;
      this.#size[path] = index.size[entry]!;
      this.#isDirectory[path] = kind === EntryKind.directory ? 1 : 0;
    }
  }

  /** Counts the leaves of the layer's tree. */
  visitLeaves(): void {
    const stop = this.#firstFailure();
    for (let i = 0; i < this.#treeCount; i++) {
      const leaf = this.#tree[i]!;
      if (!this.#isLeaf(leaf)) continue;
      if (stop !== undefined && (leaf === stop || !this.#isBefore(leaf, stop))) continue;
      const path = this.#target[leaf]!;
      const size = path === leaf ? this.#size[leaf]! : this.#whiteoutSize(path);
      if (this.#visits[path]! < 2) this.#visits[path]!++;
      this.#total[path]! += size;
      const smallest = this.#smallest[path]!;
      if (!(smallest >= 0 && smallest <= size)) this.#smallest[path] = size;
    }
    if (stop === undefined) return;
    const path = this.#target[stop]!;
    if (Number.isNaN(this.#smallest[path]!)) this.#smallest[path] = -1;
  }

  /** Stacks the layer's tree; dive starts with a copy of the first one, whiteouts included, stacked onto itself. */
  stackTree(first: boolean): void {
    const late: number[] = [];
    for (const whiteout of this.#whiteouts) {
      const target = this.#target[whiteout]!;
      // Siblings are visited in order of names: `.wh.x` mostly before `x`, but for names that start below a dot.
      if (this.#stamp[target] === this.#layer && this.#isBefore(target, whiteout)) late.push(target);
      else this.#removeFromStack(target);
    }
    for (let i = 0; i < this.#treeCount; i++) {
      const path = this.#tree[i]!;
      if (first || this.#target[path] === path || !this.#isLeaf(path)) this.#addToStack(path);
    }
    for (const target of late) this.#removeFromStack(target);
  }

  figures(): DiveFigures {
    let smallest = 0;
    let total = 0;
    let wasted = 0;
    for (let path = 0; path < this.#smallest.length; path++) {
      if (Number.isNaN(this.#smallest[path]!)) continue;
      smallest += this.#smallest[path]!;
      total += this.#total[path]!;
      if (this.#visits[path]! >= 2) wasted += this.#total[path]!;
    }
    return { efficiency: total === 0 ? 1 : smallest / total, wastedBytes: wasted };
  }

  #isLeaf(path: number): boolean {
    return this.#parentStamp[path] !== this.#layer;
  }

  /** Puts a path into the layer's tree, with what is above it, up to the first segment that dive leaves out. */
  #enter(path: number): number {
    if (this.#stamp[path] === this.#layer) return path;
    const { parent } = this.#paths;
    if (this.#stamp[parent[path]!] === this.#layer) return this.#add(parent[path]!, path);
    const way: number[] = [];
    for (let at = path; this.#stamp[at] !== this.#layer; at = parent[at]!) way.push(at);
    for (let i = way.length - 1; i >= 0; i--) {
      const step = way[i]!;
      if (this.#add(parent[step]!, step) === DROPPED) return DROPPED;
    }
    return path;
  }

  /** A whiteout is a path of its own, beside that which it removes. */
  #enterWhiteout(directory: number, path: number): number {
    const parent = this.#enter(directory);
    if (parent === DROPPED) return DROPPED;
    const whiteout = this.#whiteoutOf(parent, path);
    this.#reserve(whiteout);
    return this.#stamp[whiteout] === this.#layer ? whiteout : this.#add(parent, whiteout);
  }

  /** Puts a path into the layer's tree that is not there; {@link DROPPED} for one that dive leaves out. */
  #add(parent: number, path: number): number {
    if (this.#target[path] === 0) {
      const target = this.#targetOf(path);
      this.#target[path] = target;
    }
    const target = this.#target[path]!;
    if (target === DROPPED) return DROPPED;
    if (target !== path) this.#whiteouts.push(path);
    this.#stamp[path] = this.#layer;
    this.#parentStamp[parent] = this.#layer;
    this.#size[path] = 0;
    this.#isDirectory[path] = 0;
    if (this.#treeCount === this.#tree.length) this.#tree = grown(this.#tree, this.#treeCount + 1);
    this.#tree[this.#treeCount++] = path;
    return path;
  }

  /** The whiteout that ends the visit: the first one in order that removes nothing. */
  #firstFailure(): number | undefined {
    let first: number | undefined;
    for (const leaf of this.#whiteouts) {
      if (!this.#isLeaf(leaf) || this.#isBelow(this.#target[leaf]!)) continue;
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
    if (this.#stack.state[path] !== DIRECTORY) return 0;
    let size = 0;
    this.#stack.walk(path, (at) => (size += this.#stackSize[at]!));
    return size;
  }

  /** Sizes of the subtrees of the first layer, which is not stacked yet when its own whiteouts look into it. */
  #sizesInFirst(): Float64Array {
    if (this.#firstSizes !== undefined) return this.#firstSizes;
    const sizes = this.#size.slice();
    const { parent } = this.#paths;
    for (let i = this.#treeCount - 1; i >= 0; i--) {
      const path = this.#tree[i]!;
      sizes[parent[path]!]! += sizes[path]!;
    }
    return (this.#firstSizes = sizes);
  }

  /** See `#target`. */
  #targetOf(path: number): number {
    const { parent, name, nameBytes: bytes, nameOffsets } = this.#paths;
    const start = nameOffsets[name[path]!]!;
    const end = nameOffsets[name[path]! + 1]!;
    if (!isWhiteout(bytes, start, end) || end - start === WHITEOUT.length) return path;
    // `.wh..wh..…`; other bookkeeping of aufs is a file to dive.
    if (isAufsMetadata(bytes, start, end) && end > start + 8 && bytes[start + 8] === DOT) return DROPPED;
    const target = this.#paths.child(parent[path]!, bytes, start + WHITEOUT.length, end);
    this.#reserve(target);
    return target;
  }

  /** The path `.wh.x` beside a path `x`. */
  #whiteoutOf(parent: number, path: number): number {
    const { name, nameBytes, nameOffsets } = this.#paths;
    const bytes = nameBytes.subarray(nameOffsets[name[path]!], nameOffsets[name[path]! + 1]);
    if (bytes.length + WHITEOUT.length > this.#scratch.length) this.#scratch = new Uint8Array(2 * (bytes.length + 4));
    this.#scratch.set(WHITEOUT);
    this.#scratch.set(bytes, WHITEOUT.length);
    return this.#paths.child(parent, this.#scratch, 0, bytes.length + WHITEOUT.length);
  }

  /** Whether dive visits a path before another: the order of names, byte by byte, where they part. */
  #isBefore(a: number, b: number): boolean {
    const { parent, name } = this.#paths;
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

  #depth(path: number): number {
    let depth = 0;
    for (let at = path; at !== 0; at = this.#paths.parent[at]!) depth++;
    return depth;
  }

  #compareNames(a: number, b: number): number {
    const { nameBytes: bytes, nameOffsets: offsets } = this.#paths;
    const aStart = offsets[a]!;
    const bStart = offsets[b]!;
    const aLength = offsets[a + 1]! - aStart;
    const bLength = offsets[b + 1]! - bStart;
    for (let i = 0; i < Math.min(aLength, bLength); i++) {
      if (bytes[aStart + i] !== bytes[bStart + i]) return bytes[aStart + i]! - bytes[bStart + i]!;
    }
    return aLength - bLength;
  }

  #addToStack(path: number): void {
    const state = this.#isDirectory[path] === 1 ? DIRECTORY : OTHER;
    if (this.#stack.state[path] === ABSENT) this.#stack.attach(path, state);
    else this.#stack.state[path] = state;
    this.#stackSize[path] = this.#size[path]!;
  }

  #removeFromStack(path: number): void {
    if (this.#stack.state[path] !== ABSENT) this.#stack.detach(path, () => undefined);
  }

  #reserve(path: number): void {
    if (path < this.#stamp.length) return;
    const used = this.#stamp.length;
    this.#stack.reserve(path);
    this.#stackSize = grown(this.#stackSize, path + 1);
    this.#target = grown(this.#target, path + 1);
    this.#visits = grown(this.#visits, path + 1);
    this.#total = grown(this.#total, path + 1);
    this.#smallest = grown(this.#smallest, path + 1).fill(NaN, used);
    this.#stamp = grown(this.#stamp, path + 1);
    this.#parentStamp = grown(this.#parentStamp, path + 1);
    this.#size = grown(this.#size, path + 1);
    this.#isDirectory = grown(this.#isDirectory, path + 1);
  }
}
