import { EntryColumns } from './entryColumns.ts';
import type { ImageProblem } from './image.ts';
import { EntryKind, type LayerIndex, NONE } from './layerIndex.ts';
import { isAufsMetadata, isOpaque, isWhiteout, MemberPath, PathIndex } from './memberPath.ts';
import { Overrides, readPax, xattrsHash } from './pax.ts';
import * as header from './tarHeader.ts';

const { BLOCK } = header;

/** Extended headers (pax records, long names) above this are passed over: memory stays bounded. */
const EXTENSION_LIMIT = 1 << 20;
/** No file is larger than a pebibyte: a header that says so is damaged or hostile, and sums of sizes stay exact. */
const SIZE_LIMIT = 2 ** 50;
const PROBLEM_LIMIT = 100;

export interface IndexerLimits {
  /** Entries beyond this are not indexed; one problem says so. */
  readonly maxEntries?: number;
  /** The same for nodes of the path table: implied directories make more nodes than entries. */
  readonly maxNodes?: number;
}

export interface IndexedLayer {
  readonly index: LayerIndex;
  /** In the order of the tar, without `layer`: the indexer does not know which one it reads. */
  readonly problems: readonly ImageProblem[];
}

type Extension = 'pax' | 'global' | 'name' | 'link';

/**
 * Reads one uncompressed layer tar, given in slices of any size, into a layer index. It keeps nothing of the slices, and
 * never throws: what cannot be read becomes a problem and costs as little as possible (the member; up to the next header
 * that is whole; at worst the rest of the layer).
 *
 * ```
 * while (more) { if (indexer.skip > 0 && seekable) indexer.skipped(seek(indexer.skip)); else indexer.push(read()); }
 * const { index, problems } = indexer.finish();
 * ```
 */
export class LayerIndexer {
  readonly #maxEntries: number;
  readonly #maxNodes: number;
  readonly #columns = new EntryColumns();
  readonly #paths = new PathIndex();
  readonly #member = new MemberPath();
  readonly #problems: ImageProblem[] = [];
  #problemCount = 0;
  readonly #sparseEntries: number[] = [];
  readonly #sparseBytes: number[] = [];

  /** Bytes taken so far, skipped ones included. */
  #position = 0;
  /** A header that is spread over several slices. */
  readonly #block = new Uint8Array(BLOCK);
  readonly #blockWords = new Uint32Array(this.#block.buffer);
  #filled = 0;
  /** Bytes that mean nothing to the index, from here. */
  #skip = 0;
  /** Of `#skip`, the padding at its end, which may be missing at the end of a tar. */
  #padding = 0;
  /** The entry whose content is being skipped, -1 for none. */
  #contentOf = -1;
  /** An extended header's content that is being gathered. */
  #extension: Extension | undefined;
  #body = new Uint8Array(0);
  #bodyFilled = 0;
  /** Extension blocks of an old GNU sparse header follow; then so much content. */
  #sparseContent = -1;
  /** Content that a kind without content claims to have: only the next block tells whether it is there. */
  #doubtful = 0;
  #zeroBlocks = 0;
  #done = false;
  /** Looking for the next whole header after a damaged one. */
  #lost = false;
  readonly #global = new Overrides();
  readonly #local = new Overrides();
  /** `#local` differs from `#global`. */
  #extended = false;
  #longName: Uint8Array | undefined;
  #longLink: Uint8Array | undefined;

  constructor(limits: IndexerLimits = {}) {
    this.#maxEntries = limits.maxEntries ?? 8_000_000;
    this.#maxNodes = limits.maxNodes ?? 16_000_000;
  }

  /**
   * How many bytes from here need not be delivered, because they are contents or padding: a source that can seek passes
   * over as many of them as there are, and says so with {@link skipped}. `Infinity` once the archive has ended.
   */
  get skip(): number {
    return this.#done ? Infinity : this.#skip;
  }

  /** The source has passed over `count` bytes, at most `skip`. A tar that ends before shows itself as truncated only so. */
  skipped(count: number): void {
    if (!(count >= 0 && count <= this.skip)) throw new RangeError(`${count} bytes skipped, ${this.skip} allowed`);
    this.#pass(count);
  }

