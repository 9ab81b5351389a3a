import { closeSync, openSync, readSync } from 'node:fs';
import { LayerIndexer } from '../../core/image/indexer.ts';
import { cancellable, counted, fileChunks, gather, part } from './chunks.ts';
import { knownCompression, magicBytes, unpacked } from './compression.ts';
import { Verifier } from '../registry/content.ts';
import { verified } from './digest.ts';
import type { FileRange } from './files.ts';
import { type ByteSource, type IndexedLayer, isRange, isTarSplit, type LayerChecks } from './jobs.ts';
import { LayerError } from './layerError.ts';
import { seekTar } from './seekTar.ts';
import { indexTarSplit } from './tarSplit.ts';

/**
 * No layer unpacks to more: a gzip bomb of 60 MB makes as much. Layers of models and toolchains have tens of gigabytes.
 */
const tarLimit = 64 * 2 ** 30;

/** See `Indexing.indexLayer`. */
export async function indexLayer(
  source: ByteSource,
  checks: LayerChecks,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<IndexedLayer> {
  if (!isRange(source)) return streamLayer(counted(cancellable(source, signal), onBytes), checks);
  if (isTarSplit(source)) return indexTarSplit(source, onBytes, signal);
  const isPlain = knownCompression(headOf(source)) === 'none';
  if (isPlain && checks.diffId === undefined) return seekTar(source, onBytes, signal);
  return streamLayer(counted(fileChunks(source, signal), onBytes), checks);
}

/** The bytes that tell the compression: read at once, as {@link seekTar} reads, and not by three trips to the thread pool. */
function headOf({ path, start, length }: FileRange): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const head = new Uint8Array(Math.min(magicBytes, length));
    return head.subarray(0, readSync(file, head, 0, head.length, start));
  } finally {
    closeSync(file);
  }
}

/** Indexes a layer from its stored bytes, whatever their compression. */
export async function streamLayer(stored: AsyncIterable<Uint8Array>, checks: LayerChecks): Promise<IndexedLayer> {
  const indexer = new LayerIndexer();
  const diff = checks.diffId === undefined ? undefined : new Verifier(checks.diffId);
  let bytes = 0;
  const checked = checks.digest === undefined ? stored : verified(stored, checks.digest);
  for await (const chunk of unpacked(checked)) {
    bytes += chunk.length;
    if (bytes > tarLimit) throw new LayerError('limit', `The layer unpacks to more than ${tarLimit} bytes.`);
    diff?.update(chunk);
    indexer.push(chunk);
  }
  diff?.verify(`The uncompressed layer ${checks.diffId!}`);
  return indexer.finish();
}

/** At most `limit` bytes of a layer's tar, from `offset` on, out of its stored bytes. */
export function readTarPart(stored: AsyncIterable<Uint8Array>, offset: number, limit: number): Promise<Uint8Array> {
  return gather(part(unpacked(stored), offset, limit));
}
