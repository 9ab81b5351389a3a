import { defaultPath } from '../program/searchPath.ts';
import { path, plain, type ImageConfigRow } from './imageConfigRows.ts';

const dotnet = (name: string): string => `mcr.microsoft.com/dotnet/${name}`;
const dotnetImages = ['sdk', 'aspnet', 'runtime', 'runtime-deps'].map(dotnet);

/** Sources: the Dockerfiles of Microsoft’s .NET images, of the Docker library and of nginx. */
export const serverRows: readonly ImageConfigRow[] = [
  {
    images: dotnetImages,
    config: { env: { DOTNET_RUNNING_IN_CONTAINER: 'true' }, certificates: true },
  },
  {
    images: dotnetImages,
    below: '8',
    config: { env: { ASPNETCORE_URLS: 'http://+:80' } },
  },
  {
    images: dotnetImages,
    from: '8',
    config: {
      env: { APP_UID: '1654', ASPNETCORE_HTTP_PORTS: '8080' },
      users: { app: 1654 },
      groups: { app: 1654 },
    },
  },
  ...['debian', 'ubuntu'].map((system) => ({ images: dotnetImages, system, config: { timeZones: true } })),
  { images: dotnetImages, system: 'alpine', config: { env: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: 'true' } } },
  {
    images: dotnetImages,
    shell: false,
    from: '8',
    config: {
      ...plain,
      cmd: [],
      env: { PATH: defaultPath, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: 'true' },
      user: '1654',
      users: { root: 0 },
      timeZones: false,
    },
  },
  {
    images: dotnetImages,
    shell: false,
    word: 'extra',
    config: { env: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: 'false' }, timeZones: true },
  },
  {
    images: [dotnet('aspnet')],
    config: { versionedEnv: ['DOTNET_VERSION', 'ASPNET_VERSION'], programs: { dotnet: true } },
  },
  { images: [dotnet('runtime')], config: { versionedEnv: ['DOTNET_VERSION'], programs: { dotnet: true } } },
  {
    images: [dotnet('sdk')],
    config: {
      env: {
        DOTNET_GENERATE_ASPNET_CERTIFICATE: 'false',
        DOTNET_USE_POLLING_FILE_WATCHER: 'true',
        NUGET_XMLDOC_MODE: 'skip',
      },
      versionedEnv: ['DOTNET_VERSION', 'ASPNET_VERSION', 'DOTNET_SDK_VERSION'],
      programs: { dotnet: true, curl: true, git: true },
    },
  },

  {
    images: ['nginx', 'nginxinc/nginx-unprivileged'],
    config: {
      entrypoint: ['/docker-entrypoint.sh'],
      cmd: ['nginx', '-g', 'daemon off;'],
      versionedEnv: ['NGINX_VERSION', 'PKG_RELEASE'],
      exposedPorts: ['80/tcp'],
      stopSignal: 'SIGQUIT',
      users: { nginx: 101 },
      groups: { nginx: 101 },
      programs: { nginx: true, curl: true },
      certificates: true,
    },
  },
  { images: ['nginx'], word: 'slim', config: { programs: { curl: false } } },
  { images: ['nginx', 'nginxinc/nginx-unprivileged'], system: 'alpine', config: { timeZones: true } },
  { images: ['nginxinc/nginx-unprivileged'], config: { user: '101', exposedPorts: ['8080/tcp'] } },
  {
    images: ['httpd'],
    config: {
      cmd: ['httpd-foreground'],
      env: { HTTPD_PREFIX: '/usr/local/apache2', PATH: path('/usr/local/apache2/bin') },
      versionedEnv: ['HTTPD_VERSION', 'HTTPD_SHA256', 'HTTPD_PATCHES'],
      workingDir: '/usr/local/apache2',
      exposedPorts: ['80/tcp'],
      stopSignal: 'SIGWINCH',
    },
  },
  {
    images: ['caddy'],
    config: {
      cmd: ['caddy', 'run', '--config', '/etc/caddy/Caddyfile', '--adapter', 'caddyfile'],
      env: { XDG_CONFIG_HOME: '/config', XDG_DATA_HOME: '/data' },
      versionedEnv: ['CADDY_VERSION'],
      workingDir: '/srv',
      exposedPorts: ['80/tcp', '443/tcp', '443/udp', '2019/tcp'],
      programs: { caddy: true },
    },
  },
  {
    images: ['tomcat'],
    config: {
      entrypoint: [],
      cmd: ['catalina.sh', 'run'],
      env: {
        CATALINA_HOME: '/usr/local/tomcat',
        JAVA_HOME: '/opt/java/openjdk',
        PATH: path('/usr/local/tomcat/bin', '/opt/java/openjdk/bin'),
      },
      versionedEnv: ['TOMCAT_MAJOR', 'TOMCAT_VERSION', 'JAVA_VERSION'],
      workingDir: '/usr/local/tomcat',
      exposedPorts: ['8080/tcp'],
      programs: { java: true },
      certificates: true,
    },
  },
  {
    images: ['redis'],
    config: {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['redis-server'],
      versionedEnv: ['REDIS_VERSION'],
      workingDir: '/data',
      exposedPorts: ['6379/tcp'],
      volumes: ['/data'],
      users: { redis: 999 },
    },
  },
  {
    images: ['postgres'],
    config: {
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['postgres'],
      versionedEnv: ['PG_MAJOR', 'PG_VERSION', 'PGDATA', 'PATH'],
      exposedPorts: ['5432/tcp'],
      stopSignal: 'SIGINT',
      programs: { psql: true },
    },
  },
  { images: ['postgres'], system: 'debian', config: { users: { postgres: 999 }, groups: { postgres: 999 } } },
  { images: ['postgres'], system: 'alpine', config: { users: { postgres: 70 }, groups: { postgres: 70 } } },
  { images: ['postgres'], below: '18', config: { volumes: ['/var/lib/postgresql/data'] } },
  { images: ['postgres'], from: '18', config: { volumes: ['/var/lib/postgresql'] } },
  {
    images: ['klakegg/hugo'],
    config: { entrypoint: ['hugo'], workingDir: '/src', exposedPorts: ['1313/tcp'], user: 'root' },
  },
  { images: ['hugomods/hugo'], config: { workingDir: '/src' } },
];
