import { LayerIndexer } from '../../core/image/indexer.ts';
import { BLOCK } from '../../core/image/tarHeader.ts';
import { cancellable, counted, fileChunks, gather, peek } from './chunks.ts';
import { ChunkReader } from './chunkReader.ts';
import { compressionOf, knownCompression, unpacked } from './compression.ts';
import { digestOfBlobName } from './files.ts';
import { streamLayer } from './indexLayer.ts';
import { type ByteSource, isRange, type ScanEvents, type ScanOptions } from './jobs.ts';
import { LayerError, layerProblem } from './layerError.ts';
import { documentLimit } from './manifests.ts';
import { type Member, nextMember, padded } from './members.ts';

/** All documents of an archive together: they are kept until it is known which of them matter. */
const documentsLimit = 4 * documentLimit;
/** An archive has a few members for each layer; one of more than this is an attack on time. */
const memberLimit = 65_536;

/**
 * See `Indexing.scanArchive`. The list of layers may come last, so every member that looks like a layer is indexed as it
 * passes, and who asked decides afterwards: nothing is kept but indexes and small documents, and nothing is read twice.
 * Where the archive breaks off, throws a `LayerError` after the events for what came before.
 */
export async function scanArchive(
  source: ByteSource,
  options: ScanOptions,
  on: ScanEvents,
  signal: AbortSignal,
): Promise<void> {
  const stored = isRange(source) ? fileChunks(source, signal) : cancellable(source, signal);
  const reader = new ChunkReader(unpacked(counted(stored, (bytes) => on.progress(bytes))));
  const scan = { documentBytes: 0 };
  try {
    for (let count = 0; ; count++) {
      if (count === memberLimit) throw new LayerError('limit', `The archive has more than ${memberLimit} members.`);
      const member = await nextMember(reader);
      if (member === undefined) return;
      const end = reader.position + padded(member.size);
      if (member.target !== undefined) on.link(member.name, member.target);
      if (member.isFile && member.size > 0) await readMember(member, reader, options, on, scan);
      await reader.skip(end - reader.position);
      if (reader.position < end) throw new LayerError('truncated', `The archive ends within ${member.name}.`);
    }
  } finally {
    await reader.end();
  }
}

async function readMember(
  member: Member,
  reader: ChunkReader,
  options: ScanOptions,
  on: ScanEvents,
  scan: { documentBytes: number },
): Promise<void> {
  const offset = reader.position;
  try {
    const { head, all } = await peek(reader.pass(member.size), BLOCK);
    if (isDocument(head)) {
      scan.documentBytes += member.size;
      if (member.size > documentLimit || scan.documentBytes > documentsLimit) {
        throw new LayerError('limit', `${member.name} has ${member.size} bytes, too many for a manifest or config.`);
      }
      on.document(member.name, await gather(all));
      return;
    }
    const isCompressed = knownCompression(head) !== 'none';
    if (!isCompressed && !isTar(head)) throw new LayerError('corrupt-tar', `${member.name} is no layer.`);
    const digest = options.verify ? digestOfBlobName(member.name) : undefined;
    const layer = await streamLayer(all, digest === undefined ? {} : { digest });
    on.layer({ ...layer, name: member.name, offset, storedBytes: member.size, isCompressed });
  } catch (error) {
    // What the archive itself met is not this member's fault alone: nothing after it can be read.
    if (reader.hasFailed) throw error;
    const problem = layerProblem(error);
    if (problem === undefined) throw error;
    on.damaged(member.name, problem);
  }
}

/** JSON, which is all that an archive holds beside layers; the name of a layer's first file may begin as JSON does. */
function isDocument(head: Uint8Array): boolean {
  const first = head.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  return (first === 0x7b || first === 0x5b) && !isTar(head);
}

/** Whether a first block is one of a tar: a whole header, or the zeros of an empty one. */
function isTar(head: Uint8Array): boolean {
  if (head.length < BLOCK) return false;
  const indexer = new LayerIndexer();
  indexer.push(head);
  return indexer.finish().problems.every(({ code }) => code !== 'corrupt-tar');
}

/** Whether a file is an archive at all, by its first bytes: a tar, plain or compressed. */
export function looksLikeArchive(head: Uint8Array): boolean {
  const compression = compressionOf(head);
  return !('kind' in compression) || compression.kind !== 'none' || isTar(head);
}
