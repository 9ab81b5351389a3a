import { EntryReader, type Extension, type IndexerLimits } from './entryReader.ts';
import type { ImageProblem } from './image.ts';
import type { LayerIndex } from './layerIndex.ts';
import { ProblemList } from './problemList.ts';
import * as header from './tarHeader.ts';

const { BLOCK } = header;

/** Extended headers (pax records, long names) above this are passed over: memory stays bounded. */
const EXTENSION_LIMIT = 1 << 20;

export interface IndexedLayer {
  readonly index: LayerIndex;
  /** In the order of the tar, without `layer`: the indexer does not know which one it reads. */
  readonly problems: readonly ImageProblem[];
}

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
  readonly #problems = new ProblemList();
  readonly #entries: EntryReader;

  /** Bytes taken so far, skipped ones included. */
  #position = 0;
  /** A header that is spread over several slices. */
  readonly #block = new Uint8Array(BLOCK);
  readonly #blockWords = new Uint32Array(this.#block.buffer);
  #filled = 0;
  /** The last slice, and its bytes as words. */
  #chunk: Uint8Array | undefined;
  #chunkWords: Uint32Array | undefined;
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

  constructor(limits: IndexerLimits = {}) {
    this.#entries = new EntryReader(limits, this.#problems);
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

  /** Takes the next bytes of the tar: the first `end` of `chunk`, which may be used again for the bytes after them. */
  push(chunk: Uint8Array, end = chunk.length): void {
    const words = end >= BLOCK ? this.#wordsOf(chunk) : undefined;
    let at = 0;
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
      if (entry !== -1) this.#entries.cutContent(entry, missing);
      this.#problems.add(
        'truncated',
        `The layer ends at byte ${this.#position}, ${missing} bytes before its last member does.`,
      );
    } else if (this.#filled > 0 || this.#extension !== undefined || this.#sparseContent !== -1) {
      // The content of a sparse file comes after blocks of its map of which some are not there.
      if (this.#sparseContent !== -1 && this.#contentOf !== -1) {
        this.#entries.cutContent(this.#contentOf, this.#sparseContent);
      }
      this.#problems.add('truncated', `The layer ends at byte ${this.#position}, within a header.`);
    } else if (this.#entries.isExtended) {
      this.#problems.add(
        'truncated',
        `The layer ends at byte ${this.#position}, after an extended header without its member.`,
      );
    }
    return { index: this.#entries.finish(this.#position), problems: this.#problems.finish() };
  }

  /** Kept for the next call: a seeking source reads tens of thousands of times into one buffer. */
  #wordsOf(chunk: Uint8Array): Uint32Array | undefined {
    if (this.#chunk !== chunk) {
      this.#chunk = chunk;
      const isAligned = (chunk.byteOffset & 3) === 0;
      this.#chunkWords = isAligned ? new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.length >>> 2) : undefined;
    }
    return this.#chunkWords;
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
      this.#problems.add('corrupt-tar', `A lone block of zeros before byte ${this.#position - BLOCK}.`);
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
    if (!this.#lost) this.#problems.add('corrupt-tar', `The header at byte ${this.#position - BLOCK} ${reason}.`);
    this.#lost = true;
    this.#entries.forgetExtensions();
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
        this.#skipContent(-1, this.#entries.checkedSize(size, this.#position - BLOCK));
        this.#entries.forgetExtensions();
        break;
      default:
        this.#member(block, at, size);
    }
  }

  #beginExtension(extension: Extension, size: number): void {
    const length = this.#entries.checkedSize(size, this.#position - BLOCK);
    if (length > EXTENSION_LIMIT) {
      this.#problems.add(
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
    if (!this.#entries.extend(extension, body)) {
      this.#problems.add('corrupt-tar', `The extended header before byte ${this.#position} has a malformed record.`);
    }
  }

  #member(block: Uint8Array, at: number, headerSize: number): void {
    const { entry, stored, hasContent, sparseExtended } = this.#entries.add(
      block,
      at,
      this.#position - BLOCK,
      headerSize,
    );
    if (this.#entries.full) {
      this.#done = true;
    } else if (sparseExtended) {
      this.#contentOf = entry;
      this.#sparseContent = stored;
    } else if (hasContent) {
      this.#skipContent(entry, stored);
    } else {
      this.#doubtful = stored;
    }
  }

  #sparseExtension(block: Uint8Array, at: number): void {
    if (block[at + header.SPARSE_EXTENSION_EXTENDED] !== 0) return;
    const content = this.#sparseContent;
    this.#sparseContent = -1;
    if (this.#contentOf !== -1) this.#entries.moveContent(this.#contentOf, this.#position);
    this.#skipContent(this.#contentOf, content);
  }

  #skipContent(entry: number, size: number): void {
    this.#padding = padding(size);
    this.#skip = size + this.#padding;
    this.#contentOf = this.#skip > 0 ? entry : -1;
  }
}

/** Bytes from the end of a content of `size` bytes to the next full block. */
function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
