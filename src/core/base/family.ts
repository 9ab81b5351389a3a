import { dockerHub, type Reference } from './reference.ts';

/**
 * What is known of an image repository as such, whichever of its tags is asked for. Sources: the Docker library's
 * documentation, Microsoft's and Google's repositories of their images.
 */
export interface Family {
  /** `distribution`: the version of a tag is the release of a distribution, and nothing else is in the image. */
  readonly kind: 'language' | 'distribution' | 'service';
  /** The product as people write it: `Go`, `Node.js`. */
  readonly name: string;
  /** The product's id in the end-of-life table. */
  readonly product?: string;
  /**
   * How many numbers of a version make a line within which sizes and interfaces hold: 2 for Go (1.26), 1 for Node.js (22).
   */
  readonly line: 1 | 2;
  /** The distribution of tags that name none. Its release changes with time, so it is never part of a family. */
  readonly distribution?: string;
  /** Where no distribution is known: `glibc` of openjdk, which moved from Debian to Oracle Linux. */
  readonly libc?: 'glibc';
  /** Words of a variant that mean the same as none: `21-jdk` is `21`. */
  readonly plain?: readonly string[];
  /** Tags put the distribution before the variant: `22-bookworm-slim`, not `3.13-slim-bookworm`. */
  readonly releaseFirst?: true;
  /** Words of variants that run what the others build, and build nothing themselves. */
  readonly runOnly?: readonly string[];
  /** The image's user where it is not root. */
  readonly user?: string;
  /** Why nothing of it should be used for something new; one sentence. */
  readonly deprecated?: string;
}

const distributions: Readonly<Record<string, Family>> = {
  alpine: { kind: 'distribution', name: 'Alpine Linux', product: 'alpine-linux', line: 2, distribution: 'alpine' },
  debian: {
    kind: 'distribution',
    name: 'Debian',
    product: 'debian',
    line: 1,
    distribution: 'debian',
    releaseFirst: true,
  },
  ubuntu: { kind: 'distribution', name: 'Ubuntu', product: 'ubuntu', line: 2, distribution: 'ubuntu' },
  almalinux: { kind: 'distribution', name: 'AlmaLinux', product: 'almalinux', line: 1, distribution: 'almalinux' },
  rockylinux: {
    kind: 'distribution',
    name: 'Rocky Linux',
    product: 'rocky-linux',
    line: 1,
    distribution: 'rocky',
    deprecated:
      'The official rockylinux image is no longer updated; the project publishes rockylinux/rockylinux itself.',
  },
  'rockylinux/rockylinux': {
    kind: 'distribution',
    name: 'Rocky Linux',
    product: 'rocky-linux',
    line: 1,
    distribution: 'rocky',
  },
  centos: {
    kind: 'distribution',
    name: 'CentOS',
    product: 'centos',
    line: 1,
    distribution: 'centos',
    deprecated: 'The centos image is no longer updated since CentOS Linux has ended.',
  },
  fedora: { kind: 'distribution', name: 'Fedora', product: 'fedora', line: 1, distribution: 'fedora' },
  amazonlinux: {
    kind: 'distribution',
    name: 'Amazon Linux',
    product: 'amazon-linux',
    line: 1,
    distribution: 'amazonlinux',
  },
  oraclelinux: { kind: 'distribution', name: 'Oracle Linux', line: 1, distribution: 'oraclelinux' },
  photon: { kind: 'distribution', name: 'Photon OS', line: 2, distribution: 'photon' },
  archlinux: { kind: 'distribution', name: 'Arch Linux', line: 1, distribution: 'archlinux' },
  'buildpack-deps': { kind: 'service', name: 'buildpack-deps', line: 1, distribution: 'debian', releaseFirst: true },
  'bitnami/minideb': { kind: 'distribution', name: 'minideb', line: 1, distribution: 'debian' },
  'cgr.dev/chainguard/wolfi-base': { kind: 'distribution', name: 'Wolfi', line: 1, distribution: 'wolfi' },
};

