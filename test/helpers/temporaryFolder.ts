import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of a test's own, gone when it is disposed. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-'));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * A temporary folder in memory, of at most so many bytes, where three gigabytes more are free and this is root; else one
 * on the disk. Installing packages waits for the disk most of its time, as `dpkg` and engines sync after every step.
 */
export async function memoryFolder(bytes: number): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const options = ['-t', 'tmpfs', '-o', `size=${bytes}`, 'plimsoll', folder.path];
  const mounted = process.availableMemory() > bytes + 3e9 && spawnSync('mount', options).status === 0;
  if (!mounted) return folder;
  return {
    path: folder.path,
    [Symbol.asyncDispose]() {
      // Lazily: the memory is given back once the last process that still looks at it has ended.
      spawnSync('umount', ['--lazy', folder.path]);
      return folder[Symbol.asyncDispose]();
    },
  };
}
