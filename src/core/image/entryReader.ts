import { EntryColumns } from './entryColumns.ts';
import { EntryKind, type LayerIndex, NONE } from './layerIndex.ts';
import { isAufsMetadata, isOpaque, isWhiteout, MemberPath } from './memberPath.ts';
import { Overrides, readPax, xattrsHash } from './pax.ts';
import type { ProblemList } from './problemList.ts';
import * as header from './tarHeader.ts';

/** No file is larger than a pebibyte: a header that says so is damaged or hostile, and sums of sizes stay exact. */
const SIZE_LIMIT = 2 ** 50;

export interface IndexerLimits {
  /** How many entries there will be, about: columns that need not grow are not copied. */
  readonly expectedEntries?: number;
  /** Entries beyond this are not indexed; one problem says so. */
  readonly maxEntries?: number;
  /** The same for nodes of the path table: implied directories make more nodes than entries. */
  readonly maxNodes?: number;
}

/** Content of an extended header: pax records for one member or all that follow, or GNU's long name or link target. */
export type Extension = 'pax' | 'global' | 'name' | 'link';

/** A member whose header has been read: its entry, and what of the tar belongs to it. */
export interface ReadMember {
  /** -1 where the member is left out, with a problem. */
  entry: number;
  /** Bytes that the member claims to have as content. */
  stored: number;
  /** Its kind has content; else a claim of content is doubtful. */
  hasContent: boolean;
  /** Extension blocks with more of its sparse map come before the content. */
  sparseExtended: boolean;
}

/** Makes entries of a layer index out of member headers and the extended headers before them. */
export class EntryReader {
  /** A limit was reached: nothing more is added. */
  full = false;
  readonly #maxEntries: number;
  readonly #maxNodes: number;
  readonly #problems: ProblemList;
  readonly #columns: EntryColumns;
  readonly #member: MemberPath;
  readonly #sparseEntries: number[] = [];
  readonly #sparseBytes: number[] = [];
  readonly #global = new Overrides();
  readonly #local = new Overrides();
  /** `#local` differs from `#global`. */
  #extended = false;
  #longName: Uint8Array | undefined;
  #longLink: Uint8Array | undefined;
  /** Offset in the tar of the header that is read. */
  #headerAt = 0;
  /** One object for all members: a layer may have millions. */
  readonly #result: ReadMember = { entry: -1, stored: 0, hasContent: false, sparseExtended: false };

  constructor(limits: IndexerLimits, problems: ProblemList) {
    const expected = Math.max(64, limits.expectedEntries ?? 0);
    this.#columns = new EntryColumns(expected);
    this.#member = new MemberPath(expected);
    this.#maxEntries = limits.maxEntries ?? 8_000_000;
    this.#maxNodes = limits.maxNodes ?? 16_000_000;
    this.#problems = problems;
  }

  /** Extended headers wait for their member. */
  get isExtended(): boolean {
    return this.#extended || this.#longName !== undefined || this.#longLink !== undefined;
  }

