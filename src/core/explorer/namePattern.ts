import type { PathTable, StringTable } from '../image/layerIndex.ts';
import { lower } from './order.ts';

/** Which nodes a text means: `direct` those that it names, `fits` also all that is below them. */
export interface PatternMatch {
  readonly direct: Uint8Array;
  readonly fits: Uint8Array;
}

/**
 * Matches the text of a filter (see `Filter.text`) with every path, one pass over the names and one over the nodes: a
 * name is compared once for each part of the pattern, however many paths it is in, and what a path's beginning has matched
 * is handed down from directory to directory.
 */
export function matchPattern(text: string, paths: PathTable, strings: StringTable): PatternMatch {
  const parts = readPattern(text).map((part) => (part === 'any' ? 'any' : lazily(part, strings)));
  const direct = new Uint8Array(paths.count);
  const fits = new Uint8Array(paths.count);
  const only = parts.length === 2 && parts[0] === 'any' ? parts[1] : undefined;
  if (only !== undefined && only !== 'any') {
    // What most people type: one name, wherever it is. No state is needed.
    for (let node = 1; node < paths.count; node++) {
      if (only(paths.name[node]!)) direct[node] = 1;
      fits[node] = direct[node]! | fits[paths.parent[node]!]!;
    }
    return { direct, fits };
  }
  // Bit `i` of a node's state: the parts before `i` have matched its path up to it.
  const states = new Int32Array(paths.count);
  states[0] = skipAny(1, parts);
  const end = 1 << parts.length;
  for (let node = 1; node < paths.count; node++) {
    const parent = paths.parent[node]!;
    const state = step(states[parent]!, paths.name[node]!, parts);
    states[node] = state;
    if ((state & end) !== 0) direct[node] = 1;
    fits[node] = direct[node]! | fits[parent]!;
  }
  return { direct, fits };
}

/** What one path segment must be; `any` stands for any number of segments, none included. */
type Part = 'any' | ((bytes: Uint8Array, start: number, end: number) => boolean);
type LazyPart = 'any' | ((string: number) => boolean);

/** Parts that fit into the bits of a state. Nobody types as many; the rest of a longer pattern is not looked at. */
const mostParts = 30;

export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

function readPattern(text: string): Part[] {
  return (isGlob(text) ? globParts(text) : textParts(text)).slice(0, mostParts);
}

/** Without a slash a part of a name; with slashes, names that follow each other, the first and last of them in part. */
function textParts(text: string): Part[] {
  const folded = new TextEncoder().encode(text).map(lower);
  const segments = splitBytes(folded);
  // A slash at the beginning is the root's.
  const isRooted = segments.length > 1 && segments[0]!.length === 0;
  const last = segments.length - 1;
  const parts = segments.map((segment, at): Part => {
    if (at === 0 && at === last) return (bytes, start, end) => indexOf(bytes, start, end, segment) !== -1;
    if (at === 0) return (bytes, start, end) => matchesAt(bytes, end - segment.length, start, end, segment);
    if (at === last) return (bytes, start, end) => matchesAt(bytes, start, start, end, segment);
    return (bytes, start, end) => end - start === segment.length && matchesAt(bytes, start, start, end, segment);
  });
  return isRooted ? parts.slice(1) : ['any', ...parts];
}

function globParts(glob: string): Part[] {
  const segments = glob.split('/');
  if (segments.length === 1) return ['any', globPart(glob)];
  const isRooted = segments[0] === '';
  const parts = segments
    .filter((segment) => segment !== '')
    .map((segment): Part => (segment === '**' ? 'any' : globPart(segment)));
  // Two in a row mean what one does, and would fill the state.
  const single = parts.filter((part, at) => part !== 'any' || parts[at - 1] !== 'any');
  // `a/**` is what is in `a`, not `a` itself; the pattern's last part must be a name.
  if (single.at(-1) === 'any') single.push(() => true);
  return isRooted || single[0] === 'any' ? single : ['any', ...single];
}

function globPart(text: string): Part {
  const glob = readGlob(new TextEncoder().encode(text));
  return (bytes, start, end) => matchGlob(glob, bytes, start, end);
}

/**
 * A glob's tokens as numbers, which a million names are compared with faster than with functions: a byte as itself, `*`,
 * `?`, and from `firstSet` on a set of bytes by its place in `sets`.
 */
interface Glob {
  readonly tokens: readonly number[];
  readonly sets: readonly Uint8Array[];
  /** Place of the last `*`; -1 without one. */
  readonly lastStar: number;
}

const star = -1;
const anyByte = 256;
const firstSet = 257;

