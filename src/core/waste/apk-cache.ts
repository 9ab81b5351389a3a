import { cacheDetector } from './places.ts';

/** The database of installed packages, `/lib/apk/db`, is no cache and stays. */
export const apkCache = cacheDetector({
  id: 'apk-cache',
  title: 'Cache of apk',
  why: 'Package indexes and downloads; apk fetches them again when it is asked to install.',
  places: { at: ['/var/cache/apk', '/etc/apk/cache'] },
  advice: 'Use `apk add --no-cache`, or `RUN --mount=type=cache,target=/var/cache/apk`.',
});
