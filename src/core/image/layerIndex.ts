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
} as const;
export type EntryKind = (typeof EntryKind)[keyof typeof EntryKind];

/**
 * The entries of one layer as columns. Entry `i` is the `i`th tar member, in tar order; all arrays have length `count`.
 * The arrays' buffers can be moved to another thread without a copy, and written to disk as they are.
 *
 * Names are interned: an entry's path is its parent directory's path and its own last segment. Directories that the tar
 * does not name itself (implied parents) have a node but no entry.
 */
export interface LayerIndex {
  readonly count: number;
  /** {@link EntryKind}. For a whiteout, the path is that of what it removes, without `.wh.`. */
  readonly kind: Uint8Array;
  /** Index into the path table of this layer. */
  readonly path: Uint32Array;
  /** Content length in bytes of a regular file (expanded length of a sparse one is in `problems` where they differ); else 0. */
  readonly size: Float64Array;
  /** Permission bits with setuid, setgid and sticky: 0o7777. */
  readonly mode: Uint16Array;
  readonly uid: Uint32Array;
  readonly gid: Uint32Array;
  /** Seconds since 1970, whole. */
  readonly mtime: Float64Array;
  /** Offset of the content in the uncompressed tar. */
  readonly offset: Float64Array;
  /** Link target as an index into `strings`, for symbolic and hard links; else 0xffffffff. */
  readonly link: Uint32Array;
  /** 32-bit hash over the extended attributes, 0 where there are none: tells metadata-only changes. */
  readonly xattrs: Uint32Array;
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
