import { parseDockerignore } from '../../dockerfile/ignore.ts';
import { consumerFileKind } from '../../refactor/consumers/consumerFile.ts';
import type { KnownFile } from '../../refactor/project.ts';
import { type ContextFolder, type ContextTree, joinPath } from './contextTree.ts';

/** The files of a build context by name. */
export interface ContextFiles {
  /** Those that are sent, nearest first, at most so many as were asked for. */
  readonly files: readonly KnownFile[];
  /** False: more files are sent, or may be. */
  readonly complete: boolean;
  /** Files that may start the image or name one of its stages, ignored or not; nearest first. */
  readonly consumers: readonly string[];
}

/** Folders of other people's files, in which nobody uses this image. */
const foreign = new Set(['node_modules', '.git', 'vendor', '.venv', 'venv', 'target', 'dist']);

/** @param most how many files are named. */
export function contextFiles(tree: ContextTree, ignoreText: string, most: number): ContextFiles {
  const ignore = parseDockerignore(ignoreText);
  const files: KnownFile[] = [];
  const consumers: string[] = [];
  let isCut = false;
  const queue: { readonly folder: ContextFolder; readonly skipped: boolean; readonly isForeign: boolean }[] = [
    { folder: tree.root, skipped: false, isForeign: false },
  ];
  // It grows while it is gone through.
  for (const { folder, skipped, isForeign } of queue) {
    for (const { name, bytes } of folder.files.values()) {
      const path = joinPath(folder.path, name);
      if (!isForeign && consumerFileKind(path) !== undefined) consumers.push(path);
      if (skipped || ignore.ignores(path, false)) continue;
      if (files.length < most) files.push({ path, bytes });
      else isCut = true;
    }
    for (const [name, child] of folder.folders) {
      const next = {
        folder: child,
        skipped: skipped || ignore.canSkip(child.path),
        isForeign: isForeign || foreign.has(name),
      };
      if (!next.skipped || !next.isForeign) queue.push(next);
    }
  }
  const { complete, truncated, unreadable } = tree.state;
  const isWhole = complete && !truncated && unreadable.every((path) => ignore.canSkip(path));
  return { files, complete: isWhole && !isCut, consumers };
}
