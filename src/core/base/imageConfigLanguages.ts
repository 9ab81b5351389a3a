import { defaultPath } from '../program/searchPath.ts';
import type { BaseConfig } from './imageConfig.ts';
import { path, type ImageConfigRow } from './imageConfigRows.ts';

/** What buildpack-deps puts into the full variants of language images. */
const downloaders = { curl: true, wget: true, git: true };
const javaLocale = { LANG: 'en_US.UTF-8', LANGUAGE: 'en_US:en', LC_ALL: 'en_US.UTF-8' };
const temurin: Partial<BaseConfig> = {
  entrypoint: ['/__cacert_entrypoint.sh'],
  env: { JAVA_HOME: '/opt/java/openjdk', PATH: path('/opt/java/openjdk/bin'), ...javaLocale },
  versionedEnv: ['JAVA_VERSION'],
  certificates: true,
  timeZones: true,
};
const reduced = ['slim', 'alpine'];

/** Sources: the Dockerfiles of the Docker library, of Deno and of Bun. */
export const languageRows: readonly ImageConfigRow[] = [
  {
    images: ['node'],
    config: {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['node'],
      versionedEnv: ['NODE_VERSION', 'YARN_VERSION'],
      users: { node: 1000 },
      groups: { node: 1000 },
      programs: { node: true, npm: true, npx: true },
    },
  },
  // It trusts what Node.js itself brings; the system's certificates are removed with curl.
  { images: ['node'], word: 'slim', config: { certificates: false } },
  {
    images: ['python'],
    config: {
      cmd: ['python3'],
      env: { PATH: `/usr/local/bin:${defaultPath}` },
      versionedEnv: ['GPG_KEY', 'PYTHON_VERSION', 'PYTHON_SHA256'],
      programs: { python: true, python3: true, pip: true },
      certificates: true,
      timeZones: true,
    },
  },
  { images: ['python'], below: '3.13', config: { env: { LANG: 'C.UTF-8' } } },
  {
    images: ['golang'],
    config: {
      env: { GOPATH: '/go', PATH: path('/go/bin', '/usr/local/go/bin') },
      versionedEnv: ['GOLANG_VERSION'],
      workingDir: '/go',
      programs: { go: true },
      certificates: true,
    },
  },
  { images: ['golang'], from: '1.21', config: { env: { GOTOOLCHAIN: 'local' } } },
  {
    images: ['rust'],
    config: {
      env: {
        RUSTUP_HOME: '/usr/local/rustup',
        CARGO_HOME: '/usr/local/cargo',
        PATH: path('/usr/local/cargo/bin'),
      },
      versionedEnv: ['RUST_VERSION'],
      programs: { cargo: true, rustc: true, gcc: true },
      certificates: true,
    },
  },
  {
    images: ['gcc'],
    config: { versionedEnv: ['GPG_KEYS', 'GCC_MIRRORS', 'GCC_VERSION'], programs: { gcc: true, make: true } },
  },
  {
    images: ['ruby'],
    config: {
      cmd: ['irb'],
      env: {
        LANG: 'C.UTF-8',
        GEM_HOME: '/usr/local/bundle',
        BUNDLE_SILENCE_ROOT_WARNING: '1',
        BUNDLE_APP_CONFIG: '/usr/local/bundle',
        PATH: path('/usr/local/bundle/bin'),
      },
      versionedEnv: ['RUBY_VERSION', 'RUBY_DOWNLOAD_URL', 'RUBY_DOWNLOAD_SHA256'],
      programs: { ruby: true, gem: true, bundle: true },
      certificates: true,
    },
  },
  {
    images: ['php'],
    config: {
      entrypoint: ['docker-php-entrypoint'],
      cmd: ['php', '-a'],
      env: { PHP_INI_DIR: '/usr/local/etc/php' },
      versionedEnv: [
        'PHPIZE_DEPS',
        'PHP_CFLAGS',
        'PHP_CPPFLAGS',
        'PHP_LDFLAGS',
        'GPG_KEYS',
        'PHP_VERSION',
        'PHP_URL',
        'PHP_ASC_URL',
        'PHP_SHA256',
      ],
      programs: { php: true, curl: true },
      certificates: true,
    },
  },
  // Alpine has the group and not the user: the image makes it.
  { images: ['php', 'httpd', 'composer'], system: 'alpine', config: { users: { 'www-data': 82 } } },
  {
    images: ['php'],
    word: 'fpm',
    config: { cmd: ['php-fpm'], workingDir: '/var/www/html', exposedPorts: ['9000/tcp'], stopSignal: 'SIGQUIT' },
  },
  {
    images: ['php'],
    word: 'apache',
    config: {
      cmd: ['apache2-foreground'],
      env: { APACHE_CONFDIR: '/etc/apache2', APACHE_ENVVARS: '/etc/apache2/envvars' },
      workingDir: '/var/www/html',
      exposedPorts: ['80/tcp'],
      stopSignal: 'SIGWINCH',
    },
  },
  {
    images: ['composer'],
    config: {
      entrypoint: ['/docker-entrypoint.sh'],
      cmd: ['composer'],
      env: { PHP_INI_DIR: '/usr/local/etc/php', COMPOSER_ALLOW_SUPERUSER: '1', COMPOSER_HOME: '/tmp' },
      versionedEnv: ['COMPOSER_VERSION', 'PHP_VERSION'],
      workingDir: '/app',
      programs: { bash: true, curl: true, git: true, php: true },
    },
  },
  // An entry point in a child empties the command that it inherits.
  { images: ['eclipse-temurin'], config: { ...temurin, cmd: [], programs: { java: true } } },
  {
    images: ['eclipse-temurin'],
    from: '11',
    withoutWord: ['jre'],
    config: { cmd: ['jshell'], programs: { javac: true } },
  },
  {
    images: ['openjdk'],
    config: { entrypoint: [], versionedEnv: ['JAVA_HOME', 'JAVA_VERSION', 'PATH'], user: 'root' },
  },
  { images: ['openjdk'], from: '9', withoutWord: ['jre'], config: { cmd: ['jshell'] } },
  {
    images: ['amazoncorretto'],
    config: { env: { LANG: 'C.UTF-8' }, versionedEnv: ['JAVA_HOME'], programs: { java: true } },
  },
  {
    images: ['amazoncorretto'],
    system: 'alpine',
    config: {
      env: { JAVA_HOME: '/usr/lib/jvm/default-jvm', PATH: `${defaultPath}:/usr/lib/jvm/default-jvm/bin` },
    },
  },
  {
    images: ['maven'],
    config: {
      entrypoint: ['/usr/local/bin/mvn-entrypoint.sh'],
      cmd: ['mvn'],
      env: { MAVEN_HOME: '/usr/share/maven', MAVEN_CONFIG: '/root/.m2' },
      programs: { mvn: true, java: true },
    },
  },
  {
    images: ['maven'],
    from: '3.9',
    word: 'temurin',
    config: {
      env: { JAVA_HOME: '/opt/java/openjdk', PATH: path('/opt/java/openjdk/bin'), ...javaLocale },
      certificates: true,
      timeZones: true,
    },
  },
  {
    images: ['gradle'],
    config: {
      ...temurin,
      cmd: ['gradle'],
      env: { ...temurin.env, GRADLE_HOME: '/opt/gradle' },
      versionedEnv: ['JAVA_VERSION', 'GRADLE_VERSION'],
      workingDir: '/home/gradle',
      volumes: ['/home/gradle/.gradle'],
      users: { gradle: 1000 },
      groups: { gradle: 1000 },
      programs: { gradle: true, java: true },
    },
  },
  { images: ['erlang'], config: { cmd: ['erl'], versionedEnv: ['OTP_VERSION', 'REBAR3_VERSION'] } },
  {
    images: ['elixir'],
    config: {
      cmd: ['iex'],
      env: { LANG: 'C.UTF-8' },
      versionedEnv: ['ELIXIR_VERSION', 'OTP_VERSION', 'REBAR3_VERSION'],
    },
  },
  { images: ['haskell'], config: { cmd: ['ghci'], env: { LANG: 'C.UTF-8' }, versionedEnv: ['PATH'] } },
  { images: ['swift'], config: { certificates: true, versionedEnv: ['SWIFT_VERSION'] } },
  {
    images: ['denoland/deno'],
    config: {
      user: 'root',
      env: { DENO_DIR: '/deno-dir/', DENO_INSTALL_ROOT: '/usr/local' },
      versionedEnv: ['DENO_VERSION'],
      users: { deno: 1993 },
      groups: { deno: 1993 },
      programs: { deno: true },
    },
    unknown: ['entrypoint', 'cmd', 'workingDir'],
  },
  {
    images: ['oven/bun'],
    withoutWord: ['distroless'],
    config: {
      entrypoint: ['/usr/local/bin/docker-entrypoint.sh'],
      cmd: ['/usr/local/bin/bun'],
      env: { BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0', BUN_INSTALL_BIN: '/usr/local/bin' },
      workingDir: '/home/bun/app',
      user: 'root',
      users: { bun: 1000 },
      groups: { bun: 1000 },
      programs: { bun: true },
    },
  },
  { images: ['oven/bun'], word: 'distroless', config: { entrypoint: ['/usr/local/bin/bun'], cmd: [] } },
  { images: ['perl'], config: { programs: { perl: true } }, unknown: ['cmd', 'workingDir'] },
  // For its clients of CPAN: https://github.com/Perl/docker-perl keeps these packages.
  { images: ['perl'], word: 'slim', config: { programs: { make: true }, certificates: true } },
  // The full variants stand on buildpack-deps.
  ...['node', 'python', 'golang', 'rust', 'gcc', 'ruby', 'erlang', 'elixir', 'perl'].map((image) => ({
    images: [image],
    system: 'debian',
    withoutWord: reduced,
    config: { programs: downloaders, certificates: true },
  })),
];