const languages: Readonly<Record<string, Family>> = {
  golang: { kind: 'language', name: 'Go', product: 'go', line: 2, distribution: 'debian' },
  node: {
    kind: 'language',
    name: 'Node.js',
    product: 'nodejs',
    line: 1,
    distribution: 'debian',
    releaseFirst: true,
  },
  python: { kind: 'language', name: 'Python', product: 'python', line: 2, distribution: 'debian' },
  ruby: { kind: 'language', name: 'Ruby', product: 'ruby', line: 2, distribution: 'debian' },
  rust: { kind: 'language', name: 'Rust', product: 'rust', line: 2, distribution: 'debian' },
  php: { kind: 'language', name: 'PHP', product: 'php', line: 2, distribution: 'debian', plain: ['cli'] },
  perl: { kind: 'language', name: 'Perl', product: 'perl', line: 2, distribution: 'debian' },
  elixir: { kind: 'language', name: 'Elixir', product: 'elixir', line: 2, distribution: 'debian' },
  erlang: { kind: 'language', name: 'Erlang', product: 'erlang', line: 1, distribution: 'debian' },
  haskell: { kind: 'language', name: 'Haskell', line: 2, distribution: 'debian' },
  julia: { kind: 'language', name: 'Julia', line: 2, distribution: 'debian' },
  dart: { kind: 'language', name: 'Dart', line: 2, distribution: 'debian' },
  swift: { kind: 'language', name: 'Swift', line: 2, distribution: 'ubuntu', runOnly: ['slim'] },
  gcc: { kind: 'language', name: 'GCC', line: 1, distribution: 'debian' },
  'r-base': { kind: 'language', name: 'R', line: 2, distribution: 'debian' },
  clojure: { kind: 'language', name: 'Clojure', line: 2 },
  groovy: { kind: 'language', name: 'Groovy', line: 1, distribution: 'ubuntu', user: 'groovy' },
  openjdk: {
    kind: 'language',
    name: 'Java',
    line: 1,
    libc: 'glibc',
    plain: ['jdk'],
    runOnly: ['jre'],
    deprecated: 'The openjdk image is deprecated; eclipse-temurin is among the replacements that its publisher names.',
  },
  'eclipse-temurin': {
    kind: 'language',
    name: 'Java',
    product: 'eclipse-temurin',
    line: 1,
    distribution: 'ubuntu',
    plain: ['jdk'],
    runOnly: ['jre'],
  },
  amazoncorretto: {
    kind: 'language',
    name: 'Java',
    product: 'amazon-corretto',
    line: 1,
    distribution: 'amazonlinux',
    plain: ['jdk'],
  },
  maven: { kind: 'language', name: 'Maven', line: 1, distribution: 'ubuntu' },
  gradle: { kind: 'language', name: 'Gradle', line: 1, distribution: 'ubuntu' },
  composer: { kind: 'language', name: 'Composer', line: 1, distribution: 'alpine' },
  'oven/bun': { kind: 'language', name: 'Bun', product: 'bun', line: 1, distribution: 'debian' },
  'denoland/deno': { kind: 'language', name: 'Deno', product: 'deno', line: 2, distribution: 'debian' },
};

