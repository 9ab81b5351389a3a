import { baseName } from '../../rules/scene/program.ts';
import type { Start, Started } from './start.ts';

/** What every Debian and Ubuntu image brings, `-slim` too: their essential packages. */
const debian = new Set(
  (
    'sh bash dash [ awk mawk basename cat chgrp chmod chown cp cut date dd df dir dirname du echo env expand expr false find flock fmt fold getent ' +
    'getopt grep egrep fgrep groups gunzip gzip head hostname hostid id install join kill ln ls md5sum mkdir mkfifo mknod mktemp more mv nice nl nohup nproc ' +
    'numfmt od paste perl pr printenv printf pwd readlink realpath rm rmdir sed seq setpriv sha1sum sha256sum sha512sum shuf sleep sort split ' +
    'stat stdbuf sync tac tail tar tee test timeout touch tr true truncate tty umount mount uname uniq unlink wc which whoami xargs yes zcat zgrep ' +
    'useradd groupadd usermod su chroot diff cmp logger renice script dpkg apt-get ldconfig ldd getconf iconv locale'
  ).split(' '),
);

/** The applets of Alpine's busybox that start scripts and health checks use. */
const busybox = new Set(
  (
    'sh ash [ awk basename cat chgrp chmod chown cp cut date dd df diff dirname dos2unix du echo env expr false find flock fold free getopt grep egrep fgrep ' +
    'groups gunzip gzip head hostname id install ip kill killall less ln logger ls md5sum mkdir mkfifo mknod mktemp mount mv nc netstat nice nohup nproc nslookup od ' +
    'paste pgrep ping pkill printenv printf ps pwd readlink realpath renice rm rmdir sed seq sha1sum sha256sum sha512sum shuf sleep sort split stat stty su sync ' +
    'tail tar tee test time timeout top touch tr traceroute true truncate tty uname uniq unzip uptime usleep vi wc wget which whoami xargs yes zcat adduser addgroup crond'
  ).split(' '),
);

/** What a POSIX shell does itself. */
export const builtins = new Set(
  ': . alias bg break cd command continue declare eval exec exit export fg getopts hash jobs let local mapfile popd pushd read readonly return set shift shopt source test times trap type typeset ulimit umask unalias unset wait'.split(
    ' ',
  ),
);

/** Debian's packages of programs that are not in `-slim`; Alpine's, where its name is another. */
const packages: Readonly<Record<string, { readonly debian: string; readonly alpine?: string }>> = {
  curl: { debian: 'curl' },
  wget: { debian: 'wget' },
  git: { debian: 'git' },
  jq: { debian: 'jq' },
  nc: { debian: 'netcat-openbsd' },
  ps: { debian: 'procps' },
  pgrep: { debian: 'procps' },
  pkill: { debian: 'procps' },
  top: { debian: 'procps' },
  free: { debian: 'procps' },
  openssl: { debian: 'openssl' },
  ssh: { debian: 'openssh-client' },
  unzip: { debian: 'unzip' },
  xz: { debian: 'xz-utils', alpine: 'xz' },
  ip: { debian: 'iproute2' },
  ping: { debian: 'iputils-ping' },
  gosu: { debian: 'gosu', alpine: 'su-exec' },
  'su-exec': { debian: '', alpine: 'su-exec' },
  tini: { debian: 'tini' },
  'dumb-init': { debian: 'dumb-init' },
  bash: { debian: 'bash' },
  envsubst: { debian: 'gettext-base', alpine: 'gettext-envsubst' },
  gpg: { debian: 'gnupg' },
  rsync: { debian: 'rsync' },
  sqlite3: { debian: 'sqlite3', alpine: 'sqlite' },
  psql: { debian: 'postgresql-client' },
  pg_isready: { debian: 'postgresql-client' },
  'redis-cli': { debian: 'redis-tools', alpine: 'redis' },
  python3: { debian: 'python3' },
  perl: { debian: 'perl' },
};

/** The programs that are started and that nothing of the file itself makes. */
export function foreignPrograms(start: Start, isMade: (path: string) => boolean): readonly Started[] {
  return start.programs.filter(({ name }) => {
    if (builtins.has(name) || name.includes('$')) return false;
    return !(name.includes('/') && isMade(name));
  });
}

/** Whether a shell image of a distribution has a program without a package. */
export function isIn(distribution: string, name: string): boolean {
  const program = baseName(name);
  return distribution === 'alpine' ? busybox.has(program) : debian.has(program);
}

/** The package that brings a program; undefined where nobody knows. */
export function packageOf(distribution: string, name: string): string | undefined {
  const program = baseName(name);
  const known = Object.hasOwn(packages, program) ? packages[program] : undefined;
  const found = distribution === 'alpine' ? (known?.alpine ?? known?.debian) : known?.debian;
  return found === '' ? undefined : found;
}
