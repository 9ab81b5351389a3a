import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDockerfileName } from '../core/dockerfile/fileName.ts';

/** Folders that hold other people's files. */
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', 'vendor', '.venv', '.terraform']);

/**
 * The Dockerfiles that a path stands for: the file itself, or all below a folder, in the order of their paths. Links to
 * folders are not followed. Throws the file system's error where the path itself cannot be read; folders below it that
 * cannot be read are left out.
 */
export async function findDockerfiles(start: string): Promise<string[]> {
  const found: string[] = [];
  if (!(await stat(start)).isDirectory()) return [start];
  const walk = async (folder: string, isStart: boolean): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (isStart) throw error;
      return []; // One closed folder does not end the search in the others.
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name)) await walk(full, false);
      else if ((entry.isFile() || entry.isSymbolicLink()) && isDockerfileName(entry.name)) found.push(full);
    }
  };
  await walk(start, true);
  return found;
}