/** `*`, `?`, `[a-z]`, `[!a-z]`, over bytes; a bracket that is never closed stands for itself. */
function readGlob(glob: Uint8Array): Glob {
  const tokens: number[] = [];
  const sets: Uint8Array[] = [];
  for (let at = 0; at < glob.length; at++) {
    const byte = glob[at]!;
    const close = byte === 0x5b ? glob.indexOf(0x5d, at + 2) : -1;
    if (byte === 0x2a) {
      if (tokens.at(-1) !== star) tokens.push(star);
    } else if (byte === 0x3f) {
      tokens.push(anyByte);
    } else if (close !== -1) {
      tokens.push(firstSet + sets.length);
      sets.push(byteSet(glob.subarray(at + 1, close)));
      at = close;
    } else {
      tokens.push(byte);
    }
  }
  return { tokens, sets, lastStar: tokens.lastIndexOf(star) };
}

/** Per byte: 1 where the brackets name it. */
function byteSet(inside: Uint8Array): Uint8Array {
  const negated = inside[0] === 0x21 || inside[0] === 0x5e;
  const members = new Uint8Array(256);
  for (let at = negated ? 1 : 0; at < inside.length; at++) {
    const from = inside[at]!;
    const isRange = inside[at + 1] === 0x2d && at + 2 < inside.length;
    const to = isRange ? inside[at + 2]! : from;
    for (let byte = from; byte <= to; byte++) members[byte] = 1;
    if (isRange) at += 2;
  }
  return negated ? members.map((member) => 1 - member) : members;
}

function fitsToken({ sets }: Glob, token: number, byte: number): boolean {
  if (token < anyByte) return token === byte;
  return token === anyByte || sets[token - firstSet]![byte] === 1;
}

/**
 * What stands behind the last star first, at the end of the name: most names are told by it. Then greedy, with one place to
 * go back to: linear for one star, never exponential.
 */
function matchGlob(glob: Glob, bytes: Uint8Array, start: number, end: number): boolean {
  const { tokens, lastStar } = glob;
  const behind = lastStar === -1 ? 0 : tokens.length - lastStar - 1;
  const last = end - behind;
  if (last < start) return false;
  for (let i = 0; i < behind; i++) if (!fitsToken(glob, tokens[lastStar + 1 + i]!, bytes[last + i]!)) return false;
  let token = 0;
  let at = start;
  let back = -1;
  let mark = start;
  while (at < last) {
    const next = tokens[token];
    if (next === star) {
      // Whatever is left is its.
      if (token === lastStar) return true;
      back = token++;
      mark = at;
    } else if (next !== undefined && fitsToken(glob, next, bytes[at]!)) {
      token++;
      at++;
    } else if (back >= 0) {
      token = back + 1;
      at = ++mark;
    } else {
      return false;
    }
  }
  while (token <= lastStar && tokens[token] === star) token++;
  return token === tokens.length - behind;
}

function lazily(part: Exclude<Part, 'any'>, { bytes, offsets, count }: StringTable): LazyPart {
  const known = new Uint8Array(count);
  return (string) => {
    if (known[string] === 0) known[string] = part(bytes, offsets[string]!, offsets[string + 1]!) ? 2 : 1;
    return known[string] === 2;
  };
}

function step(state: number, name: number, parts: readonly LazyPart[]): number {
  let next = 0;
  for (let at = 0, left = state; left !== 0 && at < parts.length; at++, left >>>= 1) {
    if ((left & 1) === 0) continue;
    const part = parts[at]!;
    if (part === 'any') next |= 1 << at;
    else if (part(name)) next |= 1 << (at + 1);
  }
  return skipAny(next, parts);
}

/** `any` may stand for nothing. */
function skipAny(state: number, parts: readonly LazyPart[]): number {
  let skipped = state;
  for (let at = 0; at < parts.length; at++) {
    if (parts[at] === 'any' && (skipped & (1 << at)) !== 0) skipped |= 1 << (at + 1);
  }
  return skipped;
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const segments: Uint8Array[] = [];
  let from = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x2f) continue;
    segments.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return segments;
}

/** Where `wanted` (in lower case) first stands in the bytes, in any case. */
function indexOf(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): number {
  const last = end - wanted.length;
  for (let at = start; at <= last; at++) if (matchesAt(bytes, at, start, end, wanted)) return at;
  return -1;
}

function matchesAt(bytes: Uint8Array, at: number, start: number, end: number, wanted: Uint8Array): boolean {
  if (at < start || at + wanted.length > end) return false;
  for (let i = 0; i < wanted.length; i++) if (lower(bytes[at + i]!) !== wanted[i]) return false;
  return true;
}

/** True where a name begins with bytes that are in lower case, in any case. */
export function beginsWith(strings: StringTable, string: number, folded: Uint8Array): boolean {
  const start = strings.offsets[string]!;
  return matchesAt(strings.bytes, start, start, strings.offsets[string + 1]!, folded);
}
