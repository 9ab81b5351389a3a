import { ImagePaths } from './imagePaths.ts';
import { cut, grown } from './columns.ts';
import { EntryKind, type LayerIndex, linkTarget, entryPath, NONE } from './layerIndex.ts';
import { ImpliedDirectories } from './impliedDirectories.ts';
import { Losses } from './losses.ts';
import { NodeTree, ABSENT } from './nodeTree.ts';
import { ProblemList } from './problemList.ts';
import { StackNodes } from './stackNodes.ts';
import { layerOfEntry, NO_LAYER, type StackedTree, type WasteCause, wasteCauses } from './stackedTree.ts';
import { groupedByParent, ownBytes, subtreeSums } from './treeColumns.ts';

/** As many symbolic links as Linux follows in one path. */
const HOPS = 40;
const SLASH = 0x2f;
const DOT = 0x2e;

/**
 * Stacks the layers of an image, from base to top, as the OCI image specification has them applied:
 * https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets
 *
 * - Whiteouts and opaque marks act on the layers below only, wherever they stand in their own layer.
 * - Entries are applied in the order of the tar: of a path that comes twice the last one holds. A directory over a directory
 *   merges; anything else takes the place of what was there, with all that was below it.
 * - A parent that is a symbolic link is followed within the root, as a file system does on which the layer is unpacked
 *   (containerd, umoci, Docker on vfs). Where that leads nowhere — a loop, a file — a directory takes its place, which is what
 *   overlay file systems show. A whiteout below a symbolic link for which its own layer has a directory removes nothing.
 * - A hard link shares its target's content, also with a lower layer's; a target that comes later in the layer is waited for.
 *   Content lives until its last name goes, and is lost by what took that name.
 *
 * Never throws on what layers contain. Time is linear in entries (plus lengths of paths); nothing is restacked.
 *
 * @param paths those of the same layers, where the caller has numbered them for something else as well.
 */
export function stackLayers(
  layers: readonly (LayerIndex | undefined)[],
  paths: ImagePaths = new ImagePaths(layers),
): StackedTree {
  const stack = new Stack(layers.slice(0, NO_LAYER), paths);
  for (let layer = 0; layer < layers.length; layer++) stack.apply(layer);
  return stack.finish();
}

class Stack {
  readonly #layers: readonly (LayerIndex | undefined)[];
  readonly #entryBase: Uint32Array;
  readonly #paths: ImagePaths;
  readonly #nodes: StackNodes;
  readonly #tree: NodeTree;
  readonly #losses: Losses;
  readonly #implied = new ImpliedDirectories();
  readonly #problems = new ProblemList();
  /** Per node: the entry that put it there, the entry with its content, the layer. */
  #entry: Uint32Array<ArrayBuffer>;
  #content: Uint32Array<ArrayBuffer>;
  #nodeLayer: Uint16Array<ArrayBuffer>;
  /** Per entry: how many names its content has. */
  readonly #links: Uint32Array;
  readonly #lostIn: Uint16Array;
  readonly #lostCause: Uint8Array;
  readonly #nodeOf: Uint32Array;
  readonly #contentOf: Uint32Array;
  readonly #fileBytes: Float64Array;
  /** Contents that are no path of their own layer and have lost their last name: later links do not bring them back. */
  readonly #deadMetadata = new Set<number>();

  /** Of the layer that is being applied. */
  #layer = 0;
  #index!: LayerIndex;
  #base = 0;
  /** Per node of its paths: the number that the image has for that path. */
  #pathOf: Uint32Array = new Uint32Array(0);
  #ownDirectories: Set<number> | undefined;
  readonly #metadata = new Map<number, number>();
  #waiting: number[] = [];
  #cause: WasteCause = 'overwritten';
  #hops = 0;
  /** Segments of link targets that may still be walked: layers are hostile, and each entry may pass through 40 long links. */
  #steps: number;

