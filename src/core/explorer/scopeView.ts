import { ChangeCode } from '../image/change.ts';
import { EntryKind, type LayerIndex, NONE } from '../image/layerIndex.ts';
import { NO_LAYER, wasteCauses } from '../image/stackedTree.ts';
import { attributeKeys, attributesOf, unnamed } from './attributes.ts';
import { kindCodes } from './kinds.ts';
import type { Scope, SortColumn } from './query.ts';
import { type Fate, rowKinds } from './rows.ts';
import type { TreeFacts } from './treeFacts.ts';
import { type RowDetails, Shown, sumUp, type TreeView } from './treeView.ts';

/** Whether a directory without an entry is there. */
const Implied = { no: 0, before: 1, anew: 2 } as const;

/**
 * An image in one scope. Nothing is restacked: each entry has a time in which it stands at its path, from its own layer
 * until the one that takes it away, so that the state after any layer is one pass over the entries. In `image` changes are
 * those since the base, elsewhere those of the scope's own layer.
 */
export class ScopeView implements TreeView {
  readonly paths;
  readonly strings;
  readonly shown: Uint8Array;
  readonly kind: Uint8Array;
  readonly change: Uint8Array;
  readonly bytes: Float64Array;
  readonly wasted: Float64Array;
  readonly removed: Float64Array;
  readonly area: Float64Array;
  /** Per node: the entry that is shown of it, `NONE` where no layer names it. */
  readonly entry: Uint32Array;
  /** Per node: the entry that it had before the changes; `NONE` where it was not there. */
  readonly previous: Uint32Array;
  readonly #facts: TreeFacts;
  /** The last layer that counts, and the first whose changes count. */
  readonly #top: number;
  readonly #since: number;
  readonly #layerOnly: boolean;
  /** Per node: what it has itself of `bytes`. */
  readonly #ownBytes: Float64Array;
  /** Per node: 1 where it was a directory without an entry before the changes. */
  readonly #wasImplied: Uint8Array;

  /** @param baseLayers how many layers from the bottom are the base's. */
  constructor(facts: TreeFacts, scope: Scope, baseLayers: number) {
    const { tree } = facts;
    const { count } = tree.paths;
    const layers = tree.layers.length;
    this.#facts = facts;
    this.#layerOnly = scope.kind === 'layer';
    this.#top = scope.kind === 'image' ? layers - 1 : Math.min(scope.layer, layers - 1);
    // Without a base nothing is worth telling from it: all would be new.
    this.#since = scope.kind === 'image' ? (baseLayers > 0 ? baseLayers : layers) : scope.layer;
    this.paths = tree.paths;
    this.strings = tree.strings;
    this.shown = new Uint8Array(count);
    this.kind = new Uint8Array(count).fill(kindCodes[EntryKind.directory]!);
    this.change = new Uint8Array(count);
    this.wasted = new Float64Array(count);
    this.removed = new Float64Array(count);
    this.entry = new Uint32Array(count).fill(NONE);
    this.previous = new Uint32Array(count).fill(NONE);

    this.#wasImplied = new Uint8Array(count);

    const standing = this.#standing();
    const shipped = this.#ship();
    this.#ownBytes = this.#layerOnly ? shipped.slice() : this.#bytesOf(standing);
    this.bytes = this.#ownBytes.slice();
    this.area = shipped;
    this.#show(standing);
    sumUp(tree.paths.parent, [this.bytes, this.wasted, this.removed, this.area]);
    this.#finish();
  }

