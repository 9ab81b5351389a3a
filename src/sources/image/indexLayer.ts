import { closeSync, openSync, readSync } from 'node:fs';
import { CheckedTar } from './checkedTar.ts';
import { cancellable, counted, fileChunks, gather, part } from './chunks.ts';
import { type Compression, knownCompression, magicBytes, unpacked } from './compression.ts';
import { verified } from './digest.ts';
import type { FileRange } from './files.ts';
import { inflateTar } from './inflateTar.ts';
import { type ByteSource, type IndexedLayer, isRange, isTarSplit, type LayerChecks } from './jobs.ts';
import { seekTar } from './seekTar.ts';
import { indexTarSplit } from './tarSplit.ts';

/** See `Indexing.indexLayer`. */
export async function indexLayer(
  source: ByteSource,
  checks: LayerChecks,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<IndexedLayer> {
  if (!isRange(source)) return streamLayer(counted(cancellable(source, signal), onBytes), checks);
  if (isTarSplit(source)) return indexTarSplit(source, onBytes, signal);
  const compression = compressionAt(source);
  if (compression === 'none' && checks.diffId === undefined) return seekTar(source, onBytes, signal);
  if (compression === 'gzip') return inflateTar(source, checks, onBytes, signal);
  return streamLayer(counted(fileChunks(source, signal), onBytes), checks);
}

/**
 * The compression of a part of a file: its first bytes are read at once, as {@link seekTar} reads, and not by three trips to
 * the thread pool. Throws a `LayerError` `unknown-compression`, and what the file system throws.
 */
export function compressionAt({ path, start, length }: FileRange): Compression {
  const file = openSync(path, 'r');
  try {
    const head = new Uint8Array(Math.min(magicBytes, length));
    return knownCompression(head.subarray(0, readSync(file, head, 0, head.length, start)));
  } finally {
    closeSync(file);
  }
}

/** Indexes a layer from its stored bytes, whatever their compression. */
export async function streamLayer(stored: AsyncIterable<Uint8Array>, checks: LayerChecks): Promise<IndexedLayer> {
  const tar = new CheckedTar(checks.diffId);
  const checked = checks.digest === undefined ? stored : verified(stored, checks.digest);
  for await (const chunk of unpacked(checked)) tar.push(chunk);
  return tar.finish();
}

/** At most `limit` bytes of a layer's tar, from `offset` on, out of its stored bytes. */
export function readTarPart(stored: AsyncIterable<Uint8Array>, offset: number, limit: number): Promise<Uint8Array> {
  return gather(part(unpacked(stored), offset, limit));
}
