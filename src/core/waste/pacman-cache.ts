import { cacheDetector } from './places.ts';

/** `/var/lib/pacman/local` is the database of installed packages and stays. */
export const pacmanCache = cacheDetector({
  id: 'pacman-cache',
  title: 'Cache of pacman',
  why: 'Downloaded packages and repository databases; pacman fetches them again when it is asked to install.',
  places: { at: ['/var/cache/pacman/pkg', '/var/lib/pacman/sync'] },
  advice: 'End the same RUN with `rm -rf /var/cache/pacman/pkg/* /var/lib/pacman/sync/*`.',
});
