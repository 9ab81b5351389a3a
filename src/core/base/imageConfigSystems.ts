import { defaultPath } from '../program/searchPath.ts';
import { plain, type ImageConfigRow } from './imageConfigRows.ts';

const debianUsers = {
  root: 0,
  daemon: 1,
  bin: 2,
  sys: 3,
  games: 5,
  man: 6,
  lp: 7,
  mail: 8,
  news: 9,
  uucp: 10,
  proxy: 13,
  'www-data': 33,
  backup: 34,
  list: 38,
  irc: 39,
  nobody: 65534,
};
const debianGroups = {
  root: 0,
  daemon: 1,
  bin: 2,
  sys: 3,
  adm: 4,
  tty: 5,
  mail: 8,
  'www-data': 33,
  staff: 50,
  games: 60,
  users: 100,
  nogroup: 65534,
};
const shellTools = { sh: true, bash: true, curl: false, wget: false };
const distrolessImages = ['static', 'base', 'base-nossl', 'cc', 'java-base', 'java', 'nodejs', 'python3'].map(
  (flavor) => `gcr.io/distroless/${flavor}`,
);
/** What whole systems give, and the images that are nothing else. Sources: their Dockerfiles, distroless at its commit cd08076. */
export const systemRows: readonly ImageConfigRow[] = [
  {
    system: 'debian',
    config: { ...plain, cmd: ['bash'], users: debianUsers, groups: debianGroups, programs: shellTools },
  },
  // From 13 on time zones are no required package of the system.
  { system: 'debian', release: ['9', '10', '11', '12'], config: { timeZones: true } },
  {
    system: 'ubuntu',
    config: { ...plain, cmd: ['/bin/bash'], users: debianUsers, groups: debianGroups, programs: shellTools },
  },
  {
    system: 'ubuntu',
    release: ['24.04', '25.10', '26.04'],
    config: { users: { ubuntu: 1000 }, groups: { ubuntu: 1000 } },
  },
  {
    system: 'alpine',
    config: {
      ...plain,
      cmd: ['/bin/sh'],
      users: { root: 0, bin: 1, daemon: 2, guest: 405, nobody: 65534 },
      groups: { root: 0, bin: 1, daemon: 2, adm: 4, tty: 5, 'www-data': 82, users: 100, nogroup: 65533, nobody: 65534 },
      programs: { sh: true, bash: false, curl: false, wget: true },
      certificates: true,
      timeZones: false,
    },
  },
  ...['fedora', 'amazonlinux', 'almalinux', 'rocky', 'centos', 'oraclelinux', 'rhel'].map((system) => ({
    system,
    config: {
      entrypoint: [],
      workingDir: '/',
      user: 'root',
      exposedPorts: [],
      volumes: [],
      stopSignal: 'SIGTERM',
      users: { root: 0, bin: 1, daemon: 2, nobody: 65534 },
      programs: { sh: true, bash: true },
      certificates: true,
    },
  })),
  ...['fedora', 'amazonlinux', 'almalinux', 'rocky', 'centos', 'oraclelinux'].map((system) => ({
    system,
    config: { cmd: ['/bin/bash'] },
  })),
  // User ids of other systems than these are those of Red Hat before 8: nobody was 99.
  { system: 'centos', release: ['7'], config: { users: { nobody: 99 } } },
  // Reduced to what one program needs: no shell, whatever the distribution.
  { shell: false, config: { programs: { sh: false, bash: false, curl: false, wget: false } } },

  { images: ['debian', 'ubuntu'], config: { certificates: false } },
  { images: ['ubuntu'], config: { timeZones: false } },
  {
    images: [
      'alpine',
      'almalinux',
      'rockylinux',
      'rockylinux/rockylinux',
      'centos',
      'amazonlinux',
      'oraclelinux',
      'fedora',
    ],
    config: {},
  },
  { images: ['fedora', 'almalinux', 'amazonlinux'], config: { programs: { curl: true } } },
  { images: ['buildpack-deps'], config: { programs: { curl: true, wget: true }, certificates: true } },
  {
    images: ['busybox'],
    config: {
      ...plain,
      cmd: ['sh'],
      users: { root: 0, daemon: 1, bin: 2, sys: 3, mail: 8, 'www-data': 33, operator: 37, nobody: 65534 },
      groups: { root: 0, daemon: 1, bin: 2, sys: 3, adm: 4, tty: 5, mail: 8, 'www-data': 33, users: 100 },
      programs: { sh: true, bash: false, curl: false, wget: true },
      certificates: false,
      timeZones: false,
    },
  },
  {
    images: distrolessImages,
    config: {
      ...plain,
      cmd: [],
      env: { PATH: defaultPath, SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' },
      users: { root: 0, nobody: 65534, nonroot: 65532 },
      groups: { root: 0, nobody: 65534, tty: 5, staff: 50, nonroot: 65532 },
      programs: { sh: false, bash: false, curl: false, wget: false },
      certificates: true,
      timeZones: true,
    },
  },
  { images: ['gcr.io/distroless/java'], config: { entrypoint: ['/usr/bin/java', '-jar'], env: { LANG: 'C.UTF-8' } } },
  { images: ['gcr.io/distroless/nodejs'], config: { entrypoint: ['/nodejs/bin/node'] } },
  { images: ['gcr.io/distroless/python3'], config: { env: { LANG: 'C.UTF-8' } } },
  {
    images: ['gcr.io/distroless/python3'],
    from: '3.13',
    config: { entrypoint: ['/usr/bin/python3.13'] },
  },
  { images: distrolessImages, word: 'nonroot', config: { user: '65532', workingDir: '/home/nonroot' } },
  { images: distrolessImages, word: 'debug', config: { entrypoint: ['/busybox/sh'], programs: { wget: true } } },
];
