/**
 * A `.dockerignore` pattern in the form in which it is matched.
 * - `segments`: between slashes; nothing in it reaches over a slash but `**`
 * - `path`: matched with the whole path, because a bracket or a `**` beside other characters may reach over a slash
 */
export type CompiledPattern =
  | { readonly kind: 'segments'; readonly segments: readonly Segment[] }
  | { readonly kind: 'path'; readonly tokens: readonly PathToken[] };

export type Segment = { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'double' } | SegmentGlob;

/** A name with `*` and `?`. */
export interface SegmentGlob {
  readonly kind: 'glob';
  readonly tokens: readonly GlobToken[];
}
export type GlobToken = { readonly char: string } | 'one' | 'any';

/** `dirs` is any number of folders, none too; `all` any text; `set` one character of some. */
export type PathToken =
  GlobToken | 'dirs' | 'all' | { readonly ranges: readonly (readonly [number, number])[]; readonly negated: boolean };

type Raw = PathToken | 'slash' | 'double';

/**
 * Compiles a cleaned pattern as moby/patternmatcher does, oddities included. Undefined where Go's `filepath.Match` or its
 * regular expressions refuse the pattern: an open or empty bracket, a range that runs backwards, an escape at the end.
 */
export function compilePattern(pattern: string, backslashEscapes: boolean): CompiledPattern | undefined {
  const raw = tokenize(pattern, backslashEscapes);
  if (!raw) return undefined;
  const segments = toSegments(raw);
  return segments
    ? { kind: 'segments', segments }
    : { kind: 'path', tokens: toPathTokens(raw, backslashEscapes && pattern.includes('\\')) };
}

function tokenize(pattern: string, backslashEscapes: boolean): Raw[] | undefined {
  const raw: Raw[] = [];
  let at = 0;
  while (at < pattern.length) {
    const char = pattern[at++]!;
    if (char === '*') {
      if (pattern[at] === '*') {
        at++;
        raw.push('double');
      } else raw.push('any');
    } else if (char === '?') raw.push('one');
    else if (char === '/') raw.push('slash');
    else if (char === '\\' && backslashEscapes) {
      const escaped = pattern[at++];
      if (escaped === undefined) return undefined;
      // An escaped slash is no boundary to the matcher, but a slash to the path.
      raw.push({ char: escaped });
    } else if (char === '[') {
      const set = readSet(pattern, at, backslashEscapes);
      if (!set) return undefined;
      raw.push(set.token);
      at = set.end;
    } else raw.push({ char });
  }
  return raw;
}

function readSet(pattern: string, start: number, backslashEscapes: boolean) {
  let at = start;
  const negated = pattern[at] === '^';
  if (negated) at++;
  const ranges: [number, number][] = [];
  const readChar = (): number | undefined => {
    let char = pattern[at++];
    if (char === '-' || char === ']') return undefined;
    if (char === '\\' && backslashEscapes) char = pattern[at++];
    return char?.charCodeAt(0);
  };
  while (pattern[at] !== ']' || ranges.length === 0) {
    const low = readChar();
    if (low === undefined) return undefined;
    let high: number | undefined = low;
    if (pattern[at] === '-') {
      at++;
      high = readChar();
      if (high === undefined || high < low) return undefined;
    }
    ranges.push([low, high]);
  }
  return { token: { ranges, negated }, end: at + 1 };
}

/** Undefined where a token may reach over a slash, so that the pattern does not come apart at its slashes. */
function toSegments(raw: readonly Raw[]): Segment[] | undefined {
  const segments: Segment[] = [];
  let tokens: Raw[] = [];
  for (const token of [...raw, 'slash' as const]) {
    if (token !== 'slash') {
      tokens.push(token);
      continue;
    }
    const segment = toSegment(tokens);
    if (!segment) return undefined;
    segments.push(segment);
    tokens = [];
  }
  return segments;
}

