import { closeSync, openSync, readSync } from 'node:fs';
import { LayerIndexer } from '../../core/image/indexer.ts';
import { endsTooEarly } from './chunks.ts';
import type { FileRange } from './files.ts';
import type { IndexedLayer } from './jobs.ts';
import { readInSlices, type SlicedReader } from './slices.ts';

/**
 * A read in search of a header ends where a page of the file does: half of a layer's files are shorter than that, so that
 * it often brings several headers, and bytes of a second page would cost as much as another call. While headers follow so
 * closely that nothing can be skipped, reads grow up to the second figure.
 */
const page = 4 * 1024;
const longRead = 64 * 1024;

/** Few layers have more entries for their length: files of an image have 20 kB on average. What is not used is never touched. */
const bytesPerEntry = 10 * 1024;
const mostExpected = 1_000_000;

/** An eye is kept on the time every so many reads. */
const readsPerLook = 16;

/**
 * Indexes an uncompressed tar on disk by its headers; contents are passed over. Reads are synchronous, because each takes
 * a few microseconds and a round trip to the thread pool ten times as long, but other work gets its turn every 10 ms.
 * Throws a `LayerError` `truncated` where the file ends before the range does, and what the file system throws.
 */
export async function seekTar(
  range: FileRange,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<IndexedLayer> {
  const file = openSync(range.path, 'r');
  try {
    const headers = new HeaderReader(range, file);
    await readInSlices(headers, (position) => onBytes(position - range.start), signal);
    return headers.indexer.finish();
  } finally {
    closeSync(file);
  }
}

/** Reads the headers of a tar one after the other. A class and no closure: what is compiled for one layer serves the next. */
class HeaderReader implements SlicedReader {
  readonly indexer: LayerIndexer;
  /** In the file. */
  position: number;
  readonly #range: FileRange;
  readonly #file: number;
  readonly #buffer = Buffer.allocUnsafeSlow(longRead);
  #size = page;

  constructor(range: FileRange, file: number) {
    this.indexer = new LayerIndexer({
      expectedEntries: Math.min(Math.ceil(range.length / bytesPerEntry), mostExpected),
    });
    this.position = range.start;
    this.#range = range;
    this.#file = file;
  }

  readUntil(time: number): boolean {
    const end = this.#range.start + this.#range.length;
    for (let reads = 1; this.position < end; reads++) {
      this.#readOnce(end);
      if (reads % readsPerLook === 0 && performance.now() >= time) break;
    }
    return this.position >= end;
  }

  #readOnce(end: number): void {
    const { indexer, position } = this;
    const wanted = Math.min(this.#size - (position % page), end - position);
    const bytes = readSync(this.#file, this.#buffer, 0, wanted, position);
    if (bytes === 0) throw endsTooEarly(this.#range);
    indexer.push(this.#buffer, bytes);
    const skip = Math.min(indexer.skip, end - position - bytes);
    indexer.skipped(skip);
    this.position = position + bytes + skip;
    this.#size = skip > 0 ? page : Math.min(this.#size * 2, longRead);
  }
}