  /** Takes the content of an extended header; false where a record is malformed. */
  extend(extension: Extension, body: Uint8Array): boolean {
    switch (extension) {
      case 'name':
        this.#longName = body.subarray(0, header.fieldEnd(body, 0, body.length));
        return true;
      case 'link':
        this.#longLink = body.subarray(0, header.fieldEnd(body, 0, body.length));
        return true;
      case 'pax':
        this.#extended = true;
        return readPax(body, this.#local);
      case 'global': {
        const sound = readPax(body, this.#global);
        if (!this.#extended) this.#local.assign(this.#global);
        return sound;
      }
    }
  }

  /** Adds the member whose header starts at `block[at]`, and in the tar at `headerAt`. The result holds until the next call. */
  add(block: Uint8Array, at: number, headerAt: number, headerSize: number): Readonly<ReadMember> {
    this.#headerAt = headerAt;
    const extra = this.#local;
    const dialect = header.dialectOf(block, at);
    this.#readPath(block, at, dialect);
    const type = block[at + header.TYPE]!;
    const kind = this.#kindOf(type, dialect);
    const stored = this.checkedSize(extra.size ?? headerSize, headerAt);
    const oldSparse = type === 0x53;
    const entry = this.#addEntry(kind, block, at);
    if (entry !== -1 && kind === EntryKind.file) {
      const real = oldSparse
        ? header.parseNumber(block, at + header.SPARSE_REAL_SIZE, header.NUMBER_LENGTH)
        : extra.sparseSize;
      this.#setSize(entry, stored, real);
    }
    this.forgetExtensions();
    const result = this.#result;
    result.entry = entry;
    result.stored = stored;
    result.hasContent = kind === EntryKind.file || type === 0x44;
    result.sparseExtended = oldSparse && block[at + header.SPARSE_EXTENDED] !== 0;
    return result;
  }

  /** Drops what extended headers said: their member has been read, or is lost. */
  forgetExtensions(): void {
    this.#longName = undefined;
    this.#longLink = undefined;
    if (!this.#extended) return;
    this.#extended = false;
    this.#local.assign(this.#global);
  }

  /** A size within reason; else a problem, and the nearest that is. */
  checkedSize(size: number, headerAt: number): number {
    if (size >= 0 && size <= SIZE_LIMIT) return size;
    this.#problems.add('corrupt-tar', `The header at byte ${headerAt} claims a size of ${size} bytes.`);
    return size < 0 ? 0 : SIZE_LIMIT;
  }

  /** The content of an entry starts later than right after its header. */
  moveContent(entry: number, offset: number): void {
    this.#columns.offset[entry] = offset;
  }

  /** Of a member that the layer does not hold to its end, only the bytes that are there count. */
  cutContent(entry: number, missing: number): void {
    const sparse = this.#sparseEntries.at(-1) === entry;
    if (sparse) this.#sparseBytes[this.#sparseBytes.length - 1]! -= missing;
    else this.#columns.size[entry] = Math.max(0, this.#columns.size[entry]! - missing);
  }

  finish(tarBytes: number): LayerIndex {
    return {
      ...this.#columns.finish(),
      sparse: {
        entry: Uint32Array.from(this.#sparseEntries),
        storedBytes: Float64Array.from(this.#sparseBytes),
      },
      paths: this.#member.nodes.paths(),
      strings: this.#member.nodes.names(),
      tarBytes,
    };
  }

  /** The size of what came as a file; `real` is its length with its holes, where it is sparse. */
  #setSize(entry: number, stored: number, real: number | undefined): void {
    const kind = this.#columns.kind[entry];
    if (kind !== EntryKind.file && kind !== EntryKind.metadata) return;
    this.#columns.size[entry] =
      real === undefined || Number.isNaN(real) ? stored : this.checkedSize(real, this.#headerAt);
    if (real === undefined) return;
    this.#sparseEntries.push(entry);
    this.#sparseBytes.push(stored);
  }

  /** The member's name, by precedence as Go's reader has it: GNU long name, then pax, then the ustar fields. */
  #readPath(block: Uint8Array, at: number, dialect: header.Dialect): void {
    const member = this.#member;
    const long = this.#longName ?? this.#local.sparseName ?? this.#local.path;
    const prefix = at + header.PREFIX;
    const prefixEnd = long === undefined ? header.prefixEnd(block, at, dialect) : prefix;
    if (long === undefined && prefixEnd === prefix) {
      member.readField(block, at + header.NAME, header.NAME_LENGTH);
      return;
    }
    member.clear();
    if (long === undefined) {
      member.append(block, prefix, prefixEnd);
      member.appendSlash();
      member.appendField(block, at + header.NAME, header.NAME_LENGTH);
    } else {
      member.append(long, 0, long.length);
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
        this.#problems.add(
          'corrupt-tar',
          `The member at byte ${this.#headerAt} is of no known type and is taken for a file.`,
        );
        return EntryKind.file;
    }
  }

  /** Adds the entry with all its columns but size and offset; -1 where the member is left out, with a problem. */
  #addEntry(kind: EntryKind, block: Uint8Array, at: number): number {
    const member = this.#member;
    const columns = this.#columns;
    if (member.tooLong) {
      this.#problems.add('limit', `The name of the member at byte ${this.#headerAt} is too long or too deep.`);
      return -1;
    }
    if (columns.count >= this.#maxEntries || member.nodes.count >= this.#maxNodes) {
      this.#problems.add('limit', `The layer has more than ${columns.count} entries; the rest is not read.`);
      this.full = true;
      return -1;
    }
    if (member.escapes) {
      this.#problems.add(
        'unsafe-path',
        `The name of the member at byte ${this.#headerAt} leaves the root by “..” and is kept inside.`,
      );
    }
    if (member.length === 0 && kind !== EntryKind.directory) {
      this.#problems.add('corrupt-tar', `The member at byte ${this.#headerAt} has no name.`);
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
      this.#problems.add('corrupt-tar', `The header at byte ${this.#headerAt} has an unreadable mode, owner or time.`);
    }
    columns.mode[entry] = mode & 0o7777;
    columns.uid[entry] = uid;
    columns.gid[entry] = gid;
    columns.mtime[entry] = Number.isNaN(mtime) ? 0 : Math.max(-SIZE_LIMIT, Math.min(mtime, SIZE_LIMIT));
    columns.xattrs[entry] = xattrsHash(extra.xattrs);
    columns.offset[entry] = this.#headerAt + header.BLOCK;
    columns.size[entry] = 0;
    return entry;
  }

  /** Adds an entry at its node. Whiteouts are told by their names alone, whatever type of member they are. */
  #place(kind: EntryKind): number {
    const member = this.#member;
    const { bytes, length, lastSegment: start } = member;
    if (length === 0) return this.#columns.add(kind, 0);
    const directory = member.directory();
    if (isWhiteout(bytes, start, length)) {
      if (isOpaque(bytes, start, length)) return this.#columns.add(EntryKind.opaque, directory);
      if (!isAufsMetadata(bytes, start, length) && !this.#namesNothing(start + 4)) {
        return this.#columns.add(EntryKind.whiteout, member.child(directory, start + 4, length));
      }
      return this.#columns.add(EntryKind.metadata, member.child(directory, start, length));
    }
    const node = member.child(directory, start, length);
    return this.#columns.add(member.inMetadata ? EntryKind.metadata : kind, node);
  }

  /** `.wh.`, `.wh..` and `.wh...`: taken at their word they would remove their own or their parent's directory. */
  #namesNothing(start: number): boolean {
    const { bytes, length } = this.#member;
    const size = length - start;
    if (size > 2 || (size > 0 && bytes[start] !== 0x2e) || (size > 1 && bytes[start + 1] !== 0x2e)) return false;
    this.#problems.add('unsafe-path', `The whiteout at byte ${this.#headerAt} names no file and is ignored.`);
    return true;
  }

  #link(kind: number, block: Uint8Array, at: number): number {
    if (kind !== EntryKind.symlink && kind !== EntryKind.hardlink) return NONE;
    const start = at + header.LINK;
    const field = this.#longLink ?? this.#local.link;
    const from = field ?? block;
    const first = field === undefined ? start : 0;
    const end = field === undefined ? header.fieldEnd(block, start, header.LINK_LENGTH) : field.length;
    if (kind === EntryKind.symlink) return this.#member.nodes.string(from, first, end);
    const member = this.#member;
    member.clear();
    member.append(from, first, end);
    member.end();
    if (member.tooLong) {
      this.#problems.add('limit', `The link target of the member at byte ${this.#headerAt} is too long or too deep.`);
      return NONE;
    }
    if (member.length === 0) return 0;
    return member.child(member.directory(), member.lastSegment, member.length);
  }
}