  constructor(layers: readonly (LayerIndex | undefined)[], paths: ImagePaths) {
    this.#layers = layers;
    this.#paths = paths;
    this.#nodes = new StackNodes(paths.table);
    const expected = paths.table.count;
    this.#tree = new NodeTree(this.#nodes, expected);
    this.#entry = new Uint32Array(expected);
    this.#content = new Uint32Array(expected);
    this.#nodeLayer = new Uint16Array(expected);
    this.#entry[0] = NONE;
    this.#content[0] = NONE;
    this.#entryBase = new Uint32Array(layers.length + 1);
    layers.forEach((layer, i) => (this.#entryBase[i + 1] = this.#entryBase[i]! + (layer?.count ?? 0)));
    const entries = this.#entryBase[layers.length]!;
    this.#links = new Uint32Array(entries);
    this.#lostIn = new Uint16Array(entries).fill(NO_LAYER);
    this.#lostCause = new Uint8Array(entries);
    this.#nodeOf = new Uint32Array(entries).fill(NONE);
    this.#contentOf = new Uint32Array(entries).fill(NONE);
    this.#fileBytes = new Float64Array(layers.length);
    this.#losses = new Losses(layers.length);
    this.#steps = 4_000_000 + 16 * entries;
    this.#tree.state[0] = EntryKind.directory;
  }

  apply(layer: number): void {
    const index = this.#layers[layer];
    if (index === undefined) return;
    this.#layer = layer;
    this.#index = index;
    this.#base = this.#entryBase[layer]!;
    this.#pathOf = this.#paths.of(index);
    this.#ownDirectories = undefined;
    this.#metadata.clear();
    this.#waiting = [];
    this.#hideBelow(index);
    this.#applyPaths(index);
    for (const entry of this.#waiting) this.#apply(entry, false);
  }

  #hideBelow({ count, kind, path }: LayerIndex): void {
    for (let entry = 0; entry < count; entry++) {
      if (kind[entry]! < EntryKind.whiteout) continue;
      if (kind[entry] === EntryKind.metadata) this.#metadata.set(path[entry]!, entry);
      else this.#hide(entry, kind[entry] === EntryKind.opaque);
    }
  }

  #applyPaths({ count, kind }: LayerIndex): void {
    for (let entry = 0; entry < count; entry++) {
      if (kind[entry]! < EntryKind.whiteout) this.#apply(entry, true);
    }
  }

  #hide(entry: number, opaque: boolean): void {
    const { path, paths } = this.#index;
    const node = path[entry]!;
    if (opaque) {
      const directory = this.#directory(node, 'below');
      if (directory === NONE) return;
      this.#cause = 'opaque';
      this.#tree.detachChildren(directory, this.#gone);
      this.#losses.record(directory, 'opaque', this.#layer, NONE, NONE);
      return;
    }
    if (node === 0) return;
    const directory = this.#directory(paths.parent[node]!, 'below');
    const target = directory === NONE ? NONE : this.#present(directory, node);
    if (target !== NONE) this.#remove(target, 'deleted', NONE);
  }

