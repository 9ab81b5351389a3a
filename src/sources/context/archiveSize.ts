import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import type { ArchiveSize } from '../../core/estimate/context/contextContent.ts';

const noArchive: ArchiveSize = { isArchive: false };
const archiveOfUnknownSize: ArchiveSize = { isArchive: true };

/** Enough for the header of the first member, also when it is compressed. */
const headLength = 32 * 1024;

/**
 * What `ADD` makes of a local file: it unpacks tar archives, plain or compressed by gzip, bzip2, xz or zstd, told by their
 * first bytes. How long the tar is, is known where it is plain, or of one gzip member under 4 GiB.
 * https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives
 */
export function archiveSize(file: string): ArchiveSize {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return noArchive; // Gone, or not to be read: the walk has said so.
  }
  try {
    const head = read(descriptor, 0, headLength);
    const { size } = fstatSync(descriptor);
    if (isTar(head)) return { isArchive: true, bytes: size };
    if (startsWith(head, 0x1f, 0x8b)) return gzipSize(descriptor, head, size);
    const isOther =
      startsWith(head, 0x42, 0x5a, 0x68) ||
      startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00) ||
      startsWith(head, 0x28, 0xb5, 0x2f, 0xfd);
    return isOther ? archiveOfUnknownSize : noArchive;
  } finally {
    closeSync(descriptor);
  }
}

function gzipSize(descriptor: number, head: Buffer, size: number): ArchiveSize {
  if (!isTar(firstBytes(head))) return noArchive;
  const bytes = read(descriptor, size - 4, 4).readUInt32LE();
  // The trailer says the length modulo 2^32, and of the last member only: what is shorter than its archive is neither.
  return bytes > size ? { isArchive: true, bytes } : archiveOfUnknownSize;
}

function firstBytes(head: Buffer): Buffer {
  try {
    // The head ends in the middle of the stream: what came out until then is enough.
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0); // Damaged: builders copy it as it is.
  }
}

/** POSIX and GNU tar have `ustar` here. */
function isTar(head: Buffer): boolean {
  return head.toString('latin1', 257, 262) === 'ustar';
}

function startsWith(head: Buffer, ...magic: number[]): boolean {
  return magic.every((byte, at) => head[at] === byte);
}

function read(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, Math.max(0, position)));
}
