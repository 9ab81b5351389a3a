import { composerCacheLeft } from '../../../src/core/rules/composer-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(composerCacheLeft, {
  base: 'FROM php:8.4',
  finds: [
    ['RUN composer install', 'composer install'],
    ['RUN php composer.phar update', 'php composer.phar update'],
    ['RUN composer -d app install', 'composer -d app install'],
  ],
  leaves: [
    'RUN composer install && composer clear-cache',
    'RUN composer install --no-cache',
    'ENV COMPOSER_CACHE_DIR=/dev/null\nRUN composer install',
    'RUN --mount=type=cache,target=/root/.composer/cache composer install',
    'ENV COMPOSER_HOME=/c\nRUN --mount=type=cache,target=/c/cache composer install',
    'RUN composer install && rm -rf ~/.composer',
    'RUN composer dump-autoload',
  ],
});