  /** Takes the next bytes of the tar. */
  push(chunk: Uint8Array): void {
    const end = chunk.length;
    let at = 0;
    const words =
      (chunk.byteOffset & 3) === 0 && end >= BLOCK
        ? new Uint32Array(chunk.buffer, chunk.byteOffset, end >>> 2)
        : undefined;
    while (at < end) {
      if (this.#done || this.#skip > 0) {
        const count = this.#done ? end - at : Math.min(this.#skip, end - at);
        this.#pass(count);
        at += count;
      } else if (this.#extension !== undefined) {
        const count = Math.min(this.#body.length - this.#bodyFilled, end - at);
        this.#body.set(chunk.subarray(at, at + count), this.#bodyFilled);
        this.#bodyFilled += count;
        this.#position += count;
        at += count;
        if (this.#bodyFilled === this.#body.length) this.#endExtension(this.#extension);
      } else if (this.#filled === 0 && end - at >= BLOCK) {
        this.#position += BLOCK;
        this.#take(chunk, at, (at & 3) === 0 ? words : undefined, at >>> 2);
        at += BLOCK;
      } else {
        const count = Math.min(BLOCK - this.#filled, end - at);
        this.#block.set(chunk.subarray(at, at + count), this.#filled);
        this.#filled += count;
        this.#position += count;
        at += count;
        if (this.#filled === BLOCK) {
          this.#filled = 0;
          this.#take(this.#block, 0, this.#blockWords, 0);
        }
      }
    }
  }

  /** Ends the layer. The indexer is not to be used afterwards. */
  finish(): IndexedLayer {
    const missing = this.#skip - this.#padding;
    if (!this.#done && missing > 0) {
      const entry = this.#contentOf;
      if (entry !== -1) this.#cutContent(entry, missing);
      this.#problem(
        'truncated',
        `The layer ends at byte ${this.#position}, ${missing} bytes before its last member does.`,
      );
    } else if (this.#filled > 0 || this.#extension !== undefined || this.#sparseContent !== -1) {
      this.#problem('truncated', `The layer ends at byte ${this.#position}, within a header.`);
    } else if (this.#extended || this.#longName !== undefined || this.#longLink !== undefined) {
      this.#problem(
        'truncated',
        `The layer ends at byte ${this.#position}, after an extended header without its member.`,
      );
    }
    const more = this.#problemCount - this.#problems.length;
    if (more > 0) this.#problems.push({ code: 'limit', message: `${more} more problems are not listed.` });
    return {
      index: {
        ...this.#columns.finish(),
        sparse: {
          entry: Uint32Array.from(this.#sparseEntries),
          storedBytes: Float64Array.from(this.#sparseBytes),
        },
        paths: this.#paths.nodes.finish(),
        strings: this.#paths.strings.finish(),
        tarBytes: this.#position,
      },
      problems: this.#problems,
    };
  }

  #pass(count: number): void {
    this.#position += count;
    if (this.#done) return;
    this.#skip -= count;
    if (this.#skip === 0) {
      this.#padding = 0;
      this.#contentOf = -1;
    }
  }

  /** One block of 512 bytes that is not content. `#position` is already behind it. */
  #take(block: Uint8Array, at: number, words: Uint32Array | undefined, word: number): void {
    if (this.#sparseContent !== -1) {
      this.#sparseExtension(block, at);
      return;
    }
    const zero = block[at] === 0 && header.isZeroBlock(block, at);
    const whole = !zero && header.checksumMatches(block, at, words, word);
    if (this.#doubtful > 0) {
      const content = this.#doubtful;
      this.#doubtful = 0;
      if (!zero && !whole) {
        this.#skipContent(-1, content);
        // This block was the first of it.
        this.#skip -= BLOCK;
        this.#padding = Math.min(this.#padding, this.#skip);
        return;
      }
    }
    if (zero) {
      if (this.#lost) return;
      this.#zeroBlocks++;
      this.#done = this.#zeroBlocks === 2;
      return;
    }
    if (this.#zeroBlocks === 1)
      this.#problem('corrupt-tar', `A lone block of zeros before byte ${this.#position - BLOCK}.`);
    this.#zeroBlocks = 0;
    if (whole) {
      this.#lost = false;
      this.#header(block, at);
    } else {
      this.#lose('has a wrong checksum');
    }
  }

  /** A header that cannot be used: what follows is searched for the next one that is whole. */
  #lose(reason: string): void {
    if (!this.#lost) this.#problem('corrupt-tar', `The header at byte ${this.#position - BLOCK} ${reason}.`);
    this.#lost = true;
    this.#forgetExtensions();
  }

  #header(block: Uint8Array, at: number): void {
    const size = header.parseNumber(block, at + header.SIZE, header.NUMBER_LENGTH);
    if (Number.isNaN(size)) {
      this.#lose('has an unreadable size');
      return;
    }
    switch (block[at + header.TYPE]) {
      case 0x78: // x
      case 0x58: // X, Solaris
        this.#beginExtension('pax', size);
        break;
      case 0x67: // g
        this.#beginExtension('global', size);
        break;
      case 0x4c: // L
        this.#beginExtension('name', size);
        break;
      case 0x4b: // K
        this.#beginExtension('link', size);
        break;
      case 0x56: // V, a volume's label
      case 0x4e: // N, a table of long names
      case 0x4d: // M, the rest of a file from another volume
        this.#skipContent(-1, this.#checkedSize(size));
        this.#forgetExtensions();
        break;
      default:
        this.#entry(block, at, size);
        this.#forgetExtensions();
    }
  }

  #beginExtension(extension: Extension, size: number): void {
    const length = this.#checkedSize(size);
    if (length > EXTENSION_LIMIT) {
      this.#problem(
        'limit',
        `The extended header at byte ${this.#position - BLOCK} has ${length} bytes and is passed over.`,
      );
      this.#skipContent(-1, length);
      return;
    }
    this.#body = new Uint8Array(length);
    this.#bodyFilled = 0;
    this.#extension = extension;
    if (length === 0) this.#endExtension(extension);
  }

  #endExtension(extension: Extension): void {
    const body = this.#body;
    this.#extension = undefined;
    this.#body = new Uint8Array(0);
    this.#skip = this.#padding = padding(body.length);
    if (extension === 'name') {
      this.#longName = body.subarray(0, header.fieldEnd(body, 0, body.length));
      return;
    }
    if (extension === 'link') {
      this.#longLink = body.subarray(0, header.fieldEnd(body, 0, body.length));
      return;
    }
    if (!readPax(body, extension === 'pax' ? this.#local : this.#global)) {
      this.#problem('corrupt-tar', `The extended header before byte ${this.#position} has a malformed record.`);
    }
    if (extension === 'pax') this.#extended = true;
    else if (!this.#extended) this.#local.assign(this.#global);
  }

  #forgetExtensions(): void {
    this.#longName = undefined;
    this.#longLink = undefined;
    if (!this.#extended) return;
    this.#extended = false;
    this.#local.assign(this.#global);
  }

  #entry(block: Uint8Array, at: number, headerSize: number): void {
    const extra = this.#local;
    const dialect = header.dialectOf(block, at);
    this.#readPath(block, at, dialect);
    const type = block[at + header.TYPE]!;
    const kind = this.#kindOf(type, dialect);
    const stored = this.#checkedSize(extra.size ?? headerSize);
    const oldSparse = type === 0x53;
    const entry = this.#addEntry(kind, block, at);
    if (entry !== -1 && kind === EntryKind.file) {
      const real = oldSparse
        ? header.parseNumber(block, at + header.SPARSE_REAL_SIZE, header.NUMBER_LENGTH)
        : extra.sparseSize;
      this.#setSize(entry, stored, real);
    }
    if (this.#done) return;
    if (oldSparse && block[at + header.SPARSE_EXTENDED] !== 0) {
      this.#contentOf = entry;
      this.#sparseContent = stored;
    } else if (kind === EntryKind.file || type === 0x44) {
      this.#skipContent(entry, stored);
    } else {
      this.#doubtful = stored;
    }
  }

  /** The size of what came as a file; `real` is its length with its holes, where it is sparse. */
  #setSize(entry: number, stored: number, real: number | undefined): void {
    const kind = this.#columns.kind[entry];
    if (kind !== EntryKind.file && kind !== EntryKind.metadata) return;
    this.#columns.size[entry] = real === undefined || Number.isNaN(real) ? stored : this.#checkedSize(real);
    if (real === undefined) return;
    this.#sparseEntries.push(entry);
    this.#sparseBytes.push(stored);
  }

  /** The member's name, by precedence as Go's reader has it: GNU long name, then pax, then the ustar fields. */
  #readPath(block: Uint8Array, at: number, dialect: header.Dialect): void {
    const member = this.#member;
    member.clear();
    const long = this.#longName ?? this.#local.sparseName ?? this.#local.path;
    if (long !== undefined) {
      member.append(long, 0, long.length);
    } else {
      const prefix = at + header.PREFIX;
      const end = header.prefixEnd(block, at, dialect);
      if (end > prefix) {
        member.append(block, prefix, end);
        member.appendSlash();
      }
      const name = at + header.NAME;
      member.append(block, name, header.fieldEnd(block, name, header.NAME_LENGTH));
    }
    member.end();
  }

