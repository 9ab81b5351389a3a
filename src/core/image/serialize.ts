import { EntryKind, type LayerIndex, NONE } from './layerIndex.ts';

/** `PLIX`, read as a number in the byte order of the machine that wrote it: another machine's bytes are not taken. */
const MAGIC = 0x58494c50;
/** Goes up with every change of the columns' meaning: what an older Plimsoll has stored is then read anew. */
const VERSION = 1;
const HEADER_BYTES = 48;

type Counts = Readonly<Record<'entries' | 'nodes' | 'strings' | 'stringBytes' | 'sparse', number>>;

/**
 * A layer index as one run of bytes: a header (magic, version, checksum, five counts, length of the tar), then the
 * columns, widest elements first, so that each is aligned. The same index gives the same bytes.
 */
export function encodeLayerIndex(index: LayerIndex): Uint8Array<ArrayBuffer> {
  const counts: Counts = {
    entries: index.count,
    nodes: index.paths.count,
    strings: index.strings.count,
    stringBytes: index.strings.bytes.length,
    sparse: index.sparse.entry.length,
  };
  const buffer = new ArrayBuffer(totalBytes(counts));
  const columns = columnsOf(buffer, counts);
  columns.size.set(index.size);
  columns.mtime.set(index.mtime);
  columns.offset.set(index.offset);
  columns.storedBytes.set(index.sparse.storedBytes);
  columns.path.set(index.path);
  columns.uid.set(index.uid);
  columns.gid.set(index.gid);
  columns.link.set(index.link);
  columns.xattrs.set(index.xattrs);
  columns.sparseEntry.set(index.sparse.entry);
  columns.parent.set(index.paths.parent);
  columns.name.set(index.paths.name);
  columns.offsets.set(index.strings.offsets);
  columns.mode.set(index.mode);
  columns.kind.set(index.kind);
  columns.bytes.set(index.strings.bytes);
  const words = new Uint32Array(buffer, 0, HEADER_BYTES / 4);
  words[0] = MAGIC;
  words[1] = VERSION;
  words[3] = counts.entries;
  words[4] = counts.nodes;
  words[5] = counts.strings;
  words[6] = counts.stringBytes;
  words[7] = counts.sparse;
  new Float64Array(buffer, 32, 1)[0] = index.tarBytes;
  words[2] = checksum(buffer);
  return new Uint8Array(buffer);
}

/**
 * The index of {@link encodeLayerIndex}; undefined for any other bytes, those of another version or byte order, or whose
 * columns point outside each other. The columns are views of `bytes`, where `bytes` is the whole of its buffer; else of a copy.
 */
export function decodeLayerIndex(bytes: Uint8Array): LayerIndex | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const whole = bytes.buffer instanceof ArrayBuffer && bytes.length === bytes.buffer.byteLength;
  const buffer = whole ? bytes.buffer : new Uint8Array(bytes).buffer;
  const words = new Uint32Array(buffer, 0, HEADER_BYTES / 4);
  if (words[0] !== MAGIC || words[1] !== VERSION) return undefined;
  const counts: Counts = {
    entries: words[3]!,
    nodes: words[4]!,
    strings: words[5]!,
    stringBytes: words[6]!,
    sparse: words[7]!,
  };
  if (totalBytes(counts) !== buffer.byteLength || checksum(buffer) !== words[2]) return undefined;
  const columns = columnsOf(buffer, counts);
  const index: LayerIndex = {
    count: counts.entries,
    kind: columns.kind,
    path: columns.path,
    size: columns.size,
    mode: columns.mode,
    uid: columns.uid,
    gid: columns.gid,
    mtime: columns.mtime,
    offset: columns.offset,
    link: columns.link,
    xattrs: columns.xattrs,
    sparse: { entry: columns.sparseEntry, storedBytes: columns.storedBytes },
    paths: { parent: columns.parent, name: columns.name, count: counts.nodes },
    strings: { bytes: columns.bytes, offsets: columns.offsets, count: counts.strings },
    tarBytes: new Float64Array(buffer, 32, 1)[0]!,
  };
  return isSound(index) ? index : undefined;
}

/** The buffers under an index, each once, for moving it to another thread without a copy. */
export function transferables(index: LayerIndex): ArrayBuffer[] {
  const columns = [
    index.kind,
    index.path,
    index.size,
    index.mode,
    index.uid,
    index.gid,
    index.mtime,
    index.offset,
    index.link,
    index.xattrs,
    index.sparse.entry,
    index.sparse.storedBytes,
    index.paths.parent,
    index.paths.name,
    index.strings.bytes,
    index.strings.offsets,
  ];
  const buffers = new Set(columns.map((column) => column.buffer));
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer);
}

