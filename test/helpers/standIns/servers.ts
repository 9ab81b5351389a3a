import { apt, lines, type Recipe, script, trustSystem, versions } from './recipe.ts';

const listen = (port: number) =>
  `RUN printf 'server {\\n  listen ${port};\\n  server_name localhost;\\n  location / {\\n    root /usr/share/nginx/html;\\n    index index.html index.htm;\\n  }\\n}\\n' > /etc/nginx/conf.d/default.conf`;

/** Debian's nginx with the folders and the configuration of the official image, Alpine's variants too: there is no `apk`. */
const nginx =
  (port: number, user: string): Recipe =>
  ({ release }) =>
    lines(
      `FROM debian:${release}-slim`,
      apt('nginx', 'ca-certificates', 'curl'),
      'RUN rm -f /etc/nginx/sites-enabled/default && mkdir -p /usr/share/nginx/html /etc/nginx/conf.d && echo "<h1>Welcome to nginx!</h1>" > /usr/share/nginx/html/index.html && ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log',
      listen(port),
      user === ''
        ? 'RUN groupadd --system --gid 101 nginx || true; useradd --system --no-create-home nginx || true'
        : "RUN sed -i -e '/^user /d' -e 's,^pid .*,pid /tmp/nginx.pid;,' /etc/nginx/nginx.conf && chown -R 101:101 /var/lib/nginx /var/log/nginx /etc/nginx/conf.d",
      script('/docker-entrypoint.sh', '#!/bin/sh', 'exec "$@"'),
      'ENTRYPOINT ["/docker-entrypoint.sh"]',
      `EXPOSE ${port}`,
      'STOPSIGNAL SIGQUIT',
      'CMD ["nginx", "-g", "daemon off;"]',
      user,
    );

/**
 * Installs Debian's package of an extension, compiled as it is, where the real script leaves what it has compiled. The
 * libraries that it links come with the package, so an image that takes the two folders only lacks them, as it should.
 */
const installExtension = (version: string): string =>
  script(
    '/usr/local/bin/docker-php-ext-install',
    '#!/bin/sh',
    'set -e',
    'apt-get update -qq',
    'for name in "$@"; do',
    '  case "$name" in -*|[0-9]*) continue ;; pdo_mysql|mysqli) package=mysql ;; pdo_pgsql|pgsql) package=pgsql ;; pdo_sqlite) package=sqlite3 ;; pcntl|opcache|sockets|exif|calendar|gettext) package=common ;; *) package=$name ;; esac',
    `  apt-get install -y -qq --no-install-recommends php${version}-$package`,
    `  cp "$(php-config --extension-dir)/$name.so" "$(php -r 'echo ini_get("extension_dir");')/"`,
    '  kind=extension; [ "$name" != opcache ] || kind=zend_extension',
    '  echo "$kind=$name" > "$PHP_INI_DIR/conf.d/docker-php-ext-$name.ini"',
    'done',
    'rm -rf /var/lib/apt/lists/*',
  );

const php: Recipe = ({ release, tag }) => {
  if (tag.includes('alpine')) return undefined;
  const version = versions[release].php;
  const kind = tag.includes('apache') ? 'apache' : tag.includes('fpm') ? 'fpm' : 'cli';
  const packages = { apache: ['apache2', `libapache2-mod-php${version}`], fpm: [`php${version}-fpm`], cli: [] }[kind];
  const ini = '/usr/local/etc/php';
  const folder = '/usr/local/lib/php/extensions/stand-in';
  return lines(
    `FROM debian:${release}-slim`,
    apt(
      'ca-certificates',
      'curl',
      'xz-utils',
      'autoconf',
      'dpkg-dev',
      'file',
      'g++',
      'gcc',
      'libc6-dev',
      'make',
      'pkg-config',
      're2c',
    ),
    apt(`php${version}-cli`, `php${version}-dev`, ...packages),
    // Debian's own modules and their settings stay off: only what was installed by the script is loaded.
    `RUN mkdir -p ${ini}/conf.d ${folder} && echo 'extension_dir=${folder}' > ${ini}/conf.d/00-folder.ini && cp -a $(php-config --extension-dir)/*.so ${folder}/ && for name in ctype tokenizer fileinfo iconv posix phar ftp pdo; do [ ! -e ${folder}/$name.so ] || echo extension=$name > ${ini}/conf.d/10-$name.ini; done && find ${folder} -name '*.so' | while read so; do name=$(basename $so .so); [ -e ${ini}/conf.d/10-$name.ini ] || rm $so; done`,
    `RUN rm -rf /etc/php/${version}/*/conf.d && for sapi in cli apache2 fpm; do [ ! -d /etc/php/${version}/$sapi ] || ln -s ${ini}/conf.d /etc/php/${version}/$sapi/conf.d; done && ln -s /usr/bin/php /usr/local/bin/php`,
    `ENV PHP_INI_DIR=${ini} PHP_VERSION=${version} PHPIZE_DEPS="autoconf dpkg-dev file g++ gcc libc-dev make pkg-config re2c"`,
    trustSystem(),
    installExtension(version),
    script(
      '/usr/local/bin/docker-php-ext-enable',
      '#!/bin/sh',
      'for name in "$@"; do echo "extension=$name" > "$PHP_INI_DIR/conf.d/docker-php-ext-$name.ini"; done',
    ),
    script('/usr/local/bin/docker-php-ext-configure', '#!/bin/sh', 'exit 0'),
    script(
      '/usr/local/bin/docker-php-entrypoint',
      '#!/bin/sh',
      'case "$1" in -*) set -- php "$@" ;; esac',
      'exec "$@"',
    ),
    'ENTRYPOINT ["docker-php-entrypoint"]',
    ...server(kind, version),
  );
};

function server(kind: 'apache' | 'fpm' | 'cli', version: string): readonly string[] {
  if (kind === 'cli') return ['CMD ["php", "-a"]'];
  if (kind === 'fpm') {
    return [
      `RUN ln -s /usr/sbin/php-fpm${version} /usr/local/sbin/php-fpm && sed -i -e 's,^listen = .*,listen = 9000,' /etc/php/${version}/fpm/pool.d/www.conf && sed -i -e 's,^;\\?daemonize.*,daemonize = no,' /etc/php/${version}/fpm/php-fpm.conf`,
      'WORKDIR /var/www/html',
      'STOPSIGNAL SIGQUIT',
      'EXPOSE 9000',
      'CMD ["php-fpm"]',
    ];
  }
  return [
    'RUN rm -f /var/www/html/index.html && ln -sf /dev/stdout /var/log/apache2/access.log && ln -sf /dev/stderr /var/log/apache2/error.log && chown www-data:www-data /var/www/html && echo "ServerName localhost" >> /etc/apache2/apache2.conf',
    script(
      '/usr/local/bin/apache2-foreground',
      '#!/bin/sh',
      '. /etc/apache2/envvars',
      'mkdir -p "$APACHE_RUN_DIR" "$APACHE_LOCK_DIR"',
      'exec apache2 -DFOREGROUND "$@"',
    ),
    'ENV APACHE_CONFDIR=/etc/apache2 APACHE_ENVVARS=/etc/apache2/envvars',
    'WORKDIR /var/www/html',
    'STOPSIGNAL SIGWINCH',
    'EXPOSE 80',
    'CMD ["apache2-foreground"]',
  ];
}

export const servers: Readonly<Record<string, Recipe>> = {
  nginx: nginx(80, ''),
  'nginxinc/nginx-unprivileged': nginx(8080, 'USER 101'),
  php,
};
