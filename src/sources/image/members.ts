import { LayerIndexer } from '../../core/image/indexer.ts';
import { entryPath, EntryKind, type LayerIndex, linkTarget } from '../../core/image/layerIndex.ts';
import * as header from '../../core/image/tarHeader.ts';
import type { ChunkReader } from './chunkReader.ts';
import { LayerError } from './layerError.ts';
import { linkedName } from './names.ts';

/** A member of an image archive: not of one of its layers. */
export interface Member {
  /** Without a leading slash. */
  readonly name: string;
  readonly isFile: boolean;
  /** Bytes of content that follow in the archive, without padding. */
  readonly size: number;
  /** Of a link, the name that it means, where that is in the archive. */
  readonly target?: string;
}

/** Types of headers that say more about the member after them: pax, global pax, Solaris pax, long name, long link. */
const extensionTypes: readonly number[] = [0x78, 0x67, 0x58, 0x4c, 0x4b];
/** Neither is ever that long in an archive of an image. */
const extensionLimit = 64 * 1024;

/**
 * The next member, with the reader at its content; undefined at the end of the archive. The archive's headers are read by
 * the same indexer as a layer's, one member at a time, because here each content is wanted when it comes.
 * Throws a `LayerError` `truncated` or `corrupt-tar`.
 */
export async function nextMember(reader: ChunkReader): Promise<Member | undefined> {
  const indexer = new LayerIndexer();
  for (;;) {
    const block = await reader.take(header.BLOCK);
    if (block.length === 0) return undefined;
    if (block.length < header.BLOCK) throw new LayerError('truncated', 'The archive ends within a header.');
    if (header.isZeroBlock(block, 0)) return undefined;
    const size = header.parseNumber(block, header.SIZE, header.NUMBER_LENGTH);
    if (!header.checksumMatches(block, 0, undefined, 0) || !(size >= 0)) {
      throw new LayerError('corrupt-tar', `The archive’s header at byte ${reader.position - header.BLOCK} is damaged.`);
    }
    indexer.push(block);
    if (!extensionTypes.includes(block[header.TYPE]!)) return memberOf(indexer);
    if (size > extensionLimit) throw new LayerError('limit', 'The archive has an extended header that is too long.');
    indexer.push(await reader.take(padded(size)));
  }
}

/** Length of a content with the padding that follows it. */
export function padded(size: number): number {
  return Math.ceil(size / header.BLOCK) * header.BLOCK;
}

function memberOf(indexer: LayerIndexer): Member {
  const content = indexer.skip;
  // As if the content had been passed over: it is the caller's to read.
  indexer.skipped(content);
  const { index } = indexer.finish();
  return index.count === 0 ? { name: '', isFile: false, size: content } : memberAt(index, 0);
}

/** A member out of the index of a whole archive. */
export function memberAt(index: LayerIndex, entry: number): Member {
  const name = entryPath(index, entry).slice(1);
  const kind = index.kind[entry]!;
  const written = linkTarget(index, entry);
  const target =
    written === undefined ? undefined : kind === EntryKind.symlink ? linkedName(name, written) : written.slice(1);
  return {
    name,
    isFile: kind === EntryKind.file,
    size: index.size[entry]!,
    ...(target === undefined ? {} : { target }),
  };
}
