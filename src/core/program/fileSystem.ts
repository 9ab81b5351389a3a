import type { RandomAccess } from './elf.ts';

/** What is at a path. */
export interface FileEntry {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Permission bits. */
  readonly mode: number;
  /** Of a link: what it says. */
  readonly target?: string;
}

/** A file system that somebody else runs, looked at from its root. All paths begin with a slash. */
export interface FileSystem {
  /** Undefined where nothing is. A link at the end is not followed, and neither are those before it. */
  entry(path: string): FileEntry | undefined;
  /** Names in a directory, in no particular order. */
  names(directory: string): readonly string[];
  /** The content of a regular file. Rejects where it cannot be read. */
  open(path: string, signal: AbortSignal): Promise<RandomAccess>;
}

/** Where a path leads once its links are followed. */
export interface Place {
  readonly path: string;
  readonly entry: FileEntry;
}

/** As many links as Linux follows. */
const hops = 40;

/** Follows links as the kernel does whose root is this file system's; undefined where it leads nowhere, or in a circle. */
export function follow(files: Pick<FileSystem, 'entry'>, path: string): Place | undefined {
  const waiting = path.split('/').reverse();
  let place: Place = { path: '/', entry: { kind: 'directory', mode: 0o755 } };
  let left = hops;
  for (let segment = waiting.pop(); segment !== undefined; segment = waiting.pop()) {
    if (segment === '' || segment === '.') continue;
    if (place.entry.kind !== 'directory') return undefined;
    if (segment === '..') {
      const parent = place.path.slice(0, place.path.lastIndexOf('/')) || '/';
      place = { path: parent, entry: { kind: 'directory', mode: 0o755 } };
      continue;
    }
    const next = `${place.path === '/' ? '' : place.path}/${segment}`;
    const entry = files.entry(next);
    if (entry === undefined) return undefined;
    if (entry.kind !== 'link') {
      place = { path: next, entry };
      continue;
    }
    if (left-- === 0 || entry.target === undefined) return undefined;
    if (entry.target.startsWith('/')) place = { path: '/', entry: { kind: 'directory', mode: 0o755 } };
    waiting.push(...entry.target.split('/').reverse());
  }
  return place;
}

/** The regular file that a path leads to. */
export function followToFile(files: Pick<FileSystem, 'entry'>, path: string): Place | undefined {
  const place = follow(files, path);
  return place?.entry.kind === 'file' ? place : undefined;
}

/** A path as a process in a folder means it. */
export function inFolder(folder: string, path: string): string {
  return path.startsWith('/') ? path : `${folder.replace(/\/+$/, '')}/${path}`;
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A text file's beginning, at most `limit` bytes. */
export async function readText(files: FileSystem, path: string, limit: number, signal: AbortSignal): Promise<string> {
  const file = await files.open(path, signal);
  return new TextDecoder().decode(await file.read(0, Math.min(file.size, limit)));
}
