import { PathInterner } from './interner.ts';

const SLASH = 0x2f;
const DOT = 0x2e;

/** The longest name that is read; Linux itself takes 4,096 bytes. */
export const PATH_LIMIT = 65_536;
/** The longest field that a name is read out of. */
const FIELD_LIMIT = 100;
/** The deepest path that is read. */
export const DEPTH_LIMIT = 4_096;

/**
 * Members' names, one after the other, and their nodes. A name is cleaned as container runtimes clean it before they join
 * it to the root: no leading or trailing slash, no empty segment, no `.`; `..` takes the segment before it back, and at the
 * root it stays there, so that no name leaves the model.
 *
 * Tars come in directory order: a name mostly begins as the one before it, and the directories that they share are not
 * looked up again.
 */
export class MemberPath {
  readonly nodes: PathInterner;
  /** The cleaned path is the first `length` of them; behind it is what earlier names have left. */
  readonly bytes = new Uint8Array(PATH_LIMIT + 1);
  /** Of the cleaned path; 0 for the root. */
  length = 0;
  depth = 0;
  /** Where the last segment starts. */
  lastSegment = 0;
  /** A `..` was taken at the root. */
  escapes = false;
  /** The name ended in a slash. */
  slashed = false;
  /** Longer or deeper than the limits: the path is not usable. */
  tooLong = false;
  /** Whether the last directory asked for lies within aufs' bookkeeping. */
  inMetadata = false;
  #raw = 0;
  #segment = 0;
  /** Of a name that {@link readField} has read, as it was in the tar: up to its last segment, whose bytes mean themselves. */
  readonly #folder = new Uint8Array(FIELD_LIMIT);
  /** So many bytes of it; -1 where names have to be read from their start. */
  #folderLength = -1;

  /** How many directories are known of those that `bytes` begins with, from the top: where each ends, at its slash; its node; `inMetadata`. */
  #known = 0;
  readonly #ends = new Uint32Array(DEPTH_LIMIT);
  readonly #directories = new Uint32Array(DEPTH_LIMIT);
  readonly #metadata = new Uint8Array(DEPTH_LIMIT);

  /** @param expected how many paths there will be, about. */
  constructor(expected: number) {
    this.nodes = new PathInterner(expected);
  }

  /** Begins a name. */
  clear(): void {
    this.length = 0;
    this.depth = 0;
    this.lastSegment = 0;
    this.escapes = false;
    this.slashed = false;
    this.tooLong = false;
    this.#raw = 0;
    this.#segment = 0;
    this.#folderLength = -1;
  }

  /** Reads a whole name out of a field of at most {@link FIELD_LIMIT} bytes, which ends at its first NUL. */
  readField(from: Uint8Array, start: number, length: number): void {
    if (this.#readSibling(from, start, length)) return;
    this.clear();
    this.appendField(from, start, length);
    this.end();
    this.#keepFolder(from, start);
  }

  /** Adds bytes of the name as they are in the tar. */
  append(from: Uint8Array, start: number, end: number): void {
    this.#raw += end - start;
    if (this.#raw > PATH_LIMIT) this.tooLong = true;
    else this.#add(from, start, end, false);
  }

  /** The same out of a field, which ends at its first NUL. */
  appendField(from: Uint8Array, start: number, length: number): void {
    this.#raw += this.#add(from, start, start + length, true);
  }

  /** Adds the slash between a prefix and a name. */
  appendSlash(): void {
    this.#raw++;
    this.#endSegment();
  }

  /** Ends the name. */
  end(): void {
    this.slashed = this.#raw > 0 && this.length === this.#segment;
    this.#endSegment();
    if (this.length > 0) this.length--;
    if (this.depth > DEPTH_LIMIT) this.tooLong = true;
  }

  /** Most names differ from the one before in their last segment alone: false, and nothing done, for those that do not. */
  #readSibling(from: Uint8Array, start: number, length: number): boolean {
    const folder = this.#folder;
    const folderLength = this.#folderLength;
    if (folderLength === -1) return false;
    for (let i = 0; i < folderLength; i++) if (folder[i] !== from[start + i]) return false;
    const { bytes, lastSegment } = this;
    const limit = start + length;
    const first = start + folderLength;
    let end = first;
    for (; end < limit; end++) {
      const byte = from[end];
      if (byte === 0) break;
      if (byte === SLASH) return false;
      bytes[lastSegment + end - first] = byte!;
    }
    // No segment, `.` or `..`
    if (end - first < 3 && (end === first || from[first] === DOT)) return false;
    this.length = lastSegment + end - first;
    return true;
  }

  /** After a name out of a field: whether the next one may be its sibling. */
  #keepFolder(from: Uint8Array, start: number): void {
    const size = this.length - this.lastSegment;
    const folderLength = this.#raw - size;
    if (this.slashed || this.escapes || size === 0) return;
    for (let i = 0; i < size; i++) if (from[start + folderLength + i] !== this.bytes[this.lastSegment + i]) return;
    this.#folder.set(from.subarray(start, start + folderLength));
    this.#folderLength = folderLength;
  }

