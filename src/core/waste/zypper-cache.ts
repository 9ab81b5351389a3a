import { cacheDetector } from './places.ts';

export const zypperCache = cacheDetector({
  id: 'zypper-cache',
  title: 'Cache of zypper',
  why: 'Repository metadata and downloaded packages; zypper fetches them again when it is asked to install.',
  places: { at: ['/var/cache/zypp'] },
  advice: 'End the same RUN with `zypper clean --all`, or mount a cache on /var/cache/zypp.',
});
