import { open, realpath } from 'node:fs/promises';
import path from 'node:path';

/** Bytes. No source file, manifest or script that somebody wrote is longer. */
export const longestText = 1_000_000;

/**
 * The text of a file; undefined where it is no UTF-8 text, longer than {@link longestText}, no regular file, outside of the
 * folder (a link may lead anywhere), or not to be read.
 *
 * @param file absolute
 * @param within absolute
 */
export async function readText(file: string, within: string): Promise<string | undefined> {
  try {
    const [real, root] = await Promise.all([realpath(file), realpath(within)]);
    if (!real.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) return undefined;
    await using handle = await open(real, 'r');
    const stats = await handle.stat();
    if (!stats.isFile() || stats.size > longestText) return undefined;
    const bytes = Buffer.alloc(stats.size);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    const content = bytes.subarray(0, bytesRead);
    return content.includes(0) ? undefined : utf8.decode(content);
  } catch {
    return undefined; // Gone, not to be read, or of another encoding: to whoever asks it is no text.
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
