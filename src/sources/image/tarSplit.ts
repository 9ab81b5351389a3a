import * as v from 'valibot';
import { LayerIndexer } from '../../core/image/indexer.ts';
import { counted, fileChunks } from './chunks.ts';
import { decompress } from './compression.ts';
import type { IndexedLayer, TarSplitFile } from './jobs.ts';
import { LayerError } from './layerError.ts';

/** A segment holds the headers between two files' contents, of which the longest is an extended header. */
const lineLimit = 64 * 1024 * 1024;

/**
 * Indexes a layer from what Docker and Podman keep of its tar beside the unpacked files: all of it but the contents, as
 * lines of JSON, gzipped (github.com/vbatts/tar-split). The index is the same as that of the tar itself, and no file's
 * content is read for it. Throws a `LayerError` where the file is not what it should be; the layer can then still be had
 * by an export.
 */
export async function indexTarSplit(
  file: TarSplitFile,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<IndexedLayer> {
  const indexer = new LayerIndexer();
  for await (const line of lines(decompress(counted(fileChunks(file, signal), onBytes), 'gzip'))) {
    const entry = decodeEntry(line);
    if (entry.type === segmentType) indexer.push(Buffer.from(entry.payload, 'base64'));
    else passContent(indexer, entry.size);
  }
  const result = indexer.finish();
  // The engine vouches for the tar, so whatever is wrong with it is wrong with what was kept of it.
  if (result.problems.length > 0) throw damaged(result.problems[0]!.message);
  return result;
}

const fileType = 1;
const segmentType = 2;
const entrySchema = v.variant('type', [
  v.object({ type: v.literal(fileType), size: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0) }),
  v.object({ type: v.literal(segmentType), payload: v.nullish(v.string(), '') }),
]);

const segmentStart = `{"type":${segmentType},"payload":"`;

/** A line as it is written by Go is cut out by hand, which takes a fifth of the time; base64 has nothing to unescape. */
function decodeEntry(line: string): v.InferOutput<typeof entrySchema> {
  if (line.startsWith(segmentStart)) {
    const end = line.indexOf('"', segmentStart.length);
    if (end !== -1) return { type: segmentType, payload: line.slice(segmentStart.length, end) };
  }
  try {
    return v.parse(entrySchema, JSON.parse(line));
  } catch (error) {
    throw damaged('A line is not what it should be', error);
  }
}

/**
 * Passes over a file's content. The padding after it is part of the next segment, so the indexer must want to pass over
 * exactly the content and less than a block: else what the two take for the content differs (sparse files), and all
 * that follows would be read at the wrong place.
 */
function passContent(indexer: LayerIndexer, size: number): void {
  const padding = indexer.skip - size;
  if (!(padding >= 0 && padding < 512)) throw damaged('A file’s length is not that of its header');
  indexer.skipped(size);
}

async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let begun: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let from = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
      // Names do not matter here, so that the quickest of all decodings does.
      const rest = bytes.toString('latin1', from, end);
      const line = begun.length === 0 ? rest : begun.join('') + rest;
      begun = [];
      length = 0;
      from = end + 1;
      if (line !== '') yield line;
    }
    if (from === bytes.length) continue;
    begun.push(bytes.toString('latin1', from));
    length += bytes.length - from;
    if (length > lineLimit) throw damaged('A line has no end');
  }
  if (begun.length > 0) throw damaged('The last line is cut off');
}

function damaged(reason: string, cause?: unknown): LayerError {
  return new LayerError('corrupt-tar', `The engine’s record of the layer is damaged: ${reason}.`, { cause });
}
