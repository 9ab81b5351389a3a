/**
 * The patterns of `${V#p}`, `${V%p}` and `${V/p/r}` as BuildKit has them: `*` and `?`, no brackets, neither matches a
 * line feed. Matched by stepping a set of states over the value, so that no pattern makes it slow.
 */
export type ShellPattern = readonly Token[];
type Token = { readonly char: string } | 'one' | 'any';

/** The work (value times pattern, in characters) from which a value counts as not known. */
const limit = 100_000;

/** Undefined for an escape that builders refuse. */
export function parseShellPattern(text: string): ShellPattern | undefined {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '*') tokens.push('any');
    else if (char === '?') tokens.push('one');
    else if (char === '\\') {
      const next = text[++at];
      if (next === undefined || !'}/*?\\'.includes(next)) return undefined;
      tokens.push({ char: next });
    } else tokens.push({ char });
  }
  return tokens;
}

/** The value without the shortest (or longest) beginning that matches. Undefined where it would take too long. */
export function removePrefix(value: string, pattern: ShellPattern, longest: boolean): string | undefined {
  if (value.length * pattern.length > limit) return undefined;
  const match = find(value, pattern, 0, { anchored: true, longest });
  return match ? value.slice(match.end) : value;
}

/** The value without the shortest (or longest) end that matches. Undefined where it would take too long. */
export function removeSuffix(value: string, pattern: ShellPattern, longest: boolean): string | undefined {
  const reversed = removePrefix(reverse(value), pattern.toReversed(), longest);
  return reversed === undefined ? undefined : reverse(reversed);
}

/** The value with the first (or every) longest match replaced. Undefined where it would take too long. */
export function replaceMatches(
  value: string,
  pattern: ShellPattern,
  replacement: string,
  all: boolean,
): string | undefined {
  if (value.length * pattern.length > limit || value.length * replacement.length > limit) return undefined;
  let result = '';
  let from = 0;
  let previousEnd = -1;
  while (from <= value.length) {
    const match = find(value, pattern, from, { anchored: false, longest: true });
    if (!match) break;
    result += value.slice(from, match.start);
    // An empty match right behind another one does not count.
    if (match.end > match.start || match.start !== previousEnd) result += replacement;
    from = previousEnd = match.end;
    if (match.end === match.start) result += value[from++] ?? '';
    if (!all) break;
  }
  return result + value.slice(from);
}

function reverse(text: string): string {
  let reversed = '';
  for (let at = text.length - 1; at >= 0; at--) reversed += text[at]!;
  return reversed;
}

/** The leftmost match from `from` on; of those the shortest or the longest. */
function find(
  value: string,
  pattern: ShellPattern,
  from: number,
  how: { readonly anchored: boolean; readonly longest: boolean },
): { start: number; end: number } | undefined {
  const last = pattern.length;
  /** For each state (tokens passed), where the leftmost match that is in it began; -1: no match is in it. */
  let states = new Int32Array(last + 1).fill(-1);
  let best: { start: number; end: number } | undefined;
  for (let at = from; at <= value.length; at++) {
    if (states[0] === -1 && !best && (!how.anchored || at === from)) states[0] = at;
    for (let i = 0; i < last; i++) if (pattern[i] === 'any') enter(states, i + 1, states[i]!);
    const start = states[last]!;
    if (start !== -1 && (!best || start <= best.start)) {
      best = { start, end: at };
      if (!how.longest) break;
    }
    const next = new Int32Array(last + 1).fill(-1);
    let alive = false;
    for (let i = 0; i < last; i++) {
      const began = states[i]!;
      const token = pattern[i]!;
      if (began === -1 || (best && began > best.start) || at === value.length) continue;
      if (typeof token === 'object' ? token.char !== value[at] : value[at] === '\n') continue;
      enter(next, token === 'any' ? i : i + 1, began);
      alive = true;
    }
    states = next;
    if (!alive && (best !== undefined || how.anchored)) break;
  }
  return best;
}

function enter(states: Int32Array, state: number, began: number): void {
  if (began !== -1 && (states[state] === -1 || states[state]! > began)) states[state] = began;
}
