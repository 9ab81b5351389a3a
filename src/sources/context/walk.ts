import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { FolderListing, ListedFile } from '../../core/estimate/context/contextTree.ts';

/** What the walk meets. */
export type WalkStep =
  | { readonly kind: 'folder'; readonly listing: FolderListing }
  /** Relative to the context. */
  | { readonly kind: 'unreadable'; readonly path: string }
  /** The limit was reached; nothing comes after it. */
  | { readonly kind: 'truncated' };

export interface WalkLimits {
  /** Files and folders together. */
  readonly entries: number;
  /** Folders below one another. */
  readonly depth: number;
}

/** A context of more entries is no context that anybody builds; 200,000 are walked in one to two seconds. */
export const defaultLimits: WalkLimits = { entries: 1_000_000, depth: 200 };

/**
 * Walks a folder of a build context, one step for each folder, nearest first. Links are not followed, so circles are not
 * entered. Synchronous, for a worker thread: asking the thread pool for each file costs five times as much.
 *
 * @param context absolute
 * @param start relative to the context, with slashes; empty for the whole
 */
export function* walkContext(context: string, start = '', limits: WalkLimits = defaultLimits): Generator<WalkStep> {
  const queue: { readonly at: string; readonly depth: number }[] = [{ at: start, depth: 0 }];
  let entries = 0;
  // It grows while it is gone through: shifting a long array would cost its length.
  for (const { at, depth } of queue) {
    const listing = listFolder(context, at);
    if (listing === undefined) {
      yield { kind: 'unreadable', path: at };
      continue;
    }
    entries += listing.files.length + listing.folders.length;
    if (entries > limits.entries || depth > limits.depth) {
      yield { kind: 'truncated' };
      return;
    }
    yield { kind: 'folder', listing };
    for (const name of listing.folders) queue.push({ at: at === '' ? name : `${at}/${name}`, depth: depth + 1 });
  }
}

/** What stands directly in a folder; undefined where it cannot be read, or listed and not entered. */
export function listFolder(context: string, at: string): FolderListing | undefined {
  try {
    return list(path.join(context, at), at);
  } catch {
    return undefined; // Not there any more, or not to be read: the caller says so.
  }
}

function list(folder: string, at: string): FolderListing {
  const found = readdirSync(folder, { withFileTypes: true });
  const files: ListedFile[] = [];
  const folders: string[] = [];
  let odd = false;
  for (const entry of found) {
    const { name } = entry;
    if (entry.isDirectory()) folders.push(name);
    else if (entry.isSymbolicLink()) files.push({ name, bytes: 0, link: true });
    else if (entry.isFile()) {
      // A name that is not UTF-8 cannot be asked for by its text.
      if (name.includes('\uFFFD')) odd = true;
      else pushFile(files, name, `${folder}/${name}`);
    }
    // Sockets, pipes and devices are not sent.
  }
  if (odd) {
    for (const entry of readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })) {
      const name = entry.name.toString();
      if (!entry.isFile() || !name.includes('\uFFFD')) continue;
      pushFile(files, name, Buffer.concat([Buffer.from(`${folder}/`), entry.name]));
    }
  }
  return { path: at, files, folders };
}

/** Nothing for a file that is gone meanwhile. */
function pushFile(files: ListedFile[], name: string, file: string | Buffer): void {
  const bytes = lstatSync(file, { throwIfNoEntry: false })?.size;
  if (bytes !== undefined) files.push({ name, bytes });
}
