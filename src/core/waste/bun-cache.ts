import { cacheDetector } from './places.ts';

export const bunCache = cacheDetector({
  id: 'bun-cache',
  title: 'Install cache of Bun',
  why: 'Downloaded packages. What is installed in node_modules does not need them.',
  places: {
    anywhere: ['.bun/install/cache'],
    variables: [
      ['BUN_INSTALL', 'install/cache'],
      ['BUN_INSTALL_CACHE_DIR', ''],
    ],
  },
  advice:
    'Use `RUN --mount=type=cache,target=/root/.bun/install/cache`, or end the RUN with `rm -rf ~/.bun/install/cache`.',
  readBy: ['bunx'],
});