  #kindOf(type: number, dialect: header.Dialect): EntryKind {
    switch (type) {
      case 0x31:
        return EntryKind.hardlink;
      case 0x32:
        return EntryKind.symlink;
      case 0x33:
        return EntryKind.characterDevice;
      case 0x34:
        return EntryKind.blockDevice;
      case 0x35:
      case 0x44: // D, GNU's directory with a list of its names as content
        return EntryKind.directory;
      case 0x36:
        return EntryKind.fifo;
      case 0x00:
        return this.#member.slashed ? EntryKind.directory : EntryKind.file;
      case 0x30:
        // Only ustar can say "directory" otherwise; Go, and with it every container runtime, makes a file of it there.
        return dialect === 'v7' && this.#member.slashed ? EntryKind.directory : EntryKind.file;
      case 0x37: // contiguous
      case 0x53: // S, GNU sparse
        return EntryKind.file;
      default:
        this.#problem(
          'corrupt-tar',
          `The member at byte ${this.#position - BLOCK} is of no known type and is taken for a file.`,
        );
        return EntryKind.file;
    }
  }

  /** Adds the entry with all its columns but size and offset; -1 where the member is left out, with a problem. */
  #addEntry(kind: EntryKind, block: Uint8Array, at: number): number {
    const member = this.#member;
    const paths = this.#paths;
    const columns = this.#columns;
    if (member.tooLong) {
      this.#problem('limit', `The name of the member at byte ${this.#position - BLOCK} is too long or too deep.`);
      return -1;
    }
    if (columns.count >= this.#maxEntries || paths.nodes.count >= this.#maxNodes) {
      this.#problem('limit', `The layer has more than ${columns.count} entries; the rest is not read.`);
      this.#done = true;
      return -1;
    }
    if (member.escapes) {
      this.#problem(
        'unsafe-path',
        `The name of the member at byte ${this.#position - BLOCK} leaves the root by “..” and is kept inside.`,
      );
    }
    if (member.length === 0 && kind !== EntryKind.directory) {
      this.#problem('corrupt-tar', `The member at byte ${this.#position - BLOCK} has no name.`);
      return -1;
    }
    const entry = this.#place(kind);
    columns.link[entry] = this.#link(columns.kind[entry]!, block, at);
    const extra = this.#local;
    const mode = header.parseNumber(block, at + header.MODE, header.ID_LENGTH);
    const uid = extra.uid ?? header.parseNumber(block, at + header.UID, header.ID_LENGTH);
    const gid = extra.gid ?? header.parseNumber(block, at + header.GID, header.ID_LENGTH);
    const mtime = extra.mtime ?? header.parseNumber(block, at + header.MTIME, header.NUMBER_LENGTH);
    if (Number.isNaN(mode + uid + gid + mtime)) {
      this.#problem(
        'corrupt-tar',
        `The header at byte ${this.#position - BLOCK} has an unreadable mode, owner or time.`,
      );
    }
    columns.mode[entry] = mode & 0o7777;
    columns.uid[entry] = uid;
    columns.gid[entry] = gid;
    columns.mtime[entry] = Number.isNaN(mtime) ? 0 : Math.max(-SIZE_LIMIT, Math.min(mtime, SIZE_LIMIT));
    columns.xattrs[entry] = xattrsHash(extra.xattrs);
    columns.offset[entry] = this.#position;
    columns.size[entry] = 0;
    return entry;
  }

  /** Adds an entry at its node. Whiteouts are told by their names alone, whatever type of member they are. */
  #place(kind: EntryKind): number {
    const { bytes, length } = this.#member;
    const paths = this.#paths;
    if (length === 0) return this.#columns.add(kind, 0);
    const start = this.#member.lastSegment();
    const directory = paths.directory(bytes, Math.max(0, start - 1));
    if (isWhiteout(bytes, start, length)) {
      if (isOpaque(bytes, start, length)) return this.#columns.add(EntryKind.opaque, directory);
      if (!isAufsMetadata(bytes, start, length) && !this.#namesNothing(start + 4)) {
        return this.#columns.add(EntryKind.whiteout, paths.child(directory, bytes, start + 4, length));
      }
      return this.#columns.add(EntryKind.metadata, paths.child(directory, bytes, start, length));
    }
    const node = paths.child(directory, bytes, start, length);
    return this.#columns.add(paths.inMetadata ? EntryKind.metadata : kind, node);
  }

  /** `.wh.`, `.wh..` and `.wh...`: taken at their word they would remove their own or their parent's directory. */
  #namesNothing(start: number): boolean {
    const { bytes, length } = this.#member;
    const size = length - start;
    if (size > 2 || (size > 0 && bytes[start] !== 0x2e) || (size > 1 && bytes[start + 1] !== 0x2e)) return false;
    this.#problem('unsafe-path', `The whiteout at byte ${this.#position - BLOCK} names no file and is ignored.`);
    return true;
  }

  #link(kind: number, block: Uint8Array, at: number): number {
    if (kind !== EntryKind.symlink && kind !== EntryKind.hardlink) return NONE;
    const start = at + header.LINK;
    const field = this.#longLink ?? this.#local.link;
    const from = field ?? block;
    const first = field === undefined ? start : 0;
    const end = field === undefined ? header.fieldEnd(block, start, header.LINK_LENGTH) : field.length;
    if (kind === EntryKind.symlink) return this.#paths.strings.intern(from, first, end);
    const member = this.#member;
    member.clear();
    member.append(from, first, end);
    member.end();
    if (member.tooLong) {
      this.#problem(
        'limit',
        `The link target of the member at byte ${this.#position - BLOCK} is too long or too deep.`,
      );
      return NONE;
    }
    if (member.length === 0) return 0;
    const name = member.lastSegment();
    const directory = this.#paths.directory(member.bytes, Math.max(0, name - 1));
    return this.#paths.child(directory, member.bytes, name, member.length);
  }

  #sparseExtension(block: Uint8Array, at: number): void {
    if (block[at + header.SPARSE_EXTENSION_EXTENDED] !== 0) return;
    const content = this.#sparseContent;
    this.#sparseContent = -1;
    if (this.#contentOf !== -1) this.#columns.offset[this.#contentOf] = this.#position;
    this.#skipContent(this.#contentOf, content);
  }

  #skipContent(entry: number, size: number): void {
    this.#padding = padding(size);
    this.#skip = size + this.#padding;
    this.#contentOf = this.#skip > 0 ? entry : -1;
  }

  /** A size within reason; else a problem, and the nearest that is. */
  #checkedSize(size: number): number {
    if (size >= 0 && size <= SIZE_LIMIT) return size;
    this.#problem('corrupt-tar', `The header at byte ${this.#position - BLOCK} claims a size of ${size} bytes.`);
    return size < 0 ? 0 : SIZE_LIMIT;
  }

  /** Of a member that the layer does not hold to its end, only the bytes that are there count. */
  #cutContent(entry: number, missing: number): void {
    const sparse = this.#sparseEntries.at(-1) === entry;
    if (sparse) this.#sparseBytes[this.#sparseBytes.length - 1]! -= missing;
    else this.#columns.size[entry] = Math.max(0, this.#columns.size[entry]! - missing);
  }

  #problem(code: string, message: string): void {
    this.#problemCount++;
    if (this.#problems.length < PROBLEM_LIMIT) this.#problems.push({ code, message });
  }
}

/** Bytes from the end of a content of `size` bytes to the next full block. */
function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