  keys(column: SortColumn): Float64Array[] {
    switch (column) {
      case 'name':
        return [];
      case 'size':
      case 'share':
      case 'before':
      case 'difference':
        // What a layer removes is sorted by what it takes away.
        return [this.bytes.map((bytes, node) => Math.max(bytes, this.#isRemoved(node) ? this.removed[node]! : 0))];
      case 'wasted':
        return [this.wasted];
      case 'change':
        return [Float64Array.from(this.change)];
      case 'owner':
      case 'mode':
      case 'modified':
        return attributeKeys(column, this.entry.length, (node, read) => this.#read(node, read));
    }
  }

  details(node: number): RowDetails {
    const place = this.#place(this.entry[node]!);
    const canOpen = rowKinds[this.kind[node]!] === 'file' && place !== undefined;
    if (place === undefined) return { canOpen };
    const { layer, at } = place;
    const entry = this.entry[node]!;
    const fate = this.#fateOf(entry);
    const isCountedElsewhere = canOpen && !this.#isRemoved(node) && layer.size[at]! > 0 && this.#ownBytes[node] === 0;
    return {
      layer: this.#facts.layerOf[entry]!,
      canOpen,
      ...attributesOf(layer, at),
      ...(fate === undefined ? {} : { fate }),
      ...(isCountedElsewhere && this.shown[node] === Shown.yes ? { isFurtherName: true } : {}),
    };
  }

  /** Marks what stands at the end of the scope, what stood before its changes, and what was last at every other path. */
  #standing(): Uint32Array {
    const { tree, layerOf } = this.#facts;
    const { nodeOf, lostIn } = tree;
    const standing = new Uint32Array(tree.paths.count).fill(NONE);
    const end = tree.entryBase[this.#top + 1] ?? 0;
    for (let entry = 0; entry < end; entry++) {
      const node = nodeOf[entry]!;
      if (node === NONE) continue;
      const lost = lostIn[entry]!;
      if (lost > this.#top) standing[node] = entry;
      else this.entry[node] = entry;
      if (layerOf[entry]! < this.#since && lost >= this.#since) this.previous[node] = entry;
    }
    return standing;
  }

  /** Counts what the scope's layers ship, with what of it is wasted, and what the layer takes away. */
  #ship(): Float64Array {
    const { tree, home, lostAt, size, layerOf } = this.#facts;
    const shipped = new Float64Array(tree.paths.count);
    const from = this.#layerOnly ? tree.entryBase[this.#top]! : 0;
    const end = tree.entryBase[this.#top + 1] ?? 0;
    for (let entry = from; entry < end; entry++) {
      const node = home[entry]!;
      if (node === NONE) continue;
      const bytes = size[entry]!;
      shipped[node]! += bytes;
      if (lostAt[entry] !== NO_LAYER) this.wasted[node]! += bytes;
    }
    if (!this.#layerOnly) return shipped;
    const counted = new Uint8Array(from);
    for (let entry = 0; entry < from; entry++) {
      const content = tree.contentOf[entry]!;
      if (tree.lostIn[entry] !== this.#top || content === NONE || counted[content] === 1) continue;
      if (lostAt[content] !== this.#top || layerOf[content]! >= this.#top) continue;
      counted[content] = 1;
      this.removed[tree.nodeOf[entry]!]! += size[content]!;
    }
    return shipped;
  }

  /** The bytes of each content at the name that ships it, if that still stands, else at the first that does. */
  #bytesOf(standing: Uint32Array): Float64Array {
    const { tree, size } = this.#facts;
    const bytes = new Float64Array(standing.length);
    const counted = new Uint8Array(tree.nodeOf.length);
    for (const shippedHere of [true, false]) {
      for (let node = 1; node < standing.length; node++) {
        const entry = standing[node]!;
        if (entry === NONE) continue;
        const content = tree.contentOf[entry]!;
        if (content === NONE || (content === entry) !== shippedHere || counted[content] === 1) continue;
        counted[content] = 1;
        bytes[node] = size[content]!;
      }
    }
    return bytes;
  }

  /** Decides of each node whether it is shown, and as what; from the leaves, because directories are shown for what they hold. */
  #show(standing: Uint32Array): void {
    const { tree, layerOf } = this.#facts;
    const { parent, count } = tree.paths;
    const implied = this.#impliedNow();
    for (let node = count - 1; node >= 0; node--) {
      const entry = standing[node]!;
      const isImplied = implied[node] !== Implied.no;
      const isThere = entry !== NONE || isImplied || node === 0;
      if (isThere) {
        const isNew = entry === NONE ? implied[node] === Implied.anew : layerOf[entry]! >= this.#since;
        if (isNew) this.change[node] = this.#changeOf(node, entry);
        this.entry[node] = entry;
        if (isNew || !this.#layerOnly || node === 0) this.shown[node] = Shown.yes;
      } else if (this.#layerOnly && (this.previous[node] !== NONE || this.#wasImplied[node] === 1)) {
        this.entry[node] = this.previous[node]!;
        this.shown[node] = Shown.yes;
      }
      if (this.shown[node] !== Shown.yes) continue;
      this.shown[parent[node]!] = Shown.yes;
      if (!isThere) this.change[node] = ChangeCode.removed;
    }
  }

  /** Of directories without an entry: whether they are there at the end of the scope, since before its changes or anew. */
  #impliedNow(): Uint8Array {
    const { implied, paths } = this.#facts.tree;
    const now = new Uint8Array(paths.count);
    for (let row = 0; row < implied.count; row++) {
      const [node, from, until] = [implied.node[row]!, implied.from[row]!, implied.until[row]!];
      if (from <= this.#top && until > this.#top) now[node] = from >= this.#since ? Implied.anew : Implied.before;
      if (from < this.#since && until >= this.#since) this.#wasImplied[node] = 1;
    }
    return now;
  }

  /** What is new at a path beside what was there before the changes. */
  #changeOf(node: number, entry: number): number {
    const before = this.previous[node]!;
    if (before === NONE) {
      return this.#wasImplied[node] === 1
        ? this.#isDirectory(entry)
          ? ChangeCode.same
          : ChangeCode.changed
        : ChangeCode.added;
    }
    const [old, now] = [this.#place(before), this.#place(entry)];
    if (old === undefined || now === undefined) return this.#isDirectory(before) ? ChangeCode.same : ChangeCode.changed;
    if (old.layer.kind[old.at] !== now.layer.kind[now.at]) return ChangeCode.changed;
    const isSameAttributes =
      old.layer.mode[old.at] === now.layer.mode[now.at] &&
      old.layer.uid[old.at] === now.layer.uid[now.at] &&
      old.layer.gid[old.at] === now.layer.gid[now.at] &&
      old.layer.xattrs[old.at] === now.layer.xattrs[now.at];
    // Directories above what a layer writes are in its tar as well; their time is no change.
    if (this.#isDirectory(entry)) return isSameAttributes ? ChangeCode.same : ChangeCode.metadata;
    const isSameContent =
      old.layer.kind[old.at] === EntryKind.file &&
      old.layer.size[old.at] === now.layer.size[now.at] &&
      old.layer.mtime[old.at] === now.layer.mtime[now.at];
    return isSameContent && !isSameAttributes ? ChangeCode.metadata : ChangeCode.changed;
  }

  /** What can be told only when all sums are there. */
  #finish(): void {
    const { tree, layerOf } = this.#facts;
    for (let node = 0; node < this.shown.length; node++) {
      if (this.shown[node] === Shown.no && this.wasted[node]! > 0) {
        this.shown[node] = Shown.lost;
        this.change[node] = ChangeCode.removed;
      }
      const entry = this.entry[node]!;
      if (entry === NONE) continue;
      const content = tree.contentOf[entry]!;
      const of = content === NONE ? entry : content;
      const layer = layerOf[of]!;
      this.kind[node] = kindCodes[tree.layers[layer]!.kind[of - tree.entryBase[layer]!]!]!;
    }
  }

  #fateOf(entry: number): Fate | undefined {
    const { tree } = this.#facts;
    const layer = tree.lostIn[entry]!;
    if (layer === NO_LAYER) return undefined;
    const cause = wasteCauses[tree.lostCause[entry]!]!;
    // A directory that is named again is still the same directory.
    return cause === 'overwritten' && this.#isDirectory(entry) ? undefined : { cause, layer };
  }

  #isRemoved(node: number): boolean {
    return this.change[node] === ChangeCode.removed;
  }

  #isDirectory(entry: number): boolean {
    if (entry === NONE) return true;
    const { layer, at } = this.#place(entry)!;
    return layer.kind[at] === EntryKind.directory;
  }

  /** Where the owner, mode and content of an entry are; undefined for what has none. */
  #place(entry: number): { readonly layer: LayerIndex; readonly at: number } | undefined {
    if (entry === NONE) return undefined;
    const { tree, layerOf } = this.#facts;
    const content = tree.contentOf[entry]!;
    const of = content === NONE ? entry : content;
    const number = layerOf[of]!;
    return { layer: tree.layers[number]!, at: of - tree.entryBase[number]! };
  }

  /** A number of the entry that has a node's owner, mode and content: as in `#place`, without an object for each node. */
  #read(node: number, read: (layer: LayerIndex, at: number) => number): number {
    const entry = this.entry[node]!;
    if (entry === NONE) return unnamed;
    const { tree, layerOf } = this.#facts;
    const content = tree.contentOf[entry]!;
    const of = content === NONE ? entry : content;
    const layer = layerOf[of]!;
    return read(tree.layers[layer]!, of - tree.entryBase[layer]!);
  }
}
