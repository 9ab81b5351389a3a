import { crc32 } from 'node:zlib';

/**
 * One entry as a file: 8 bytes `PLIMSOLL`, then as 32-bit little-endian numbers the version, the checksum of all that
 * follows the head, the key's length and the value's length; then the key, padded to a multiple of 8, and the value.
 * The padding lets a value be looked at through typed arrays where it lies.
 */
const magic = 0x4c4c_4f53_4d49_4c50n;
const version = 1;
const headBytes = 24;

/** The largest value that is stored: well below what one read of Node gives. */
export const maxValueBytes = 1_000_000_000;

/** The parts of an entry, in order; the value is not copied. */
export function encodeEntry(key: string, value: Uint8Array): readonly Uint8Array[] {
  const keyBytes = new TextEncoder().encode(key);
  const head = new Uint8Array(padded(headBytes + keyBytes.length));
  head.set(keyBytes, headBytes);
  const view = new DataView(head.buffer);
  view.setBigUint64(0, magic, true);
  view.setUint32(8, version, true);
  view.setUint32(16, keyBytes.length, true);
  view.setUint32(20, value.length, true);
  view.setUint32(12, checksum(head, value), true);
  return [head, value];
}

/** The value of an entry, lying in the given bytes; undefined when they are not an intact entry of this version and key. */
export function decodeEntry(bytes: Uint8Array, key: string): Uint8Array | undefined {
  if (bytes.length < headBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getBigUint64(0, true) !== magic || view.getUint32(8, true) !== version) return undefined;
  const keyLength = view.getUint32(16, true);
  const start = padded(headBytes + keyLength);
  if (bytes.length !== start + view.getUint32(20, true)) return undefined;
  if (new TextDecoder().decode(bytes.subarray(headBytes, headBytes + keyLength)) !== key) return undefined;
  const value = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  return checksum(bytes.subarray(0, start), value) === view.getUint32(12, true) ? value : undefined;
}

/** Guards against torn and rotten files, not against forgers: whoever can write here can write everywhere of ours. */
function checksum(head: Uint8Array, value: Uint8Array): number {
  return crc32(value, crc32(head.subarray(16)));
}

function padded(length: number): number {
  return (length + 7) & ~7;
}
