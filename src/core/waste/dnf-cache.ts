import { cacheDetector } from './places.ts';

export const dnfCache = cacheDetector({
  id: 'dnf-cache',
  title: 'Cache of dnf and yum',
  why: 'Repository metadata and downloaded packages; dnf fetches them again when it is asked to install.',
  places: { at: ['/var/cache/dnf', '/var/cache/yum', '/var/cache/libdnf5', '/var/cache/PackageKit'] },
  advice: 'End the same RUN with `dnf clean all` (or `yum clean all`), or mount a cache on /var/cache/dnf.',
});
