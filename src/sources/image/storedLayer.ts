import { fileChunks, gather } from './chunks.ts';
import { compressionOf, magicBytes } from './compression.ts';
import type { FileRange, StoredLayer } from './files.ts';
import { LayerError } from './layerError.ts';
import { documentLimit } from './manifests.ts';

/** Reads a file that is to be small. */
export async function readDocument(name: string, range: FileRange, signal: AbortSignal): Promise<Uint8Array> {
  if (range.length > documentLimit) {
    throw new LayerError('limit', `${name} has ${range.length} bytes, too many for a manifest or config.`);
  }
  return gather(fileChunks(range, signal));
}

/** A layer on disk, with the compression that its first bytes tell. */
export async function storedLayer(key: string, range: FileRange, signal: AbortSignal): Promise<StoredLayer> {
  const compression = compressionOf(await rangeHead(range, signal));
  const isCompressed = !('kind' in compression) || compression.kind !== 'none';
  return { key, bytes: { kind: 'range', range }, storedBytes: range.length, isCompressed };
}

/** The bytes that tell the compression. */
function rangeHead(range: FileRange, signal: AbortSignal): Promise<Uint8Array> {
  return gather(fileChunks({ ...range, length: Math.min(magicBytes, range.length) }, signal));
}
