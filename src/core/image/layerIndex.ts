/** The kinds of entries of a layer, as stored in `LayerIndex.kind`. */
export const EntryKind = {
  file: 0,
  directory: 1,
  symlink: 2,
  hardlink: 3,
  characterDevice: 4,
  blockDevice: 5,
  fifo: 6,
  /** `.wh.NAME`: removes NAME of the layers below. */
  whiteout: 7,
  /** `.wh..wh..opq`: hides all that the layers below have in its directory. */
  opaque: 8,
  /**
   * Bookkeeping of aufs (`.wh..wh.plnk/…`, `.wh..wh.aufs`), and whiteouts that name nothing: never part of the file system,
   * but hard links of the same layer may take their content from it. Its path keeps the `.wh.` as it is in the tar.
   */
  metadata: 9,
} as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

/** Stands for "no such thing" in every `Uint32Array` column of indexes. */
export const NONE = 0xffffffff;

/**
 * The entries of one layer as columns. Entry `i` is the `i`th tar member that could be read, in tar order; all arrays have
 * length `count`. The arrays' buffers can be moved to another thread without a copy, and written to disk as they are.
 *
 * Names are interned: an entry's path is its parent directory's path and its own last segment. Directories that the tar
 * does not name itself (implied parents) have a node but no entry, and so have targets of hard links that it does not hold.
 */
export interface LayerIndex {
  readonly count: number;
  /** {@link EntryKind}. For a whiteout, the path is that of what it removes, without `.wh.`; for an opaque, its directory's. */
  readonly kind: Uint8Array;
  /** Index into the path table of this layer. */
  readonly path: Uint32Array;
  /**
   * Length in bytes of a regular file (or of aufs' copy of one), as it is when unpacked; else 0. The content in the tar has
   * the same length, but for the few entries in `sparse`.
   */
  readonly size: Float64Array;
  /** Permission bits with setuid, setgid and sticky: 0o7777. */
  readonly mode: Uint16Array;
  readonly uid: Uint32Array;
  readonly gid: Uint32Array;
  /** Seconds since 1970, whole, rounded down. */
  readonly mtime: Float64Array;
  /** Offset of the content in the uncompressed tar. */
  readonly offset: Float64Array;
  /** Of a symbolic link, its target as an index into `strings`; of a hard link, its target's node in `paths`; else {@link NONE}. */
  readonly link: Uint32Array;
  /** 32-bit hash over the extended attributes, 0 where there are none: tells metadata-only changes. */
  readonly xattrs: Uint32Array;
  readonly sparse: SparseTable;
  readonly paths: PathTable;
  readonly strings: StringTable;
  /** Length of the uncompressed tar in bytes, padding included. */
  readonly tarBytes: number;
}

/** The directories and names of one layer: node 0 is the root; every other node has a parent with a smaller index. */
export interface PathTable {
  readonly parent: Uint32Array;
  /** Index into the layer's `strings`: the last path segment. */
  readonly name: Uint32Array;
  /** Number of nodes in use. */
  readonly count: number;
}

/** Byte strings end to end; string `i` is `bytes[offsets[i] … offsets[i + 1]]`, UTF-8 where the tar's names are. */
export interface StringTable {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array;
  readonly count: number;
}

/** The entries whose content is stored without its holes, ascending, with the length of what is stored (map included). */
export interface SparseTable {
  readonly entry: Uint32Array;
  readonly storedBytes: Float64Array;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The bytes of one string, as a view. */
export function stringBytes(strings: StringTable, index: number): Uint8Array {
  return strings.bytes.subarray(strings.offsets[index], strings.offsets[index + 1]);
}

/** One string as text; bytes that are not UTF-8 become U+FFFD. */
export function stringText(strings: StringTable, index: number): string {
  return decoder.decode(stringBytes(strings, index));
}

/** The path of a node from the root, with a leading slash; `/` for the root itself. */
export function nodePath(paths: PathTable, strings: StringTable, node: number): string {
  const segments: string[] = [];
  for (let at = node; at !== 0; at = paths.parent[at]!) segments.push(stringText(strings, paths.name[at]!));
  return `/${segments.reverse().join('/')}`;
}

/** The path of an entry from the root, with a leading slash. */
export function entryPath(index: LayerIndex, entry: number): string {
  return nodePath(index.paths, index.strings, index.path[entry]!);
}

/** The text of a link's target: of a symbolic link as it is written, of a hard link its target's path; undefined for no link. */
export function linkTarget(index: LayerIndex, entry: number): string | undefined {
  const link = index.link[entry]!;
  if (link === NONE) return undefined;
  return index.kind[entry] === EntryKind.symlink
    ? stringText(index.strings, link)
    : nodePath(index.paths, index.strings, link);
}

/** Bytes that the tar holds of an entry's content, from its `offset` on: less than its size for a sparse file. */
export function storedBytes(index: LayerIndex, entry: number): number {
  const at = index.sparse.entry.indexOf(entry);
  return at === -1 ? index.size[entry]! : index.sparse.storedBytes[at]!;
}

/** True for a file whose holes are not in the tar: its content cannot be read as one run of bytes. */
export function isSparse(index: LayerIndex, entry: number): boolean {
  return index.sparse.entry.includes(entry);
}