  /** Applies one entry that is a path. A hard link whose target is not there yet waits once for the end of the layer. */
  #apply(entry: number, mayWait: boolean): void {
    const index = this.#index;
    const id = this.#base + entry;
    const path = index.path[entry]!;
    let kind = index.kind[entry]!;
    if (path === 0) {
      if (kind === EntryKind.directory) this.#refresh(0, id);
      return;
    }
    // Before a link's target is looked up: making the parent may take the target away.
    const directory = this.#directory(index.paths.parent[path]!, 'make');
    let content = id;
    if (kind === EntryKind.directory) {
      content = NONE;
    } else if (kind === EntryKind.hardlink) {
      const target = this.#target(entry);
      if (target === NONE && mayWait) {
        this.#waiting.push(entry);
        return;
      }
      content = target;
      kind = target === NONE ? EntryKind.file : this.#kindOf(target);
      if (target === NONE) {
        this.#problems.add(
          'dangling-link',
          `The hard link ${entryPath(index, entry)} has no target ${linkTarget(index, entry) ?? ''}.`,
          this.#layer,
        );
      }
    }
    const node = this.#make(directory, this.#pathIn(directory, path));
    const state = this.#tree.state[node]!;
    if (state === EntryKind.directory && kind === EntryKind.directory) {
      this.#refresh(node, id);
      return;
    }
    if (state !== ABSENT) {
      const standing = this.#entry[node]!;
      // What waited for its target was meant to be here before what has come since.
      if (!mayWait && standing !== NONE && standing > id) return;
      // The name is linked to the content that it has.
      if (content !== NONE && content === this.#content[node]) {
        if (standing !== content) this.#refresh(node, id);
        return;
      }
    }
    // Before what stands here goes: it may be the last other name of the same content.
    if (content !== NONE && this.#links[content]!++ === 0)
      this.#fileBytes[this.#layer]! += index.size[content - this.#base]!;
    if (state !== ABSENT) this.#remove(node, this.#causeOf(state, this.#content[node]!, kind, content), content);
    this.#tree.attach(node, kind);
    this.#content[node] = content;
    this.#stand(node, id);
  }

  /** A directory that is there gets the attributes of another entry; a name is linked anew to the content that it has. */
  #refresh(node: number, id: number): void {
    if (this.#entry[node] === NONE) this.#implied.end(node, this.#layer);
    else this.#lose(this.#entry[node]!, 'overwritten');
    this.#stand(node, id);
  }

  /** An entry is what stands at a path from now on. */
  #stand(node: number, id: number): void {
    this.#entry[node] = id;
    this.#nodeLayer[node] = this.#layer;
    this.#nodeOf[id] = node;
    this.#contentOf[id] = this.#content[node]!;
  }

  #causeOf(oldKind: number, oldContent: number, newKind: number, newContent: number): WasteCause {
    if (oldKind !== newKind) return 'replaced';
    if (oldKind !== EntryKind.file || oldContent === NONE || newContent === NONE) return 'overwritten';
    const from = layerOfEntry(this.#entryBase, oldContent);
    const to = layerOfEntry(this.#entryBase, newContent);
    const before = this.#layers[from]!;
    const after = this.#layers[to]!;
    const i = oldContent - this.#entryBase[from]!;
    const j = newContent - this.#entryBase[to]!;
    if (before.size[i] !== after.size[j] || before.mtime[i] !== after.mtime[j]) return 'overwritten';
    const sameAttributes =
      before.mode[i] === after.mode[j] &&
      before.uid[i] === after.uid[j] &&
      before.gid[i] === after.gid[j] &&
      before.xattrs[i] === after.xattrs[j];
    return sameAttributes ? 'overwritten' : 'metadata-only';
  }

  /** Takes a path away; the bytes that go with it are one loss per layer that ships them. */
  #remove(node: number, cause: WasteCause, newContent: number): void {
    this.#cause = cause;
    const single = this.#tree.state[node] === EntryKind.file && newContent !== NONE && cause !== 'replaced';
    const oldContent = single ? this.#content[node]! : NONE;
    this.#tree.detach(node, this.#gone);
    this.#losses.record(node, cause, this.#layer, oldContent, single ? newContent : NONE);
  }

  readonly #gone = (node: number): void => {
    if (this.#entry[node] === NONE) this.#implied.end(node, this.#layer);
    else this.#lose(this.#entry[node]!, this.#cause);
    this.#nodeLayer[node] = this.#layer;
    const content = this.#content[node]!;
    if (content === NONE || --this.#links[content]! > 0) return;
    const layer = layerOfEntry(this.#entryBase, content);
    const index = this.#layers[layer]!;
    const entry = content - this.#entryBase[layer]!;
    if (index.kind[entry] === EntryKind.metadata) this.#deadMetadata.add(content);
    this.#losses.add(layer, index.size[entry]!);
  };

  #lose(entry: number, cause: WasteCause): void {
    this.#lostIn[entry] = this.#layer;
    this.#lostCause[entry] = wasteCauses.indexOf(cause);
  }

  /** The content of a hard link's target, {@link NONE} where there is none that can be linked to. */
  #target(entry: number): number {
    const link = this.#index.link[entry]!;
    if (link === NONE || link === 0) return NONE;
    const metadata = this.#metadata.get(link);
    if (metadata !== undefined) {
      const id = this.#base + metadata;
      return this.#deadMetadata.has(id) ? NONE : id;
    }
    const directory = this.#directory(this.#index.paths.parent[link]!, 'find');
    const node = directory === NONE ? NONE : this.#present(directory, link);
    return node === NONE ? NONE : this.#content[node]!;
  }

  #kindOf(content: number): number {
    const layer = layerOfEntry(this.#entryBase, content);
    const kind = this.#layers[layer]!.kind[content - this.#entryBase[layer]!]!;
    return kind === EntryKind.metadata ? EntryKind.file : kind;
  }

  /**
   * The directory at a path of the layer. `make`: whatever is missing is made, whatever is in the way goes. `find`:
   * {@link NONE} where there is none. `below`: the same for whiteouts, which mean what the layers below have at that very
   * path, not what a symbolic link leads to if their own layer puts a directory in its place.
   */
  #directory(path: number, mode: 'make' | 'find' | 'below'): number {
    // A directory that is there has directories above it: no symbolic link is on the way to it.
    let directory = this.#nodes.at(this.#pathOf[path]!);
    if (this.#isDirectory(directory)) return directory;
    const { parent } = this.#index.paths;
    const way: number[] = [];
    for (let at = path; !this.#isDirectory(directory); directory = this.#nodes.at(this.#pathOf[at]!)) {
      way.push(at);
      at = parent[at]!;
    }
    for (let i = way.length - 1; i >= 0; i--) {
      const step = way[i]!;
      let child = this.#present(directory, step);
      if (child !== NONE && this.#tree.state[child] === EntryKind.symlink) {
        if (mode === 'below' && this.#isOwnDirectory(step)) return NONE;
        this.#hops = 0;
        const followed = this.#follow(child, mode === 'make');
        if (followed !== NONE) child = followed;
      }
      if (child === NONE || this.#tree.state[child] !== EntryKind.directory) {
        if (mode !== 'make') return NONE;
        child = this.#imply(directory, this.#pathIn(directory, step));
      }
      directory = child;
    }
    return directory;
  }

  #isDirectory(node: number): boolean {
    return node !== NONE && this.#tree.state[node] === EntryKind.directory;
  }

  /** A directory that no entry names, in the place of whatever is there. */
  #imply(parent: number, path: number): number {
    const node = this.#make(parent, path);
    if (this.#tree.state[node] !== ABSENT) this.#remove(node, 'replaced', NONE);
    this.#tree.attach(node, EntryKind.directory);
    this.#entry[node] = NONE;
    this.#content[node] = NONE;
    this.#nodeLayer[node] = this.#layer;
    this.#implied.begin(node, this.#layer);
    return node;
  }

  /** The directory that a symbolic link leads to within the root, made where `make`; {@link NONE} for loops and files. */
  #follow(link: number, make: boolean): number {
    if (++this.#hops > HOPS) return NONE;
    const content = this.#content[link]!;
    const layer = layerOfEntry(this.#entryBase, content);
    const { link: targets, strings } = this.#layers[layer]!;
    const target = targets[content - this.#entryBase[layer]!]!;
    if (target === NONE) return NONE;
    const end = strings.offsets[target + 1]!;
    let start = strings.offsets[target]!;
    let directory = strings.bytes[start] === SLASH ? 0 : this.#nodes.parent[link]!;
    while (start < end) {
      let stop = start;
      while (stop < end && strings.bytes[stop] !== SLASH) stop++;
      directory = this.#step(directory, strings.bytes, start, stop, make);
      if (directory === NONE) return NONE;
      start = stop + 1;
    }
    return directory;
  }

  #step(directory: number, bytes: Uint8Array, start: number, end: number, make: boolean): number {
    if (this.#steps <= 0) return NONE;
    if (--this.#steps === 0) {
      this.#problems.add('limit', 'Symbolic links lead too far; from here they are not followed.', this.#layer);
    }
    const size = end - start;
    if (size === 0 || (size === 1 && bytes[start] === DOT)) return directory;
    if (size === 2 && bytes[start] === DOT && bytes[start + 1] === DOT) {
      return directory === 0 ? 0 : this.#nodes.parent[directory]!;
    }
    const path = this.#paths.table.child(this.#nodes.path[directory]!, bytes, start, end);
    const child = this.#nodes.at(path);
    const state = child === NONE ? ABSENT : this.#tree.state[child];
    if (state === ABSENT) return make ? this.#imply(directory, path) : NONE;
    if (state === EntryKind.symlink) return this.#follow(child, make);
    return state === EntryKind.directory ? child : NONE;
  }

  #isOwnDirectory(path: number): boolean {
    if (this.#ownDirectories === undefined) {
      this.#ownDirectories = new Set();
      for (let i = 0; i < this.#index.count; i++) {
        if (this.#index.kind[i] === EntryKind.directory) this.#ownDirectories.add(this.#index.path[i]!);
      }
    }
    return this.#ownDirectories.has(path);
  }

  /** The image's number for a path of the layer, whose parent has led to this directory: another one behind a symbolic link. */
  #pathIn(directory: number, path: number): number {
    const written = this.#pathOf[path]!;
    const parent = this.#nodes.path[directory]!;
    if (this.#paths.table.parent[written] === parent) return written;
    const { paths, strings } = this.#index;
    const name = paths.name[path]!;
    return this.#paths.table.child(parent, strings.bytes, strings.offsets[name]!, strings.offsets[name + 1]!);
  }

  /** What is at a path of the layer, whose parent has led to this directory; {@link NONE} for nothing. */
  #present(directory: number, path: number): number {
    const node = this.#nodes.at(this.#pathIn(directory, path));
    return node === NONE || this.#tree.state[node] === ABSENT ? NONE : node;
  }

  #make(parent: number, path: number): number {
    const node = this.#nodes.make(parent, path);
    this.#tree.reserve(node);
    if (node >= this.#entry.length) {
      this.#entry = grown(this.#entry, node + 1);
      this.#content = grown(this.#content, node + 1);
      this.#nodeLayer = grown(this.#nodeLayer, node + 1);
    }
    return node;
  }

  finish(): StackedTree {
    const paths = this.#nodes.finish();
    const kind = cut(this.#tree.state, paths.count);
    const content = cut(this.#content, paths.count);
    const entry = cut(this.#entry, paths.count);
    const layer = cut(this.#nodeLayer, paths.count);
    const nodeOf = this.#nodeOf;
    const own = ownBytes(this.#layers, this.#entryBase, { kind, entry, content, layer, nodeOf });
    const sums = subtreeSums(paths.parent, kind, own);
    return {
      layers: this.#layers,
      entryBase: this.#entryBase,
      paths,
      strings: this.#paths.table.names(),
      kind,
      entry,
      content,
      layer,
      ...sums,
      ...groupedByParent(paths.parent, kind),
      lostIn: this.#lostIn,
      lostCause: this.#lostCause,
      nodeOf,
      contentOf: this.#contentOf,
      implied: this.#implied.finish(),
      fileBytes: this.#fileBytes,
      wastedBytes: this.#losses.perLayer,
      finalBytes: sums.bytes[0]!,
      losses: this.#losses.finish(),
      problems: this.#problems.finish(),
    };
  }
}
