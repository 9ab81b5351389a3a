import { LayerIndexer } from '../../core/image/indexer.ts';
import { cancellable, counted, fileChunks, gather, part, peek } from './chunks.ts';
import { type Compression, compressionOf, decompress, magicBytes } from './compression.ts';
import { Verifier } from '../registry/content.ts';
import { verified } from './digest.ts';
import { type ByteSource, type IndexedLayer, isRange, type LayerChecks } from './jobs.ts';
import { LayerError } from './layerError.ts';
import { seekTar } from './seekTar.ts';

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
  const head = await gather(fileChunks({ ...source, length: Math.min(magicBytes, source.length) }, signal));
  if (knownCompression(head) === 'none' && checks.diffId === undefined) return seekTar(source, onBytes, signal);
  return streamLayer(counted(fileChunks(source, signal), onBytes), checks);
}

/** Indexes a layer from its stored bytes, whatever their compression. */
export async function streamLayer(stored: AsyncIterable<Uint8Array>, checks: LayerChecks): Promise<IndexedLayer> {
  const { head, all } = await peek(checks.digest === undefined ? stored : verified(stored, checks.digest), magicBytes);
  const indexer = new LayerIndexer();
  const diff = checks.diffId === undefined ? undefined : new Verifier(checks.diffId);
  let bytes = 0;
  for await (const chunk of decompress(all, knownCompression(head))) {
    bytes += chunk.length;
    if (bytes > tarLimit) throw new LayerError('limit', `The layer unpacks to more than ${tarLimit} bytes.`);
    diff?.update(chunk);
    indexer.push(chunk);
  }
  diff?.verify(`The uncompressed layer ${checks.diffId!}`);
  return indexer.finish();
}

/** The compression by its magic number. Throws a `LayerError` `unknown-compression` for one that is not read. */
export function knownCompression(head: Uint8Array): Compression {
  const compression = compressionOf(head);
  if ('kind' in compression) return compression.kind;
  throw new LayerError(
    'unknown-compression',
    `The layer is compressed with ${compression.unknown}, which is not read.`,
  );
}

/** At most `limit` bytes of a layer's tar, from `offset` on, out of its stored bytes. */
export async function readTarPart(
  stored: AsyncIterable<Uint8Array>,
  offset: number,
  limit: number,
): Promise<Uint8Array> {
  const { head, all } = await peek(stored, magicBytes);
  return gather(part(decompress(all, knownCompression(head)), offset, limit));
}
