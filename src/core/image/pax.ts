/**
 * What extended headers say about the member that follows them, in place of its ustar fields: pax records (local and
 * global) and GNU's long names. Undefined: the ustar field holds.
 */
export class Overrides {
  path: Uint8Array | undefined;
  link: Uint8Array | undefined;
  size: number | undefined;
  uid: number | undefined;
  gid: number | undefined;
  mtime: number | undefined;
  /** Length of a sparse file with its holes; then `size` is the length of what is stored. */
  sparseSize: number | undefined;
  /** GNU's name for a sparse file: its `path` is a made-up one, for tars that do not know sparse files. */
  sparseName: Uint8Array | undefined;
  /** One hash per extended attribute, in no order. */
  xattrs: ReadonlySet<number> = new Set();
  #ownXattrs: Set<number> | undefined;

  /** bsdtar writes each attribute twice, once per family of keys: it counts once. */
  addXattr(hash: number): void {
    this.xattrs = this.#ownXattrs ??= new Set(this.xattrs);
    this.#ownXattrs.add(hash);
  }

  /** Takes over everything from another one. */
  assign(from: Overrides): void {
    this.path = from.path;
    this.link = from.link;
    this.size = from.size;
    this.uid = from.uid;
    this.gid = from.gid;
    this.mtime = from.mtime;
    this.sparseSize = from.sparseSize;
    this.sparseName = from.sparseName;
    this.xattrs = from.xattrs;
    this.#ownXattrs = undefined;
  }
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const EQUALS = 0x3d;
/** No key that means something here is longer, but for those of extended attributes, of which this much tells the family. */
const KEY_LIMIT = 24;
const SCHILY_XATTR = 'SCHILY.xattr.';
const LIBARCHIVE_XATTR = 'LIBARCHIVE.xattr.';

/**
 * Reads pax records, `LENGTH KEY=VALUE\n` each, into `into`; a record with an empty value takes an earlier one back.
 * Unknown keys are passed over; `hdrcharset` among them, because names are kept as bytes in any case.
 * Returns false where a record is malformed: what comes before it has been taken, the rest is not.
 */
export function readPax(body: Uint8Array, into: Overrides): boolean {
  let at = 0;
  while (at < body.length) {
    let length = 0;
    let start = at;
    for (; start < body.length; start++) {
      const digit = body[start]! - 0x30;
      if (digit < 0 || digit > 9) break;
      length = length * 10 + digit;
    }
    const end = at + length;
    if (start === at || body[start] !== SPACE || end > body.length || body[end - 1] !== NEWLINE) return false;
    const equals = body.indexOf(EQUALS, start + 1);
    if (equals === -1 || equals >= end) return false;
    if (!takeRecord(body, start + 1, equals, end - 1, into)) return false;
    at = end;
  }
  return true;
}

function takeRecord(body: Uint8Array, start: number, equals: number, end: number, into: Overrides): boolean {
  const key = ascii(body, start, Math.min(equals, start + KEY_LIMIT));
  const value = equals + 1;
  switch (key) {
    case 'path':
      into.path = text(body, value, end);
      return true;
    case 'linkpath':
      into.link = text(body, value, end);
      return true;
    case 'GNU.sparse.name':
      into.sparseName = text(body, value, end);
      return true;
    case 'size':
    case 'uid':
    case 'gid':
    case 'mtime':
      return takeNumber(body, value, end, into, key);
    case 'GNU.sparse.size':
    case 'GNU.sparse.realsize':
    case 'SCHILY.realsize':
      return takeNumber(body, value, end, into, 'sparseSize');
    default:
      if (key.startsWith(SCHILY_XATTR)) {
        addXattr(into, body.subarray(start + SCHILY_XATTR.length, equals), body.subarray(value, end));
      } else if (key.startsWith(LIBARCHIVE_XATTR)) {
        const name = percentDecoded(body.subarray(start + LIBARCHIVE_XATTR.length, equals));
        addXattr(into, name, base64Decoded(body.subarray(value, end)));
      }
      return true;
  }
}

function takeNumber(
  body: Uint8Array,
  start: number,
  end: number,
  into: Overrides,
  field: 'size' | 'uid' | 'gid' | 'mtime' | 'sparseSize',
): boolean {
  const value = decimal(body, start, end);
  if (Number.isNaN(value)) return false;
  into[field] = value;
  return true;
}

function addXattr(into: Overrides, name: Uint8Array, value: Uint8Array): void {
  let hash = 0x811c9dc5;
  for (const byte of name) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ 0x100, 0x01000193);
  for (const byte of value) hash = Math.imul(hash ^ byte, 0x01000193);
  into.addXattr(Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0);
}

/** One number for a set of attributes, whatever their order; 0 for none. */
export function xattrsHash(xattrs: ReadonlySet<number>): number {
  let sum = 0;
  for (const hash of xattrs) sum = (sum + hash) >>> 0;
  return xattrs.size > 0 && sum === 0 ? 1 : sum;
}

function ascii(body: Uint8Array, start: number, end: number): string {
  let result = '';
  for (let i = start; i < end; i++) result += String.fromCharCode(body[i]!);
  return result;
}

function text(body: Uint8Array, start: number, end: number): Uint8Array | undefined {
  return start === end ? undefined : body.slice(start, end);
}

/** A decimal number, rounded down; undefined for nothing at all, NaN for what is none. */
function decimal(body: Uint8Array, start: number, end: number): number | undefined {
  if (start === end) return undefined;
  const digits = ascii(body, start, Math.min(end, start + 64));
  return /^-?\d+(\.\d*)?$/.test(digits) ? Math.floor(Number(digits)) : NaN;
}

function percentDecoded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length);
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const escaped = bytes[i] === 0x25 ? parseInt(ascii(bytes, i + 1, Math.min(i + 3, bytes.length)), 16) : NaN;
    result[length++] = Number.isNaN(escaped) ? bytes[i]! : escaped;
    if (!Number.isNaN(escaped)) i += 2;
  }
  return result.subarray(0, length);
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64Decoded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.ceil((bytes.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    const digit = alphabet.indexOf(String.fromCharCode(byte));
    if (digit === -1) continue;
    held = ((held << 6) | digit) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      result[length++] = held >>> bits;
    }
  }
  return result.subarray(0, length);
}
