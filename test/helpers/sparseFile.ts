import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

/** Makes a file of so many bytes that takes no room on disk: for pictures and tests of large contexts. */
export async function writeSparseFile(file: string, bytes: number): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await using handle = await open(file, 'w');
  await handle.truncate(bytes);
}
