import { cacheDetector } from './places.ts';

export const npmCache = cacheDetector({
  id: 'npm-cache',
  title: 'Caches of npm and node-gyp',
  why: 'Downloaded packages, logs and headers for building addons. Installed packages do not need them.',
  places: {
    anywhere: [
      '.npm/_cacache',
      '.npm/_logs',
      '.npm/_npx',
      '.npm/_prebuilds',
      '_cacache',
      '.node-gyp',
      '.cache/node-gyp',
    ],
    variables: [
      ['npm_config_cache', ''],
      ['NPM_CONFIG_CACHE', ''],
    ],
  },
  advice: 'End the RUN with `npm cache clean --force`, or `RUN --mount=type=cache,target=/root/.npm`.',
  readBy: ['npx'],
});
