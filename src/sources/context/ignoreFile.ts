import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ignoreFileNames } from '../../core/dockerfile/ignore.ts';

export interface IgnoreFile {
  /** Without its folder. */
  readonly name: string;
  readonly text: string;
}

/**
 * The ignore file that counts for a build: the Dockerfile's own, else the context's. Undefined where there is none that can
 * be read.
 *
 * @param dockerfile absolute
 * @param context absolute
 */
export async function findIgnoreFile(dockerfile: string, context: string): Promise<IgnoreFile | undefined> {
  for (const { name, beside } of ignoreFileNames(path.basename(dockerfile))) {
    const file = path.join(beside === 'dockerfile' ? path.dirname(dockerfile) : context, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return { name, text };
  }
  return undefined;
}
