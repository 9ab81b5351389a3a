/**
 * What moby/patternmatcher does with patterns, done the slow and obvious way: each pattern a regular expression, every
 * pattern tried on every path, with its parent's results at hand. An oracle for the quick matcher.
 */
export function mobyIgnores(patterns: readonly string[], path: string): boolean {
  const compiled = patterns.map((pattern) => ({
    negated: pattern.startsWith('!'),
    matches: toPredicate(pattern.replace(/^!/, '')),
  }));
  let parentMatched: boolean[] = [];
  let ignored = false;
  const parts = path.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const here = parts.slice(0, depth).join('/');
    const matched: boolean[] = [];
    ignored = false;
    compiled.forEach(({ negated, matches }, index) => {
      let match = parentMatched[index] ?? false;
      if (!match && negated === ignored) match = matches(here);
      matched[index] = match;
      if (match) ignored = !negated;
    });
    parentMatched = matched;
  }
  return ignored;
}

function toPredicate(pattern: string): (path: string) => boolean {
  const plainBut = (text: string) => !/[*?[\]\\]/.test(text);
  if (pattern.endsWith('**') && plainBut(pattern.slice(0, -2))) {
    const prefix = pattern.slice(0, -2);
    return (path) => path.startsWith(prefix);
  }
  if (pattern.startsWith('**') && plainBut(pattern.slice(2))) {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  }
  let source = '^';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    if (char === '*' && pattern[at + 1] === '*') {
      at++;
      if (pattern[at + 1] === '/') at++;
      source += at + 1 >= pattern.length ? '.*' : '(.*/)?';
    } else if (char === '*') source += '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '\\') source += `\\${pattern[++at] ?? '\\'}`;
    else if (char === '[' || char === ']' || char === '^' || char === '-') source += char;
    else source += char.replace(/[.+()|{}$]/, '\\$&');
  }
  const expression = new RegExp(`${source}$`);
  return (path) => expression.test(path);
}
