import type { ByteCache } from '../sources/cache/byteCache.ts';
import { DiskCache } from '../sources/cache/diskCache.ts';
import { cacheFolder } from './cacheFolder.ts';
import type { CommonOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** What was read before: this user's cache, or with `--no-cache` nothing. */
export function openCache({ cache }: Pick<CommonOptions, 'cache'>, { env }: Terminal): ByteCache {
  return cache ? new DiskCache({ folder: cacheFolder(env) }) : forgetful;
}

/** `--no-cache`: nothing is read that was there before, and nothing is left behind. */
const forgetful: ByteCache = {
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(false),
  delete: () => Promise.resolve(),
};
