import type { Problem, Span } from '../text.ts';
import { IgnoreMatcher } from './ignoreMatcher.ts';
import { compilePattern } from './ignorePattern.ts';

/** One line of a `.dockerignore`. */
export interface IgnorePattern {
  /** As written, without the blanks around it. */
  readonly text: string;
  readonly span: Span;
  /** `!`: it takes back what patterns above it ignore. */
  readonly negated: boolean;
}

export interface Dockerignore {
  readonly patterns: readonly IgnorePattern[];
  /** Patterns that builders refuse. They stop a build; here they match nothing. */
  readonly problems: readonly Problem[];
  /**
   * True if a path of the build context is not sent. Folders that are ignored may hold files that are not: see
   * {@link canSkip}. The path is relative to the context, with slashes.
   */
  ignores(path: string, isDirectory: boolean): boolean;
  /** The pattern that decides about a path, the last one that does; undefined where none matches. */
  decidedBy(path: string, isDirectory: boolean): IgnorePattern | undefined;
  /** True if a folder and all that can be in it is ignored, so that nobody need look. */
  canSkip(directory: string): boolean;
}

export interface IgnoreOptions {
  /** The builder runs on Windows: `\` separates folders there, in patterns and paths, and escapes nothing. */
  readonly windows?: boolean;
}

/** The ignore files that a builder looks for, in order, beside a Dockerfile and in the context; the first one that is there counts. */
export function ignoreFileNames(
  dockerfileName: string,
): readonly { readonly name: string; readonly beside: 'dockerfile' | 'context' }[] {
  return [
    { name: `${dockerfileName}.dockerignore`, beside: 'dockerfile' },
    { name: '.dockerignore', beside: 'context' },
  ];
}

/**
 * Reads a `.dockerignore` as BuildKit does (moby/patternmatcher), not as git reads its own: every pattern begins at the
 * context's root, there is no difference between files and folders, upper and lower case differ.
 * https://docs.docker.com/build/concepts/context/#dockerignore-files
 *
 * Plimsoll's own code, because @balena/dockerignore folds case, knows no refused patterns, follows an older rule for parents, needs
 * Node's `path`, and tries every pattern on every path.
 */
export function parseDockerignore(text: string, { windows = false }: IgnoreOptions = {}): Dockerignore {
  const patterns: IgnorePattern[] = [];
  const ranked = [];
  const problems: Problem[] = [];
  for (const line of text.matchAll(/[^\n]+/g)) {
    // A comment has its # at the very beginning; anything else may have blanks before it.
    const written = line.index === 0 ? line[0].replace(/^\uFEFF/, '') : line[0];
    if (written.startsWith('#')) continue;
    const trimmed = written.trim();
    if (trimmed === '') continue;
    const start = line.index + line[0].indexOf(trimmed);
    const span = { start, end: start + trimmed.length };
    const negated = trimmed.startsWith('!');
    const cleaned = cleanPattern(negated ? trimmed.slice(1).trim() : trimmed, windows);
    const compiled = cleaned === '' ? undefined : compilePattern(cleaned, !windows);
    if (!compiled) {
      const message = `Builders refuse the pattern ${trimmed}: ${cleaned === '' ? 'nothing follows the !' : 'its brackets or escapes are not right'}.`;
      problems.push({ code: 'invalid-pattern', message, span });
      continue;
    }
    patterns.push({ text: trimmed, span, negated });
    ranked.push({ compiled, negated });
  }
  const matcher = new IgnoreMatcher(ranked);
  const decidedBy = (path: string, isDirectory: boolean) => {
    const clean = cleanPath(path, windows);
    const rank = clean === '' ? undefined : matcher.decide(clean, isDirectory);
    return rank === undefined ? undefined : patterns[rank];
  };
  const ignores = (path: string, isDirectory: boolean) => decidedBy(path, isDirectory)?.negated === false;
  return {
    patterns,
    problems,
    decidedBy,
    ignores,
    canSkip: (directory) => ignores(directory, true) && !matcher.mayReinclude(cleanPath(directory, windows)),
  };
}

/** What Go's `filepath.Clean` makes of it, and without the slash that begins it. */
function cleanPattern(pattern: string, windows: boolean): string {
  if (pattern === '') return '';
  const slashed = windows ? pattern.replaceAll('\\', '/') : pattern;
  const kept: string[] = [];
  for (const part of slashed.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (part !== '..' || !slashed.startsWith('/')) kept.push(part);
  }
  return kept.length > 0 ? kept.join('/') : '.';
}

/** A path without `./` before it and slashes around it; empty for the context itself. */
function cleanPath(path: string, windows: boolean): string {
  const slashed = windows ? path.replaceAll('\\', '/') : path;
  return slashed === '.' ? '' : slashed.replace(/^(?:\.?\/)+|\/+$/g, '');
}
