import { PathInterner, StringInterner } from './interner.ts';

const SLASH = 0x2f;
const DOT = 0x2e;

/** The longest name that is read; Linux itself takes 4,096 bytes. */
export const PATH_LIMIT = 65_536;
/** The deepest path that is read. */
export const DEPTH_LIMIT = 4_096;

/**
 * A member's name, cleaned as container runtimes clean it before they join it to the root: no leading or trailing slash,
 * no empty segment, no `.`; `..` takes the segment before it back, and at the root it stays there, so that no name leaves
 * the model. One instance is used for all members.
 */
export class MemberPath {
  readonly bytes = new Uint8Array(PATH_LIMIT + 1);
  /** Of the cleaned path; 0 for the root. */
  length = 0;
  depth = 0;
  /** A `..` was taken at the root. */
  escapes = false;
  /** The name ended in a slash. */
  slashed = false;
  /** Longer or deeper than the limits: the path is not usable. */
  tooLong = false;
  #raw = 0;
  #segment = 0;

  clear(): void {
    this.length = 0;
    this.depth = 0;
    this.escapes = false;
    this.slashed = false;
    this.tooLong = false;
    this.#raw = 0;
    this.#segment = 0;
  }

  /** Adds bytes of the name as they are in the tar. */
  append(from: Uint8Array, start: number, end: number): void {
    this.#raw += end - start;
    if (this.#raw > PATH_LIMIT) {
      this.tooLong = true;
      return;
    }
    const bytes = this.bytes;
    let length = this.length;
    for (let i = start; i < end; i++) {
      const byte = from[i]!;
      if (byte === SLASH) {
        this.length = length;
        this.#endSegment();
        length = this.length;
      } else {
        bytes[length++] = byte;
      }
    }
    this.length = length;
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

  /** Where the last segment starts. */
  lastSegment(): number {
    let start = this.length;
    while (start > 0 && this.bytes[start - 1] !== SLASH) start--;
    return start;
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
      bytes[this.length++] = SLASH;
      this.#segment = this.length;
      this.depth++;
    }
  }

  #dropSegment(start: number): void {
    let parent = start;
    if (start === 0) {
      this.escapes = true;
    } else {
      parent--;
      while (parent > 0 && this.bytes[parent - 1] !== SLASH) parent--;
      this.depth--;
    }
    this.length = parent;
    this.#segment = parent;
  }
}

/** Turns cleaned paths into nodes. Tars come in directory order, so the last directory is kept and mostly hit. */
export class PathIndex {
  readonly strings: StringInterner;
  readonly nodes: PathInterner;
  /** Whether the last directory asked for lies within aufs' bookkeeping. */
  inMetadata = false;
  readonly #directory = new Uint8Array(PATH_LIMIT + 1);
  #directoryLength = 0;
  #directoryNode = 0;

  /** @param expected how many paths there will be, about. */
  constructor(expected: number) {
    this.strings = new StringInterner(expected, 16 * expected);
    this.nodes = new PathInterner(expected);
  }

  /** The node of `bytes[0 … length]`, a cleaned path without a slash at its end. */
  directory(bytes: Uint8Array, length: number): number {
    if (length === this.#directoryLength && this.#isLastDirectory(bytes, length)) return this.#directoryNode;
    let node = 0;
    let start = 0;
    this.inMetadata = false;
    while (start < length) {
      let end = start;
      while (end < length && bytes[end] !== SLASH) end++;
      if (isAufsMetadata(bytes, start, end)) this.inMetadata = true;
      node = this.nodes.intern(node, this.strings.intern(bytes, start, end));
      start = end + 1;
    }
    this.#directory.set(bytes.subarray(0, length));
    this.#directoryLength = length;
    this.#directoryNode = node;
    return node;
  }

  /** The node of a name, `bytes[start … end]`, in a directory. */
  child(directory: number, bytes: Uint8Array, start: number, end: number): number {
    return this.nodes.intern(directory, this.strings.intern(bytes, start, end));
  }

  #isLastDirectory(bytes: Uint8Array, length: number): boolean {
    // From the end: neighbours in a tar share the beginning of their paths.
    const directory = this.#directory;
    for (let i = length - 1; i >= 0; i--) if (bytes[i] !== directory[i]) return false;
    return true;
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
