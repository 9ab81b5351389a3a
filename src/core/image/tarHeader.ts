/**
 * The 512-byte header of a tar member, as POSIX (ustar, pax), GNU tar and the v7 original lay it out.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html
 */
export const BLOCK = 512;

/** Offset and length of the fields. */
export const NAME = 0;
export const NAME_LENGTH = 100;
export const MODE = 100;
export const UID = 108;
export const GID = 116;
export const ID_LENGTH = 8;
export const SIZE = 124;
export const MTIME = 136;
export const NUMBER_LENGTH = 12;
const CHECKSUM = 148;
const CHECKSUM_LENGTH = 8;
export const TYPE = 156;
export const LINK = 157;
export const LINK_LENGTH = 100;
const MAGIC = 257;
export const PREFIX = 345;
const PREFIX_LENGTH = 155;
/** star keeps access and change time behind a shorter prefix, and says `tar` at the very end. */
const STAR_PREFIX_LENGTH = 131;
const STAR_TRAILER = 508;
/** Old GNU sparse files: whether extension blocks follow the header, and the file's length with its holes. */
export const SPARSE_EXTENDED = 482;
export const SPARSE_REAL_SIZE = 483;
/** Whether another extension block follows an extension block. */
export const SPARSE_EXTENSION_EXTENDED = 504;
/** GNU tar has access and change time where ustar has the prefix. */
const GNU_ATIME = 345;
const GNU_CTIME = 357;

export type Dialect = 'v7' | 'ustar' | 'gnu';

export function dialectOf(block: Uint8Array, at: number): Dialect {
  const magic = at + MAGIC;
  if (
    block[magic] !== 0x75 ||
    block[magic + 1] !== 0x73 ||
    block[magic + 2] !== 0x74 ||
    block[magic + 3] !== 0x61 ||
    block[magic + 4] !== 0x72
  ) {
    return 'v7';
  }
  if (block[magic + 5] === 0) return 'ustar';
  return block[magic + 5] === 0x20 && block[magic + 6] === 0x20 && block[magic + 7] === 0 ? 'gnu' : 'v7';
}

/**
 * Where the prefix of the name ends; {@link PREFIX} itself (plus `at`) where there is none. Only ustar has one; but Go
 * before 1.8, and so Docker's images of that time, wrote one into GNU headers as well: it is told by times that are no numbers.
 */
export function prefixEnd(block: Uint8Array, at: number, dialect: Dialect): number {
  const start = at + PREFIX;
  if (dialect === 'v7' || block[start] === 0) return start;
  if (dialect === 'ustar') {
    const trailer = at + STAR_TRAILER;
    const star = block[trailer] === 0x74 && block[trailer + 1] === 0x61 && block[trailer + 2] === 0x72;
    return fieldEnd(block, start, star && block[trailer + 3] === 0 ? STAR_PREFIX_LENGTH : PREFIX_LENGTH);
  }
  const timesAreNumbers =
    !Number.isNaN(parseNumber(block, at + GNU_ATIME, NUMBER_LENGTH)) &&
    !Number.isNaN(parseNumber(block, at + GNU_CTIME, NUMBER_LENGTH));
  if (timesAreNumbers) return start;
  const end = fieldEnd(block, start, PREFIX_LENGTH);
  for (let i = start; i < end; i++) if (block[i]! >= 0x80) return start;
  return end;
}

/** Where a text field ends: at its first NUL, or after `length` bytes. */
export function fieldEnd(block: Uint8Array, start: number, length: number): number {
  const limit = start + length;
  let end = start;
  while (end < limit && block[end] !== 0) end++;
  return end;
}

/**
 * A number field: octal digits with spaces or NULs around, or, where the first bit is set, base 256 in two's complement.
 * An empty field is 0; NaN for anything else.
 */
export function parseNumber(block: Uint8Array, start: number, length: number): number {
  const first = block[start]!;
  if (first >= 0x80) return parseBase256(block, start, length);
  const limit = start + length;
  let at = start;
  while (at < limit && (block[at] === 0x20 || block[at] === 0)) at++;
  let value = 0;
  for (; at < limit; at++) {
    const digit = block[at]! - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; at < limit; at++) {
    const byte = block[at];
    if (byte === 0) break;
    if (byte !== 0x20) return NaN;
  }
  return value;
}

function parseBase256(block: Uint8Array, start: number, length: number): number {
  const negative = (block[start]! & 0x40) !== 0;
  const invert = negative ? 0xff : 0;
  let value = (block[start]! ^ invert) & 0x7f;
  for (let i = start + 1; i < start + length; i++) value = value * 256 + (block[i]! ^ invert);
  return negative ? -value - 1 : value;
}

/**
 * True when the header's checksum is that of its bytes. Some old writers summed signed bytes; both sums are accepted.
 * `words` is a view of the same buffer whose element `at / 4` is the block's start, where `at` allows one.
 */
export function checksumMatches(block: Uint8Array, at: number, words: Uint32Array | undefined, word: number): boolean {
  const stored = parseNumber(block, at + CHECKSUM, CHECKSUM_LENGTH);
  if (Number.isNaN(stored)) return false;
  let sum = words === undefined ? byteSum(block, at, BLOCK) : wordSum(words, word);
  // The checksum's own field counts as spaces.
  sum += CHECKSUM_LENGTH * 0x20 - byteSum(block, at + CHECKSUM, CHECKSUM_LENGTH);
  return sum === stored || signedSum(block, at) === stored;
}

function byteSum(block: Uint8Array, at: number, length: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i++) sum += block[i]!;
  return sum;
}

/**
 * Sums four bytes at a time: two 16-bit lanes hold at most 128 × 2 × 255 each, which does not overflow. Most of a header is
 * zeros, which need no sum.
 */
function wordSum(words: Uint32Array, from: number): number {
  let lanes = 0;
  for (let i = from; i < from + BLOCK / 4; i += 4) {
    const first = words[i]!;
    const second = words[i + 1]!;
    const third = words[i + 2]!;
    const fourth = words[i + 3]!;
    if ((first | second | third | fourth) === 0) continue;
    lanes += lanesOf(first) + lanesOf(second) + lanesOf(third) + lanesOf(fourth);
    lanes |= 0;
  }
  return (lanes & 0xffff) + ((lanes >>> 16) & 0xffff);
}

function lanesOf(word: number): number {
  return (word & 0x00ff00ff) + ((word >>> 8) & 0x00ff00ff);
}

function signedSum(block: Uint8Array, at: number): number {
  let sum = CHECKSUM_LENGTH * 0x20;
  for (let i = 0; i < BLOCK; i++) {
    if (i < CHECKSUM || i >= CHECKSUM + CHECKSUM_LENGTH) sum += (block[at + i]! << 24) >> 24;
  }
  return sum;
}

/** True when all 512 bytes are zero. */
export function isZeroBlock(block: Uint8Array, at: number): boolean {
  for (let i = at; i < at + BLOCK; i++) if (block[i] !== 0) return false;
  return true;
}
