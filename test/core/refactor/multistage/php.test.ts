import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';

interface Project {
  readonly base?: string;
  readonly lines: readonly string[];
  readonly start?: string;
}

const tools = 'RUN apt-get update && apt-get install -y git unzip';
const extension = 'RUN apt-get update && apt-get install -y libicu-dev && docker-php-ext-install intl';

function project({ base, lines, start }: Project) {
  return {
    lines: [
      `FROM ${base ?? 'php:8.4-cli-bookworm'}`,
      'WORKDIR /app',
      'COPY . .',
      ...lines,
      ...(start === '' ? [] : [start ?? 'CMD ["php", "index.php"]']),
    ],
    files: { 'index.php': '<?php\n', 'composer.json': '{}', 'app.ini': '', 'site.conf': '' },
  };
}

/** The copies of the last stage. */
function copies(given: Project): readonly string[] {
  const { text } = proposed(project(given));
  return text.match(/^COPY --from=build .*$/gm)!.map((line) => line.split(' ').at(-1)!);
}

const modules = '/usr/local/lib/php/extensions/';
const settings = '/usr/local/etc/php/';
const server = '/etc/apache2/';

describe('of the image of PHP goes along', () => {
  it.each<[string, readonly string[], Project]>([
    ['nothing for the tools of Composer', ['/app'], { lines: [tools, 'RUN composer install --no-dev'] }],
    [
      'nothing for Composer by its archive',
      ['/app'],
      {
        lines: [
          tools,
          "RUN php -r \"copy('https://example.com/i', 'composer-setup.php');\" && php composer-setup.php",
          'RUN php composer.phar install',
        ],
      },
    ],
    [
      'nothing for Composer from its image',
      ['/app'],
      { lines: ['COPY --from=composer:2 /usr/bin/composer /usr/bin/composer', tools, 'RUN composer install'] },
    ],
    ['an extension', [modules, settings, '/app'], { lines: [extension] }],
    [
      'one from PECL',
      [modules, settings, '/app'],
      { lines: [tools, 'RUN pecl install redis && docker-php-ext-enable redis'] },
    ],
    [
      'one with its compiler',
      [modules, settings, '/app'],
      { lines: [`RUN apt-get install -y $PHPIZE_DEPS libmagickwand-dev && docker-php-ext-install -j$(nproc) zip`] },
    ],
    [
      'settings that are moved',
      [settings, '/app'],
      { lines: [tools, 'RUN composer install', 'RUN mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini"'] },
    ],
    [
      'settings that are written',
      [settings, '/app'],
      { lines: [tools, 'RUN composer install', 'RUN echo "a=1" > ${PHP_INI_DIR}/conf.d/a.ini'] },
    ],
    [
      'settings that are edited',
      [settings, '/app'],
      { lines: [tools, 'RUN composer install', 'RUN sed -i s/a/b/ $PHP_INI_DIR/php.ini'] },
    ],
    [
      'settings that are copied',
      [settings, '/app'],
      { lines: [tools, 'RUN composer install', 'COPY app.ini $PHP_INI_DIR/conf.d/'] },
    ],
    [
      'a module of Apache',
      [modules, settings, server, '/app'],
      { base: 'php:8.4-apache-bookworm', lines: [extension, 'RUN a2enmod rewrite'], start: '' },
    ],
    [
      'a site of Apache',
      [modules, settings, server, '/app'],
      {
        base: 'php:8.4-apache-bookworm',
        lines: [extension, 'COPY site.conf $APACHE_CONFDIR/sites-available/'],
        start: '',
      },
    ],
    [
      'sites that are edited',
      [modules, settings, server, '/app'],
      {
        base: 'php:8.4-apache-bookworm',
        lines: [extension, "RUN sed -ri 's!a!b!' /etc/apache2/sites-available/*.conf"],
        start: '',
      },
    ],
  ])('%s', (_, expected, given) => {
    expect(copies(given)).toEqual(expected);
  });
});

describe('the run stage', () => {
  it.each([
    ['php:8.4-cli-bookworm', 'php:8.4-cli-bookworm'],
    ['php:8.4-fpm-alpine3.22', 'php:8.4-fpm-alpine3.22'],
    ['php:8.4-apache-bookworm', 'php:8.4-apache-bookworm'],
  ])('of %s is built on the same image', (base, expected) => {
    expect(proposed(project({ base, lines: [extension] })).proposal.runBase).toBe(expected);
  });

  it.each(['git', 'unzip', 'composer', 'libpq-dev', 'autoconf'])('has no %s', (name) => {
    const { text } = proposed(
      project({ lines: [`RUN apt-get update && apt-get install -y ${name} git`, 'RUN composer install'] }),
    );
    expect(text.slice(text.lastIndexOf('FROM '))).not.toContain('apt-get');
  });

  it('keeps a package that nobody knows for a tool', () => {
    const { text } = proposed(
      project({ lines: ['RUN apt-get update && apt-get install -y git default-mysql-client', 'RUN composer install'] }),
    );
    expect(text.slice(text.lastIndexOf('FROM '))).toContain('--no-install-recommends default-mysql-client');
  });

  it.each(['CMD ["php-fpm"]', ''])('starts what the image starts with %j', (start) => {
    const { text } = proposed(project({ base: 'php:8.4-fpm-bookworm', lines: [extension], start }));
    expect(text.match(/^(?:CMD|ENTRYPOINT).*$/gm) ?? []).toEqual(start === '' ? [] : [start]);
  });
});

describe('refuses', () => {
  it.each<[string, string, Project]>([
    [
      'headers that weigh little',
      'no-benefit',
      { lines: ['RUN apt-get install -y libpq-dev $PHPIZE_DEPS && docker-php-ext-install pdo_pgsql'] },
    ],
    [
      'nothing that builds',
      'no-benefit',
      { lines: ['COPY --from=composer:2 /usr/bin/composer /usr/bin/composer', 'RUN composer install'] },
    ],
    ['a prompt', 'interactive', { lines: [extension], start: 'CMD ["php", "-a"]' }],
    ['no start command of a prompt', 'no-start-command', { lines: [extension], start: '' }],
    [
      'Composer at the start',
      'needs-toolchain',
      { lines: [extension], start: 'CMD composer install && php index.php' },
    ],
    ['a task of Composer at the start', 'needs-toolchain', { lines: [extension], start: 'CMD ["composer", "serve"]' }],
    ['a debugger', 'development-image', { lines: ['RUN pecl install xdebug-3.4.0'] }],
    ['libraries from elsewhere', 'foreign-extension', { lines: ['RUN install-php-extensions oci8'] }],
    ['a library of PEAR', 'unknown-command', { lines: [extension, 'RUN pear install Mail'] }],
    ['migrations', 'unknown-command', { lines: [extension, 'RUN php artisan migrate --force'] }],
    ['any program', 'unknown-command', { lines: [extension, 'RUN php build.php'] }],
  ])('%s', (_, code, given) => {
    expect(outcomeOf(project(given))).toBe(`refused ${code}`);
  });
});
