import { LayerError } from './layerError.ts';

/** A run of bytes of one zstd frame, magic number and all. */
export interface FramePiece {
  readonly bytes: Uint8Array;
  /** The frame ends with this piece. */
  readonly last: boolean;
  /** The decompressed length: set where the piece is a whole frame and the frame's header declares it. */
  readonly contentBytes?: number;
}

type Part = 'magic' | 'descriptor' | 'header' | 'block-header' | 'block' | 'checksum' | 'skip-length' | 'skip';

const magic = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);

/**
 * Cuts a zstd stream at its frames and leaves the skippable ones out. Node's decompressor ends, without an error, at the
 * first frame that ends inside of a chunk; and layers made by `zstd:chunked` tools have about a frame per file. Blocks
 * are passed over by the length in their header; nothing is decoded here.
 *
 * Format: https://www.rfc-editor.org/rfc/rfc8878#section-3
 */
export class ZstdFrameCutter {
  #part: Part = 'magic';
  /** Bytes of the part still to come. */
  #need = 4;
  /** The part's bytes so far, where they mean something: a frame header has at most 13 after its descriptor. */
  readonly #head = new Uint8Array(16);
  #headLength = 0;
  #descriptor = 0;
  #lastBlock = false;
  #contentBytes: number | undefined;

  /** The pieces of frames that are in `chunk`. Throws a `LayerError` where it is no zstd. */
  push(chunk: Uint8Array): FramePiece[] {
    const pieces: FramePiece[] = [];
    let position = 0;
    let start = this.#inFrame() ? 0 : undefined;
    let beganHere = false;
    let prefix = 0;
    while (position < chunk.length) {
      const end = Math.min(position + this.#need, chunk.length);
      if (this.#part !== 'block' && this.#part !== 'skip' && this.#part !== 'checksum') {
        this.#head.set(chunk.subarray(position, end), this.#headLength);
        this.#headLength += end - position;
      }
      this.#need -= end - position;
      position = end;
      while (this.#need === 0) {
        [this.#part, this.#need] = this.#next();
        this.#headLength = 0;
        if (this.#part === 'descriptor') {
          // Some of the magic number may have come with the chunk before; it is always the same four bytes.
          start = Math.max(position - 4, 0);
          prefix = Math.max(4 - position, 0);
          beganHere = true;
        } else if (this.#part === 'magic' && start !== undefined) {
          const contentBytes = beganHere ? this.#contentBytes : undefined;
          const bytes = withPrefix(prefix, chunk.subarray(start, position));
          pieces.push({ bytes, last: true, ...(contentBytes === undefined ? {} : { contentBytes }) });
          start = undefined;
          prefix = 0;
        }
      }
    }
    if (start !== undefined) pieces.push({ bytes: withPrefix(prefix, chunk.subarray(start)), last: false });
    return pieces;
  }

  /** False in mid-frame: a stream that ends there was cut off. */
  get atBoundary(): boolean {
    return this.#part === 'magic' && this.#headLength === 0;
  }

  #inFrame(): boolean {
    return this.#part !== 'magic' && this.#part !== 'skip-length' && this.#part !== 'skip';
  }

  /** The part that was awaited is complete: says which comes next, and how long that is. */
  #next(): readonly [Part, number] {
    switch (this.#part) {
      case 'magic':
        if (magic.every((byte, at) => this.#head[at] === byte)) return ['descriptor', 1];
        if (isSkippable(this.#head)) return ['skip-length', 4];
        throw new LayerError('corrupt-compression', 'The zstd stream goes on with bytes that are no zstd frame.');
      case 'skip-length':
        return ['skip', littleEndian(this.#head, 0, 4)];
      case 'descriptor': {
        this.#descriptor = this.#head[0]!;
        return ['header', this.#windowBytes() + this.#dictionaryBytes() + this.#lengthBytes()];
      }
      case 'header': {
        const bytes = this.#lengthBytes();
        const length = littleEndian(this.#head, this.#windowBytes() + this.#dictionaryBytes(), bytes);
        // The two-byte form counts from 256.
        this.#contentBytes = bytes === 0 ? undefined : bytes === 2 ? length + 256 : length;
        return ['block-header', 3];
      }
      case 'block-header': {
        const header = littleEndian(this.#head, 0, 3);
        this.#lastBlock = (header & 1) === 1;
        const type = (header >> 1) & 3;
        if (type === 3) throw new LayerError('corrupt-compression', 'A zstd frame has a block of an unknown type.');
        // A run-length block has one byte, whatever length it stands for.
        return ['block', type === 1 ? 1 : header >> 3];
      }
      case 'block':
        if (!this.#lastBlock) return ['block-header', 3];
        return ['checksum', (this.#descriptor & 4) === 0 ? 0 : 4];
      case 'checksum':
      case 'skip':
        return ['magic', 4];
    }
  }

  #singleSegment(): boolean {
    return (this.#descriptor & 0x20) !== 0;
  }

  #windowBytes(): number {
    return this.#singleSegment() ? 0 : 1;
  }

  #dictionaryBytes(): number {
    return [0, 1, 2, 4][this.#descriptor & 3]!;
  }

  #lengthBytes(): number {
    const flag = this.#descriptor >> 6;
    return flag === 0 ? (this.#singleSegment() ? 1 : 0) : 1 << flag;
  }
}

function isSkippable(head: Uint8Array): boolean {
  return (head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18;
}

function littleEndian(bytes: Uint8Array, start: number, length: number): number {
  let value = 0;
  for (let at = length - 1; at >= 0; at--) value = value * 256 + bytes[start + at]!;
  return value;
}

function withPrefix(length: number, bytes: Uint8Array): Uint8Array {
  if (length === 0) return bytes;
  const whole = new Uint8Array(length + bytes.length);
  whole.set(magic.subarray(0, length));
  whole.set(bytes, length);
  return whole;
}
