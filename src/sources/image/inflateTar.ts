import { Gunzip, type ZlibOptions } from 'minizlib';
import { closeSync, openSync, readSync } from 'node:fs';
import { Verifier } from '../registry/content.ts';
import { CheckedTar } from './checkedTar.ts';
import { endsTooEarly } from './chunks.ts';
import { asLayerError } from './compression.ts';
import type { FileRange } from './files.ts';
import type { IndexedLayer, LayerChecks } from './jobs.ts';
import { readInSlices, type SlicedReader } from './slices.ts';

/** So much of a bomb is 64 MB, which are in memory at a time. More at a time is not quicker. */
const readBytes = 64 * 1024;
/** The decompressor passes zlib's own options on. */
const options: ZlibOptions & { readonly chunkSize: number } = { chunkSize: 256 * 1024 };

/**
 * Indexes a layer on disk that is compressed by gzip. Inflates in this thread: handing each chunk to a thread of the pool
 * and taking it back costs a third more, and what is inflated is then in the caches of another core. Layers that are read at
 * the same time want a thread each. Other work gets its turn every 10 ms. Throws as `decompress` does, a `SourceError`
 * `wrong-digest`, a `LayerError` `limit`, and what the file system throws.
 */
export async function inflateTar(
  range: FileRange,
  checks: LayerChecks,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<IndexedLayer> {
  const file = openSync(range.path, 'r');
  try {
    const layer = new GzipReader(range, file, checks);
    await readInSlices(layer, (position) => onBytes(position - range.start), signal);
    return layer.finish();
  } finally {
    closeSync(file);
  }
}

class GzipReader implements SlicedReader {
  position: number;
  readonly #range: FileRange;
  readonly #file: number;
  readonly #buffer = Buffer.allocUnsafeSlow(readBytes);
  readonly #digest: string | undefined;
  readonly #verifier: Verifier | undefined;
  readonly #tar: CheckedTar;
  readonly #gunzip = new Gunzip(options);
  #failure: { readonly reason: unknown } | undefined;

  constructor(range: FileRange, file: number, { digest, diffId }: LayerChecks) {
    this.position = range.start;
    this.#range = range;
    this.#file = file;
    this.#digest = digest;
    this.#verifier = digest === undefined ? undefined : new Verifier(digest);
    this.#tar = new CheckedTar(diffId);
    this.#gunzip.on('error', (error) => (this.#failure ??= { reason: asLayerError(error, 'gzip') }));
    this.#gunzip.on('data', (chunk) => this.#take(chunk));
  }

  readUntil(time: number): boolean {
    const end = this.#range.start + this.#range.length;
    while (this.position < end) {
      const wanted = Math.min(readBytes, end - this.position);
      const bytes = readSync(this.#file, this.#buffer, 0, wanted, this.position);
      if (bytes === 0) throw endsTooEarly(this.#range);
      this.position += bytes;
      const stored = this.#buffer.subarray(0, bytes);
      this.#verifier?.update(stored);
      this.#gunzip.write(stored);
      this.#check();
      if (performance.now() >= time) break;
    }
    return this.position >= end;
  }

  finish(): IndexedLayer {
    this.#gunzip.end();
    this.#check();
    this.#verifier?.verify(this.#digest!);
    return this.#tar.finish();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  /** A failure waits until the decompressor is done with what it has. */
  #take(chunk: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      this.#tar.push(chunk);
    } catch (error) {
      this.#failure = { reason: error };
    }
  }
}
