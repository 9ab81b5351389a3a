import { imageName } from '../../base/family.ts';
import type { Reference } from '../../base/reference.ts';

/**
 * The packages that Debian-based official images add to Debian's minimal base, so that an installation is not charged for
 * what is there. From the images' own Dockerfiles (docker-library's buildpack-deps, python, node, golang, ruby, rust, php,
 * openjdk, postgres, nginx and others); what these install and remove again is not in it.
 */
export function baseImagePackages(reference: Reference): readonly string[] {
  const image = imageName(reference);
  const words = (reference.tag ?? '').split('-');
  const isSlim = words.includes('slim');
  switch (image) {
    case 'buildpack-deps':
      return words.includes('curl') ? downloads : words.includes('scm') ? versionControl : everything;
    case 'python':
    case 'pypy':
      return isSlim
        ? [
            'ca-certificates',
            'netbase',
            'tzdata',
            'libsqlite3-0',
            'libncursesw6',
            'libreadline8',
            'libffi8',
            'libssl3',
            'libssl3t64',
          ]
        : [...everything, 'libbluetooth-dev', 'tk-dev', 'uuid-dev'];
    case 'node':
      return isSlim ? [] : everything;
    case 'ruby':
      return isSlim
        ? ['bzip2', 'ca-certificates', 'libffi-dev', 'libgmp-dev', 'libssl-dev', 'libyaml-dev', 'procps', 'zlib1g-dev']
        : everything;
    case 'rust':
      return isSlim ? ['ca-certificates', 'gcc', 'libc6-dev'] : everything;
    case 'golang':
      return [...versionControl, 'g++', 'gcc', 'libc6-dev', 'make', 'pkg-config'];
    case 'gcc':
    case 'erlang':
    case 'elixir':
    case 'haskell':
    case 'perl':
    case 'julia':
    case 'swipl':
      return isSlim ? ['ca-certificates', 'netbase'] : everything;
    case 'openjdk':
      return isSlim
        ? ['ca-certificates', 'p11-kit']
        : [...versionControl, 'bzip2', 'unzip', 'xz-utils', 'fontconfig', 'libfreetype6', 'ca-certificates', 'p11-kit'];
    case 'php':
      return [
        ...['autoconf', 'dpkg-dev', 'file', 'g++', 'gcc', 'libc6-dev', 'make', 'pkg-config', 're2c'],
        ...[
          'ca-certificates',
          'curl',
          'xz-utils',
          'libargon2-1',
          'libonig5',
          'libreadline8',
          'libsodium23',
          'libsqlite3-0',
          'libxml2',
          'zlib1g',
        ],
        ...(words.includes('apache') ? ['apache2'] : []),
      ];
    case 'nginx':
      return ['ca-certificates', 'curl', 'gettext-base', 'libgd3', 'libgeoip1', 'libxslt1.1', 'tzdata'];
    case 'httpd':
      return ['ca-certificates', 'libaprutil1-ldap', 'libldap-common', 'libjansson4', 'libcurl4'];
    case 'postgres':
      return [
        'gnupg',
        'less',
        'locales',
        'libnss-wrapper',
        'xz-utils',
        'zstd',
        'libicu72',
        'libicu76',
        'libllvm19',
        'libxslt1.1',
        'ssl-cert',
      ];
    case 'redis':
      return ['tzdata', 'libssl3', 'libssl3t64'];
    default:
      return [];
  }
}

const downloads = ['ca-certificates', 'curl', 'gnupg', 'netbase', 'tzdata', 'wget'];
const versionControl = [...downloads, 'git', 'mercurial', 'openssh-client', 'procps', 'subversion'];
const everything = [
  ...versionControl,
  ...['autoconf', 'automake', 'bzip2', 'default-libmysqlclient-dev', 'dpkg-dev', 'file', 'g++', 'gcc', 'imagemagick'],
  ...['libbz2-dev', 'libc6-dev', 'libcurl4-openssl-dev', 'libdb-dev', 'libevent-dev', 'libffi-dev', 'libgdbm-dev'],
  ...['libglib2.0-dev', 'libgmp-dev', 'libjpeg-dev', 'libkrb5-dev', 'liblzma-dev', 'libmagickcore-dev'],
  ...['libmagickwand-dev', 'libmaxminddb-dev', 'libncurses-dev', 'libpng-dev', 'libpq-dev', 'libreadline-dev'],
  ...['libsqlite3-dev', 'libssl-dev', 'libtool', 'libwebp-dev', 'libxml2-dev', 'libxslt1-dev', 'libyaml-dev', 'make'],
  ...['patch', 'unzip', 'xz-utils', 'zlib1g-dev'],
];