function toSegment(tokens: readonly Raw[]): Segment | undefined {
  if (tokens.length === 1 && tokens[0] === 'double') return { kind: 'double' };
  const glob: GlobToken[] = [];
  for (const token of tokens) {
    if (token === 'any' || token === 'one') glob.push(token);
    else if (typeof token === 'object' && 'char' in token && token.char !== '/') glob.push(token);
    else return undefined;
  }
  const text = glob.map((token) => (typeof token === 'object' ? token.char : '')).join('');
  return glob.every((token) => typeof token === 'object') ? { kind: 'literal', text } : { kind: 'glob', tokens: glob };
}

/**
 * `**` and a slash behind it stand for any folders, at the end for anything. Only where the pattern is otherwise plain, moby
 * takes a `**` at the beginning for any text at all: `**.log` matches `a.log`, `**x?` does not match `axy`, nor does `**x\y`.
 */
function toPathTokens(raw: readonly Raw[], hasEscapes: boolean): PathToken[] {
  const tokens: PathToken[] = [];
  const isPlain = (token: Raw) => token === 'slash' || (typeof token === 'object' && 'char' in token);
  const plainEnd = !hasEscapes && raw.slice(1).every(isPlain);
  for (let at = 0; at < raw.length; at++) {
    const token = raw[at]!;
    if (token === 'slash') tokens.push({ char: '/' });
    else if (token !== 'double') tokens.push(token);
    else if (at === 0 && plainEnd) tokens.push('all');
    else {
      if (raw[at + 1] === 'slash') at++;
      tokens.push(at === raw.length - 1 ? 'all' : 'dirs');
    }
  }
  return tokens;
}

/** Matches one name with `*` and `?`, in time of name times pattern at most. */
export function matchesGlob(name: string, tokens: readonly GlobToken[]): boolean {
  let at = 0;
  let token = 0;
  let lastAny = -1;
  let resume = 0;
  while (at < name.length) {
    const expected = tokens[token];
    if (expected === 'any') {
      lastAny = token++;
      resume = at;
    } else if (expected === 'one' || (typeof expected === 'object' && expected.char === name[at])) {
      // `?` takes a character whole, though it be two of ours.
      at += expected === 'one' && name.codePointAt(at)! > 0xffff ? 2 : 1;
      token++;
    } else if (lastAny >= 0) {
      // Give the last `*` one character more, and try again behind it.
      token = lastAny + 1;
      at = ++resume;
    } else return false;
  }
  while (tokens[token] === 'any') token++;
  return token === tokens.length;
}

/** Matches a whole path by stepping a set of states over it, in time of path times pattern. */
export function matchesPath(path: string, tokens: readonly PathToken[]): boolean {
  let states = new Uint8Array(tokens.length + 1);
  states[0] = 1;
  for (let at = 0; at <= path.length; at++) {
    tokens.forEach((token, i) => {
      if (states[i] === 1 && (token === 'any' || token === 'all' || token === 'dirs')) states[i + 1] = 1;
    });
    if (at === path.length) break;
    states = step(states, tokens, path[at]!);
  }
  return states[tokens.length] === 1;
}

function step(states: Uint8Array, tokens: readonly PathToken[], char: string): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(states.length);
  tokens.forEach((token, i) => {
    // Inside of folders a match can leave only behind a slash, so being inside has a bit of its own.
    const state = states[i]!;
    if (!state) return;
    if (token === 'all') next[i] = 1;
    else if (token === 'dirs') {
      next[i] ||= 2;
      if (char === '/') next[i + 1] = 1;
    } else if (token === 'any') {
      if (char !== '/') next[i] = 1;
    } else if (token === 'one' ? char !== '/' : takes(token, char)) next[i + 1] = 1;
  });
  return next;
}

function takes(token: Exclude<PathToken, string>, char: string): boolean {
  if ('char' in token) return token.char === char;
  const code = char.charCodeAt(0);
  return token.ranges.some(([low, high]) => code >= low && code <= high) !== token.negated;
}
