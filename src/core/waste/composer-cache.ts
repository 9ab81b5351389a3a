import { cacheDetector } from './places.ts';

export const composerCache = cacheDetector({
  id: 'composer-cache',
  title: 'Cache of Composer',
  why: 'Downloaded packages. What is installed in vendor does not need them.',
  places: {
    anywhere: ['.composer/cache', '.cache/composer'],
    variables: [
      ['COMPOSER_HOME', 'cache'],
      ['COMPOSER_CACHE_DIR', ''],
    ],
  },
  advice: 'Use `composer install --no-cache`, or `RUN --mount=type=cache,target=/root/.composer/cache`.',
});
