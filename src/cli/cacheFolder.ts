import { homedir } from 'node:os';
import path from 'node:path';
import type { Terminal } from './terminal.ts';

/** Plimsoll's folder where caches of this user's programs are kept on this platform. */
export function cacheFolder(env: Terminal['env']): string {
  const home = env.HOME ?? homedir();
  const folder =
    process.platform === 'win32'
      ? (env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : (env.XDG_CACHE_HOME ?? path.join(home, '.cache'));
  return path.join(folder, 'plimsoll');
}