function wordsAfterHeader({ entries, nodes, strings, sparse }: Counts): number {
  return 2 * (3 * entries + sparse) + 5 * entries + sparse + 2 * nodes + strings + 1;
}

/** Rounded up to whole words, which the checksum takes. */
function totalBytes(counts: Counts): number {
  const bytes = HEADER_BYTES + 4 * wordsAfterHeader(counts) + 3 * counts.entries + counts.stringBytes;
  return Math.ceil(bytes / 4) * 4;
}

function columnsOf(buffer: ArrayBuffer, { entries, nodes, strings, stringBytes, sparse }: Counts) {
  let at = HEADER_BYTES;
  const next = (bytes: number): number => {
    const start = at;
    at += bytes;
    return start;
  };
  return {
    size: new Float64Array(buffer, next(8 * entries), entries),
    mtime: new Float64Array(buffer, next(8 * entries), entries),
    offset: new Float64Array(buffer, next(8 * entries), entries),
    storedBytes: new Float64Array(buffer, next(8 * sparse), sparse),
    path: new Uint32Array(buffer, next(4 * entries), entries),
    uid: new Uint32Array(buffer, next(4 * entries), entries),
    gid: new Uint32Array(buffer, next(4 * entries), entries),
    link: new Uint32Array(buffer, next(4 * entries), entries),
    xattrs: new Uint32Array(buffer, next(4 * entries), entries),
    sparseEntry: new Uint32Array(buffer, next(4 * sparse), sparse),
    parent: new Uint32Array(buffer, next(4 * nodes), nodes),
    name: new Uint32Array(buffer, next(4 * nodes), nodes),
    offsets: new Uint32Array(buffer, next(4 * (strings + 1)), strings + 1),
    mode: new Uint16Array(buffer, next(2 * entries), entries),
    kind: new Uint8Array(buffer, next(entries), entries),
    bytes: new Uint8Array(buffer, next(stringBytes), stringBytes),
  };
}

/** Over all words but its own; four lanes, because one would wait for its own multiplication. Finds damage, not malice. */
function checksum(buffer: ArrayBuffer): number {
  const words = new Uint32Array(buffer);
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  let c = 0x13198a2e;
  let d = 0x03707344;
  const own = words[2]!;
  words[2] = 0;
  let i = 0;
  for (; i + 4 <= words.length; i += 4) {
    a = Math.imul(a ^ words[i]!, 0x9e3779b1);
    b = Math.imul(b ^ words[i + 1]!, 0x85ebca6b);
    c = Math.imul(c ^ words[i + 2]!, 0xc2b2ae35);
    d = Math.imul(d ^ words[i + 3]!, 0x27d4eb2f);
    a ^= a >>> 15;
    b ^= b >>> 13;
    c ^= c >>> 16;
    d ^= d >>> 14;
  }
  for (; i < words.length; i++) a = Math.imul(a ^ words[i]!, 0x9e3779b1);
  words[2] = own;
  let sum = a;
  for (const lane of [b, c, d]) {
    sum = Math.imul(sum ^ lane, 0x7feb352d);
    sum ^= sum >>> 15;
  }
  return sum >>> 0;
}

/** True when every index points into its table and every number is one: those who read the columns need not look again. */
function isSound(index: LayerIndex): boolean {
  const { count, kind, path, link, size, mtime, offset, sparse, paths, strings } = index;
  if (!isLength(index.tarBytes) || paths.count === 0) return false;
  for (let i = 0; i < count; i++) {
    if (kind[i]! > EntryKind.metadata || path[i]! >= paths.count) return false;
    if (size[i] !== 0 && kind[i] !== EntryKind.file && kind[i] !== EntryKind.metadata) return false;
    if (!isLength(size[i]!) || !isLength(offset[i]!) || !Number.isSafeInteger(mtime[i]!)) return false;
    const target = link[i]!;
    if (target === NONE) continue;
    if (kind[i] === EntryKind.symlink ? target >= strings.count : target >= paths.count) return false;
    if (kind[i] !== EntryKind.symlink && kind[i] !== EntryKind.hardlink) return false;
  }
  for (let node = 1; node < paths.count; node++) {
    if (paths.parent[node]! >= node || paths.name[node]! >= strings.count) return false;
  }
  for (let i = 0; i < strings.count; i++) if (strings.offsets[i]! > strings.offsets[i + 1]!) return false;
  if (strings.offsets[0] !== 0 || strings.offsets[strings.count] !== strings.bytes.length) return false;
  for (let i = 0; i < sparse.entry.length; i++) {
    if (sparse.entry[i]! >= count || (i > 0 && sparse.entry[i - 1]! >= sparse.entry[i]!)) return false;
    if (!isLength(sparse.storedBytes[i]!)) return false;
  }
  return true;
}

function isLength(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
