import { cacheDetector } from './places.ts';

export const aptLists = cacheDetector({
  id: 'apt-lists',
  title: 'Package lists of apt',
  why: 'What `apt-get update` fetched. It is out of date within days and fetched again before the next install.',
  places: { at: ['/var/lib/apt/lists'] },
  advice: 'End the RUN that has `apt-get update` with `rm -rf /var/lib/apt/lists/*`, or mount a cache on /var/lib/apt.',
});
