import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { peek } from './chunks.ts';
import { LayerError } from './layerError.ts';
import { type FramePiece, ZstdFrameCutter } from './zstdFrames.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** Bytes that {@link compressionOf} wants to see. */
export const magicBytes = 6;

/**
 * How bytes are compressed, by their first bytes: what a media type or a file name says is often wrong. Undefined for a
 * compression that is known and not read here (bzip2, xz), so that it is called by its name and not taken for a tar.
 */
export function compressionOf(head: Uint8Array): { kind: Compression } | { unknown: string } {
  if (startsWith(head, [0x1f, 0x8b, 0x08])) return { kind: 'gzip' };
  if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) return { kind: 'zstd' };
  // A skippable frame in front: `0x184D2A50` to `0x184D2A5F`, little endian.
  if ((head[0]! & 0xf0) === 0x50 && startsWith(head.subarray(1), [0x2a, 0x4d, 0x18])) return { kind: 'zstd' };
  if (startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return { unknown: 'xz' };
  if (startsWith(head, [0x42, 0x5a, 0x68])) return { unknown: 'bzip2' };
  return { kind: 'none' };
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, at) => bytes[at] === byte);
}

/** The compression by its magic number. Throws a `LayerError` `unknown-compression` for one that is not read. */
export function knownCompression(head: Uint8Array): Compression {
  const compression = compressionOf(head);
  if ('kind' in compression) return compression.kind;
  throw new LayerError(
    'unknown-compression',
    `The bytes are compressed with ${compression.unknown}, which is not read.`,
  );
}

/** The uncompressed bytes of `stored`, by what its first bytes are. Throws as {@link decompress} and {@link knownCompression}. */
export async function* unpacked(stored: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, all } = await peek(stored, magicBytes);
  try {
    yield* decompress(all, knownCompression(head));
  } finally {
    await all.return();
  }
}

/**
 * The decompressed bytes of `chunks`, in chunks of at most 256 KB. Inflating runs on the thread pool of libuv, so that
 * several streams at a time use as many cores though one thread waits for them. Ends the source when it is ended early.
 * Throws a `LayerError`: `corrupt-compression`, `truncated`, `unknown-compression`.
 */
export function decompress(chunks: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'none':
      return chunks;
    case 'gzip':
      // Several members in a row, and zeros after the last, are the decompressor's own business.
      return through(chunks, zlib.createGunzip({ chunkSize }), 'gzip');
    case 'zstd':
      return zstdFrames(chunks);
  }
}

/** Measured: below 256 KB a stream spends its time on hand-overs, above it nothing is gained. */
const chunkSize = 256 * 1024;

/** A frame that is no longer than this, before and after, is decompressed at once: cheaper than a stream of its own. */
const smallFrame = { compressedBytes: 64 * 1024, bytes: 512 * 1024 };

async function* zstdFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // An extension host before Node 22.15 has none.
  if (!('createZstdDecompress' in zlib)) {
    throw new LayerError('unknown-compression', 'This version of Node cannot read zstd; it needs 22.15 or newer.');
  }
  const pieces = cutFrames(chunks);
  try {
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
      const piece = next.value;
      const { bytes, contentBytes } = piece;
      const isSmall = bytes.length <= smallFrame.compressedBytes && (contentBytes ?? Infinity) <= smallFrame.bytes;
      if (isSmall) yield wholeFrame(bytes);
      else yield* through(restOfFrame(piece, pieces), zlib.createZstdDecompress({ chunkSize }), 'zstd');
    }
  } finally {
    await pieces.return(undefined);
  }
}

async function* cutFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FramePiece, undefined> {
  const cutter = new ZstdFrameCutter();
  for await (const chunk of chunks) yield* cutter.push(chunk);
  if (!cutter.atBoundary) throw new LayerError('truncated', 'The zstd stream ends in the middle of a frame.');
  return undefined;
}

async function* restOfFrame(
  first: FramePiece,
  pieces: AsyncGenerator<FramePiece, undefined>,
): AsyncGenerator<Uint8Array> {
  yield first.bytes;
  for (let last = first.last; !last;) {
    const next = await pieces.next();
    if (next.done) return;
    yield next.value.bytes;
    last = next.value.last;
  }
}

function wholeFrame(frame: Uint8Array): Uint8Array {
  try {
    return zlib.zstdDecompressSync(frame, { maxOutputLength: smallFrame.bytes });
  } catch (error) {
    throw new LayerError('corrupt-compression', 'A zstd frame is damaged.', { cause: error });
  }
}

/**
 * Not a `pipeline`: that stops reading where the decompressor has seen the end, and whoever compares the source with its
 * digest has then not seen all of it.
 */
async function* through(
  chunks: AsyncIterable<Uint8Array>,
  decompressor: Transform,
  name: string,
): AsyncGenerator<Uint8Array> {
  let isLeft = false;
  const feed = async (): Promise<void> => {
    try {
      for await (const chunk of chunks) {
        if (isLeft) return;
        if (!decompressor.readableEnded && !decompressor.write(chunk)) await settled(decompressor);
      }
      decompressor.end();
    } catch (error) {
      decompressor.destroy(error as Error);
      throw error;
    }
  };
  const fed = feed();
  // Awaited below; until then a failure is not unhandled.
  fed.catch(() => undefined);
  try {
    for await (const chunk of decompressor) yield chunk as Buffer;
    await fed;
  } catch (error) {
    throw asLayerError(error, name);
  } finally {
    isLeft = true;
    decompressor.destroy();
  }
}

/** Until the decompressor takes more, or will take nothing any more. */
function settled(decompressor: Transform): Promise<void> {
  return new Promise((resolve) => {
    const events = ['drain', 'end', 'close'] as const;
    const done = (): void => {
      for (const event of events) decompressor.off(event, done);
      resolve();
    };
    for (const event of events) decompressor.on(event, done);
    if (decompressor.destroyed) done();
  });
}

/** What zlib and zstd throw, as a `LayerError` `truncated` or `corrupt-compression`; anything else as it is. */
export function asLayerError(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // zlib's word for an end in the middle of a stream.
  if (code === 'Z_BUF_ERROR') {
    return new LayerError('truncated', `The ${name} stream ends too early.`, { cause: error });
  }
  if (code.startsWith('Z_') || code.startsWith('ZSTD_')) {
    return new LayerError('corrupt-compression', `The ${name} stream is damaged.`, { cause: error });
  }
  return error;
}
