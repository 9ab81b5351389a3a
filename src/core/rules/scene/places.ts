import type { ShellWord } from '../../dockerfile/shellScript.ts';

/**
 * A path as the rules compare paths: the home of any user is `~`, nothing at the end, nothing doubled.
 * `$HOME/.cache/`, `/root/.cache` and `/home/app/.cache` are all `~/.cache`.
 */
export function place(path: string): string {
  const clean = path.replace(/\/{2,}/g, '/').replace(/(?:\/\.)?\/+$/, '');
  return clean.replace(/^(?:\$HOME|\$\{HOME\}|~\w*|\/root|\/home\/[^/]+)(?=\/|$)/, '~') || '/';
}

/** True if `folder` is the path or one of the folders above it. Both are {@link place}s, or plain paths with no slash at their ends. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}

/** What a word may be given as, braces spread out, quotes removed; variables stay as written. */
export function spellings(word: ShellWord): readonly string[] {
  if (word.value !== undefined) return [word.value];
  return spread(word.text).map((text) => text.replace(/["']/g, ''));
}

/** No path is longer, and no command means more of them: what is beyond stays as it is written. */
const longest = 4096;
const most = 500;

/** `/var/{lib,cache}/x` as the shells do it that know braces. */
function spread(text: string): readonly string[] {
  if (text.length > longest) return [text];
  const done: string[] = [];
  const open = [text];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    const group = firstGroup(current);
    if (!group || done.length + open.length > most) done.push(current);
    else {
      const [start, end] = group;
      const choices = current.slice(start + 1, end).split(',');
      open.push(...choices.map((choice) => current.slice(0, start) + choice + current.slice(end + 1)));
    }
  }
  return done;
}

/** Where the first innermost braces with a comma between them stand; those of `${…}` are none. */
function firstGroup(text: string): readonly [start: number, end: number] | undefined {
  for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}', end + 1)) {
    const start = text.lastIndexOf('{', end);
    if (start >= 0 && text[start - 1] !== '$' && text.slice(start, end).includes(',')) return [start, end];
  }
  return undefined;
}

/**
 * Tells whether removing what a pattern matches empties a place: the place itself, a folder above it, or what is in it.
 * `/var/lib/apt/lists/*` and `/var/lib/apt/lists/*_*` empty `/var/lib/apt/lists`; so does `/var/lib/*`.
 */
export function emptier(pattern: string): (target: string) => boolean {
  const clean = place(pattern);
  if (!/[*?[]/.test(clean)) return (target) => isWithin(target, clean);
  const removed = clean.split('/');
  const fixed = clean.slice(0, clean.search(/[*?[]/));
  return (target) => {
    // Most places have nothing to do with most patterns.
    if (!target.startsWith(fixed) && !fixed.startsWith(`${target}/`)) return false;
    const wanted = target.split('/');
    // What is directly in the place counts as all of it.
    if (removed.length > wanted.length + 1) return false;
    if (removed.length === wanted.length + 1 && !/[*?[]/.test(removed.at(-1)!)) return false;
    return removed.every((segment, at) => at >= wanted.length || matches(segment, wanted[at]!));
  };
}

function matches(pattern: string, name: string): boolean {
  if (pattern === name || pattern === '*') return true;
  if (!/[*?]/.test(pattern) || name.startsWith('.') !== pattern.startsWith('.')) return false;
  const expression = pattern
    .replace(/[.+^${}()|\\[\]]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${expression}$`).test(name);
}
