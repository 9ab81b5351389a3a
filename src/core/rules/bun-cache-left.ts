import { cacheLeft, verbOf } from './cacheLeft.ts';
import { hasArgument } from './scene/program.ts';

const verbs = new Set(['install', 'i', 'add', 'a', 'ci', 'update']);

export const bunCacheLeft = cacheLeft({
  id: 'bun-cache-left',
  title: 'Cache of Bun',
  why: 'Bun keeps every package that it installs in `~/.bun/install/cache` and links `node_modules` to it: what nothing links to, and all of it where a later layer installs again, ships for nothing. Remove it in the same `RUN`, or mount a cache on it, which makes the next build faster as well.',
  message: 'Bun keeps all that it installs a second time in this layer. Remove its cache in the same RUN.',
  writes: (program) =>
    program.name === 'bun' && !hasArgument(program, /^--no-cache$/) ? verbOf(program, verbs) : undefined,
  isLinkedTo: true,
  places: ['~/.bun/install/cache'],
  variables: [['BUN_INSTALL_CACHE_DIR', '']],
  cleans: ({ name, args }) => name === 'bun' && args[0]?.value === 'pm' && args[1]?.value === 'cache',
  mend: {
    command: (program, run) =>
      run.variable(program, 'BUN_INSTALL_CACHE_DIR') === undefined ? 'rm -rf ~/.bun/install/cache' : undefined,
    title: 'Remove the cache of Bun in this RUN',
  },
});
