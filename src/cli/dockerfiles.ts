import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDockerfileName } from '../core/dockerfile/fileName.ts';
import { formatBytes } from '../core/size.ts';
import { gather } from '../sources/image/chunks.ts';
import { UsageError } from './status.ts';

/** Bytes. Machines that write Dockerfiles stay far below; of a wrong file no more than this is read. */
const longest = 2_000_000;

/** Folders that hold other people's files. */
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', 'vendor', '.venv', '.terraform']);

/**
 * The Dockerfiles that a path stands for: the file itself, or all below a folder, in the order of their paths. Links to
 * folders are not followed, and those that lead nowhere are left out. Throws the file system's error where the path itself
 * cannot be read; folders below it that cannot be read are left out.
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
      else if (
        isDockerfileName(entry.name) &&
        (entry.isFile() || (entry.isSymbolicLink() && (await leadsToFile(full))))
      ) {
        found.push(full);
      }
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

/**
 * Reads the Dockerfiles that paths stand for, each once. Throws a `UsageError` where one cannot be read or holds none, or
 * the signal's reason.
 */
export async function readDockerfiles(
  paths: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<DockerfileText[]> {
  const found: DockerfileText[] = [];
  for (const given of paths) {
    const start = path.resolve(cwd, given);
    const files = await findDockerfiles(start).catch((error: unknown) => {
      throw cannotRead(given, error);
    });
    if (files.length === 0) throw new UsageError(`There is no Dockerfile in ${given}.`);
    for (const file of files) {
      const name = file === start ? given : path.join(given, path.relative(start, file));
      if (found.some((other) => other.name === name)) continue;
      found.push({ name, file, text: await readDockerfile(name, file, signal) });
    }
  }
  return found;
}

/** The text of one Dockerfile, `name` being what the user calls it. Throws a `UsageError`, or the signal's reason. */
export async function readDockerfile(name: string, file: string, signal: AbortSignal): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await head(file, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw cannotRead(name, error);
  }
  if (bytes.length > longest) {
    throw new UsageError(`${name} is longer than ${formatBytes(longest)}: it is taken for no Dockerfile.`);
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new UsageError(`${name} is UTF-16, which no builder reads: save it as UTF-8.`);
  }
  return Buffer.from(bytes).toString();
}

/** The bytes of a file, at most one more than the longest may have. */
async function head(file: string, signal: AbortSignal): Promise<Uint8Array> {
  const found = await stat(file);
  // A pipe that nobody writes into would hold the process until it is killed: no signal reaches who waits for that.
  if (!found.isFile()) throw new Error(found.isDirectory() ? 'it is a folder' : 'it is neither a file nor a folder');
  return gather(createReadStream(file, { end: longest, signal }));
}

async function leadsToFile(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isFile();
  } catch {
    return false; // It leads nowhere, or to where this user may not look.
  }
}

function cannotRead(name: string, error: unknown): UsageError {
  return new UsageError(`${name} cannot be read: ${reasonOf(error)}.`, { cause: error });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'permission is denied';
  return code ?? message;
}
