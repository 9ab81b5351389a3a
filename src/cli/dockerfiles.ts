import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDockerfileName } from '../core/dockerfile/fileName.ts';
import { UsageError } from './status.ts';

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

export interface DockerfileText {
  /** As it is printed: relative to the working folder as the user gave it. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly text: string;
}

/** Reads the Dockerfiles that paths stand for, each once. Throws a `UsageError` where one cannot be read or holds none. */
export async function readDockerfiles(paths: readonly string[], cwd: string): Promise<DockerfileText[]> {
  const found: DockerfileText[] = [];
  for (const given of paths) {
    try {
      const start = path.resolve(cwd, given);
      const files = await findDockerfiles(start);
      if (files.length === 0) throw new UsageError(`There is no Dockerfile in ${given}.`);
      for (const file of files) {
        const name = file === start ? given : path.join(given, path.relative(start, file));
        if (!found.some((other) => other.name === name)) found.push({ name, file, text: await readFile(file, 'utf8') });
      }
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${given} cannot be read: ${reasonOf(error)}.`, { cause: error });
    }
  }
  return found;
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission is denied';
  return code ?? String(error);
}
