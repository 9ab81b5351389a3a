import { homedir } from 'node:os';
import path from 'node:path';
import type { ByteCache } from '../sources/cache/byteCache.ts';
import { DiskCache } from '../sources/cache/diskCache.ts';
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

/** Where caches of this user's programs are kept on this platform. */
function cacheFolder(env: Terminal['env']): string {
  const home = env.HOME ?? homedir();
  const folder =
    process.platform === 'win32'
      ? (env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : (env.XDG_CACHE_HOME ?? path.join(home, '.cache'));
  return path.join(folder, 'plimsoll');
}