  /** The node of the directory of the path that has ended, which is not the root. */
  directory(): number {
    const { bytes } = this;
    const end = this.lastSegment - 1;
    let known = this.#known;
    while (known > 0 && this.#ends[known - 1]! > end) known--;
    let node = known === 0 ? 0 : this.#directories[known - 1]!;
    let inMetadata = known !== 0 && this.#metadata[known - 1] === 1;
    for (let start = known === 0 ? 0 : this.#ends[known - 1]! + 1; start < end;) {
      let stop = start;
      while (bytes[stop] !== SLASH) stop++;
      inMetadata ||= isAufsMetadata(bytes, start, stop);
      node = this.child(node, start, stop);
      this.#ends[known] = stop;
      this.#directories[known] = node;
      this.#metadata[known++] = inMetadata ? 1 : 0;
      start = stop + 1;
    }
    this.#known = known;
    this.inMetadata = inMetadata;
    return node;
  }

  /** The node of a name, `bytes[start … end]`, in a directory. */
  child(directory: number, start: number, end: number): number {
    return this.nodes.child(directory, this.bytes, start, end);
  }

  /** How many bytes there were. */
  #add(from: Uint8Array, start: number, end: number, endsAtNul: boolean): number {
    const bytes = this.bytes;
    let length = this.length;
    let i = start;
    for (; i < end; i++) {
      const byte = from[i]!;
      if (byte === 0 && endsAtNul) break;
      if (byte === SLASH) {
        this.length = length;
        this.#endSegment();
        length = this.length;
      } else {
        if (bytes[length] !== byte) this.#write(length, byte);
        length++;
      }
    }
    this.length = length;
    return i - start;
  }

  #endSegment(): void {
    const bytes = this.bytes;
    const start = this.#segment;
    const size = this.length - start;
    if (size === 0) return;
    if (bytes[start] === DOT && size === 1) {
      this.length = start;
    } else if (bytes[start] === DOT && size === 2 && bytes[start + 1] === DOT) {
      this.#dropSegment(start);
    } else {
      if (bytes[this.length] !== SLASH) this.#write(this.length, SLASH);
      this.length++;
      this.lastSegment = start;
      this.#segment = this.length;
      this.depth++;
    }
  }

  #dropSegment(start: number): void {
    if (start === 0) this.escapes = true;
    else this.depth--;
    this.length = this.#segment = this.#segmentBefore(start);
    this.lastSegment = this.#segmentBefore(this.length);
  }

  /** Where the segment starts that ends, with its slash, before `start`. */
  #segmentBefore(start: number): number {
    let at = Math.max(0, start - 1);
    while (at > 0 && this.bytes[at - 1] !== SLASH) at--;
    return at;
  }

  /** Every byte that is not already there comes this way: the directories behind it begin otherwise from now on. */
  #write(at: number, byte: number): void {
    this.bytes[at] = byte;
    while (this.#known > 0 && this.#ends[this.#known - 1]! >= at) this.#known--;
  }
}

/** True for `.wh.…`. */
export function isWhiteout(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start >= 4 &&
    bytes[start] === DOT &&
    bytes[start + 1] === 0x77 &&
    bytes[start + 2] === 0x68 &&
    bytes[start + 3] === DOT
  );
}

/** True for `.wh..wh.…`, which is aufs' own. */
export function isAufsMetadata(bytes: Uint8Array, start: number, end: number): boolean {
  return isWhiteout(bytes, start, end) && isWhiteout(bytes, start + 4, end);
}

/** True for `.wh..wh..opq`. */
export function isOpaque(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 12 &&
    isAufsMetadata(bytes, start, end) &&
    bytes[start + 8] === DOT &&
    bytes[start + 9] === 0x6f &&
    bytes[start + 10] === 0x70 &&
    bytes[start + 11] === 0x71
  );
}
