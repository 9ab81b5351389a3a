import { gunzipSync } from 'node:zlib';

/**
 * How long a layer is when it is uncompressed, told from the first and the last bytes of its blob. Pure: bytes in, a
 * number out, or undefined where the blob does not tell.
 */
export interface BlobEnds {
  /** The first bytes, {@link endBytes} of them or the whole blob. */
  readonly head: Uint8Array;
  /** The last bytes, {@link endBytes} of them or the whole blob. */
  readonly tail: Uint8Array;
  /** Length of the whole blob. */
  readonly size: number;
}

/** As much of each end as a server sends in its first round trip. */
export const endBytes = 16_384;

export function uncompressedBytes(ends: BlobEnds): number | undefined {
  const { head, size } = ends;
  if (startsWith(head, [0x1f, 0x8b, 8])) return gzipBytes(ends);
  if (isZstd(head)) return zstdBytes(ends);
  return isTar(head) ? size : undefined;
}

/** Deflate cannot do better (zlib's technical notes: 1032:1), and costs at most 5 bytes for every 16 kB that do not compress. */
const maxRatio = 1032;
/** Layers of more than 4 GiB are programs, libraries and data, which compress 2 to 4 times. Higher is not taken for one. */
const maxLargeRatio = 6;
const modulus = 2 ** 32;

/**
 * The last four bytes of a gzip member are its length modulo 2^32 (RFC 1952, section 2.3.1). That is the layer's length
 * only if it is one member, so blobs that show several are refused; and a tar's length is a multiple of 512. Of the
 * values that the modulus leaves open, exactly one must be plausible for the compressed length.
 */
function gzipBytes({ head, tail, size }: BlobEnds): number | undefined {
  if (tail.length < 18 || hasSeveralMembers(head, tail, size)) return undefined;
  const told = new DataView(tail.buffer, tail.byteOffset, tail.byteLength).getUint32(tail.length - 4, true);
  if (told % 512 !== 0) return undefined;
  const least = size - size / 1000 - 1024;
  const plausible = told >= least && told <= size * maxRatio ? [told] : [];
  for (let bytes = told + modulus; bytes <= size * maxLargeRatio; bytes += modulus) {
    if (bytes >= least) plausible.push(bytes);
    if (plausible.length > 1) return undefined;
  }
  return plausible[0];
}

/**
 * Whether a gzip blob shows more than one member: the first one ends within the head, or one begins within the tail, as in
 * eStargz (whose footer is an empty member), BGZF, and tars that were put together from compressed pieces.
 */
function hasSeveralMembers(head: Uint8Array, tail: Uint8Array, size: number): boolean {
  const begins = headersIn(tail).filter((at) => at > 0 || tail.length < size);
  // A first member that ends in the head is followed by another one there.
  const ends = headersIn(head).filter((at) => at > 0);
  // Chance makes one such likeness in a thousand blobs; a blob with many is made to cost time.
  if (begins.length + ends.length > 20) return true;
  return begins.some((at) => inflates(tail.subarray(at))) || ends.some((at) => inflates(head.subarray(0, at)));
}

/** Where the bytes look like the header of a gzip member: magic, deflate, no reserved flag (RFC 1952, section 2.3.1). */
function headersIn(bytes: Uint8Array): number[] {
  const found = [];
  for (let at = bytes.indexOf(0x1f); at !== -1; at = bytes.indexOf(0x1f, at + 1)) {
    if (bytes[at + 1] === 0x8b && bytes[at + 2] === 8 && (bytes[at + 3]! & 0xe0) === 0) found.push(at);
  }
  return found;
}

/** Whether bytes are whole gzip members to their end. A chance likeness of a header fails on its content or checksum. */
function inflates(bytes: Uint8Array): boolean {
  try {
    gunzipSync(bytes, { maxOutputLength: maxInflated });
    return true;
  } catch {
    return false; // That is the answer: these bytes are no gzip member.
  }
}

/** More than deflate can make of one end of a blob. */
const maxInflated = endBytes * 1100;

/**
 * The content size that a zstd frame's header holds, where its compressor knew it (RFC 8878, section 3.1.1.1). Only of a
 * blob that is one frame: nothing before it, and no skippable frame at its end, as zstd:chunked has.
 */
function zstdBytes({ head, tail, size }: BlobEnds): number | undefined {
  if (head.length < 18 || !startsWith(head, [0x28, 0xb5, 0x2f, 0xfd]) || endsInSkippable(tail)) return undefined;
  const descriptor = head[4]!;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  if (sizeFlag === 0 && !isSingleSegment) return undefined;
  const at = 5 + (isSingleSegment ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const bytes =
    sizeFlag === 0
      ? view.getUint8(at)
      : sizeFlag === 1
        ? view.getUint16(at, true) + 256
        : sizeFlag === 2
          ? view.getUint32(at, true)
          : Number(view.getBigUint64(at, true));
  // Less than came over the wire: it is the first frame of several.
  return bytes % 512 === 0 && Number.isSafeInteger(bytes) && bytes >= size - size / 1000 - 1024 ? bytes : undefined;
}

/** A zstd frame or a skippable one in front of it. */
function isZstd(head: Uint8Array): boolean {
  return (
    startsWith(head, [0x28, 0xb5, 0x2f, 0xfd]) ||
    (startsWith(head.subarray(1), [0x2a, 0x4d, 0x18]) && (head[0]! & 0xf0) === 0x50)
  );
}

function endsInSkippable(tail: Uint8Array): boolean {
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = 0; at + 8 <= tail.length; at++) {
    const isMagic = (view.getUint32(at, true) & 0xfffffff0) >>> 0 === 0x184d2a50;
    if (isMagic && at + 8 + view.getUint32(at + 4, true) === tail.length) return true;
  }
  return false;
}

/** A tar that is not compressed, whatever its media type says: `ustar` at its place, or only empty blocks. */
function isTar(head: Uint8Array): boolean {
  return (
    startsWith(head.subarray(257), [0x75, 0x73, 0x74, 0x61, 0x72]) ||
    (head.length >= 1024 && head.every((byte) => byte === 0))
  );
}

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}