const services: Readonly<Record<string, Family>> = {
  busybox: { kind: 'service', name: 'BusyBox', line: 2, distribution: 'busybox', plain: ['glibc'] },
  caddy: { kind: 'service', name: 'Caddy', line: 1, distribution: 'alpine' },
  docker: { kind: 'service', name: 'Docker', line: 1, distribution: 'alpine' },
  ghost: { kind: 'service', name: 'Ghost', line: 1, distribution: 'debian' },
  haproxy: {
    kind: 'service',
    name: 'HAProxy',
    product: 'haproxy',
    line: 2,
    distribution: 'debian',
    user: 'haproxy',
  },
  httpd: { kind: 'service', name: 'Apache httpd', product: 'apache-http-server', line: 2, distribution: 'debian' },
  influxdb: { kind: 'service', name: 'InfluxDB', line: 1, distribution: 'debian' },
  mariadb: { kind: 'service', name: 'MariaDB', product: 'mariadb', line: 2, distribution: 'ubuntu' },
  memcached: {
    kind: 'service',
    name: 'Memcached',
    product: 'memcached',
    line: 2,
    distribution: 'debian',
    user: 'memcache',
  },
  mongo: { kind: 'service', name: 'MongoDB', product: 'mongodb', line: 2, distribution: 'ubuntu' },
  mysql: { kind: 'service', name: 'MySQL', product: 'mysql', line: 2, distribution: 'oraclelinux' },
  nginx: { kind: 'service', name: 'nginx', product: 'nginx', line: 2, distribution: 'debian', releaseFirst: true },
  postgres: { kind: 'service', name: 'PostgreSQL', product: 'postgresql', line: 1, distribution: 'debian' },
  rabbitmq: { kind: 'service', name: 'RabbitMQ', product: 'rabbitmq', line: 2, distribution: 'ubuntu' },
  redis: { kind: 'service', name: 'Redis', product: 'redis', line: 2, distribution: 'debian' },
  registry: { kind: 'service', name: 'Distribution', line: 1, distribution: 'alpine' },
  tomcat: { kind: 'service', name: 'Tomcat', product: 'tomcat', line: 2, distribution: 'ubuntu' },
  traefik: { kind: 'service', name: 'Traefik', product: 'traefik', line: 2, distribution: 'alpine' },
  drupal: { kind: 'service', name: 'Drupal', line: 1, distribution: 'debian' },
  wordpress: { kind: 'service', name: 'WordPress', line: 1, distribution: 'debian' },
};

const dotnet: Family = {
  kind: 'language',
  name: '.NET',
  product: 'dotnet',
  line: 2,
  releaseFirst: true,
};

const jupyter: Family = {
  kind: 'language',
  name: 'Jupyter',
  line: 1,
  distribution: 'ubuntu',
  user: 'jovyan',
  deprecated: 'The jupyter images on Docker Hub are no longer updated; they moved to quay.io/jupyter.',
};

const redHat: Family = { kind: 'distribution', name: 'Red Hat UBI', product: 'rhel', line: 1, distribution: 'rhel' };

const bitnami: Family = {
  kind: 'service',
  name: 'Bitnami',
  line: 1,
  distribution: 'debian',
  user: '1001',
  deprecated: 'Versioned Bitnami images on Docker Hub are a frozen snapshot without updates since August 2025.',
};

const byPrefix: readonly (readonly [prefix: string, family: Family])[] = [
  ['mcr.microsoft.com/dotnet/', dotnet],
  ['jupyter/', jupyter],
  ['registry.access.redhat.com/ubi', redHat],
  ['bitnami/', bitnami],
  ['bitnamilegacy/', bitnami],
];

const known = new Map<string, Family>(Object.entries({ ...distributions, ...languages, ...services }));

/** The family of a repository by its {@link imageName}; undefined for one of which nothing is known. */
export function familyOf(image: string): Family | undefined {
  return known.get(image) ?? byPrefix.find(([prefix]) => image.startsWith(prefix))?.[1];
}

/** Registries that serve the official images of Docker Hub under `library/`, the same bytes under another name. */
const mirrors: readonly (readonly [domain: string, path: RegExp])[] = [
  ['public.ecr.aws', /^docker\/library\/([^/]+)$/],
  ['mirror.gcr.io', /^library\/([^/]+)$/],
];

/**
 * The catalogue's name of a repository, without tag: `golang` for `docker.io/library/golang`, and for the mirrors of
 * Docker's official images.
 */
export function imageName(reference: Reference): string {
  const { domain, path } = reference;
  for (const [mirror, expression] of mirrors) {
    const official = domain === mirror ? expression.exec(path)?.[1] : undefined;
    if (official !== undefined) return official;
  }
  if (domain === 'registry.redhat.io') return `registry.access.redhat.com/${path}`;
  return domain === dockerHub ? path.replace(/^library\/(?=[^/]+$)/, '') : `${domain}/${path}`;
}
