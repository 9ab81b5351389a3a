import { compilePattern, matchesGlob, matchesPath } from '../../dockerfile/ignorePattern.ts';
import { type ContextFolder, joinPath, type ListedFile } from './contextTree.ts';

/** Something that a source of `COPY` or `ADD` names: a file, or a folder whose content is copied. */
export type CopiedRoot =
  | { readonly kind: 'file'; readonly path: string; readonly file: ListedFile }
  | { readonly kind: 'folder'; readonly path: string; readonly folder: ContextFolder };

/**
 * What a source names in a context, by Go's `filepath.Match` for each part of the path; none where nothing is there. A
 * source cannot leave the context: `..` at its root stays there, as builders have it.
 * https://docs.docker.com/reference/dockerfile/#copy
 */
export function findSources(root: ContextFolder, source: string): readonly CopiedRoot[] {
  const parts = cleanParts(source);
  let folders: ContextFolder[] = [root];
  for (const [index, part] of parts.entries()) {
    const matches = matcherOf(part);
    if (matches === undefined) return [];
    if (index === parts.length - 1) return folders.flatMap((folder) => lastMatches(folder, matches));
    folders = folders.flatMap((folder) => select(folder.folders, matches));
  }
  return folders.map((folder) => ({ kind: 'folder', path: folder.path, folder }));
}

/** A name, or a test of names. */
export type NameMatcher = string | ((name: string) => boolean);

function lastMatches(folder: ContextFolder, matches: NameMatcher): CopiedRoot[] {
  return [
    ...select(folder.files, matches).map((file): CopiedRoot => {
      return { kind: 'file', path: joinPath(folder.path, file.name), file };
    }),
    ...select(folder.folders, matches).map((found): CopiedRoot => {
      return { kind: 'folder', path: found.path, folder: found };
    }),
  ];
}

function select<T>(entries: ReadonlyMap<string, T>, matches: NameMatcher): T[] {
  if (typeof matches === 'string') {
    const found = entries.get(matches);
    return found === undefined ? [] : [found];
  }
  return [...entries].filter(([name]) => matches(name)).map(([, entry]) => entry);
}

/** Tests names by one part, between slashes, of a source of `COPY`. Undefined for a pattern that builders refuse. */
export function matcherOf(part: string): NameMatcher | undefined {
  // Between slashes `**` is no more than `*` here, unlike in an ignore file.
  const pattern = compilePattern(part.replace(/\*\*+/g, '*'), true);
  if (pattern === undefined) return undefined;
  if (pattern.kind === 'path') return (name) => matchesPath(name, pattern.tokens);
  const [segment] = pattern.segments;
  if (segment?.kind === 'literal') return segment.text;
  if (segment?.kind === 'glob') return (name) => matchesGlob(name, segment.tokens);
  return undefined;
}

function cleanParts(source: string): string[] {
  const kept: string[] = [];
  for (const part of source.split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept;
}
