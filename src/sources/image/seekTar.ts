import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LayerIndexer } from '../../core/image/indexer.ts';
import { endsTooEarly } from './chunks.ts';
import type { FileRange } from './files.ts';
import type { IndexedLayer } from './jobs.ts';

/**
 * A read in search of a header takes at least this much, and up to the second figure while headers follow so closely that
 * nothing can be skipped: reading through small files is quicker than a system call for each.
 */
const shortRead = 4 * 1024;
const longRead = 64 * 1024;

/** The thread is given back to others after this long. */
const sliceMilliseconds = 10;

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
  const indexer = new LayerIndexer();
  const file = openSync(range.path, 'r');
  try {
    const end = range.start + range.length;
    const buffer = Buffer.allocUnsafeSlow(longRead);
    let view = buffer.subarray(0, shortRead);
    let size = shortRead;
    let position = range.start;
    let sliceEnd = performance.now() + sliceMilliseconds;
    while (position < end) {
      const bytes = readSync(file, buffer, 0, Math.min(size, end - position), position);
      if (bytes === 0) throw endsTooEarly(range);
      // Most reads are of one length: a view for each would be garbage by the ten thousand.
      if (view.length !== bytes) view = buffer.subarray(0, bytes);
      indexer.push(view);
      const skip = Math.min(indexer.skip, end - position - bytes);
      indexer.skipped(skip);
      position += bytes + skip;
      size = skip > 0 ? shortRead : Math.min(size * 2, longRead);
      if (performance.now() >= sliceEnd) {
        onBytes(position - range.start);
        await nextTurn();
        signal.throwIfAborted();
        sliceEnd = performance.now() + sliceMilliseconds;
      }
    }
    return indexer.finish();
  } finally {
    closeSync(file);
  }
}
