import { builtinPrograms } from '../program/shellBuiltins.ts';

/** What every Debian and Ubuntu image brings, `-slim` too: their essential packages. */
const debianPrograms: ReadonlySet<string> = new Set([
  ...builtinPrograms,
  ...(
    'sh bash dash awk mawk basename cat chgrp chmod chown cp cut date dd df dir dirname du env expand expr find flock fmt fold getent ' +
    'getopt grep egrep fgrep groups gunzip gzip head hostname hostid id install join ln ls md5sum mkdir mkfifo mknod mktemp more mv nice nl nohup nproc ' +
    'numfmt od paste perl pr printenv readlink realpath rm rmdir sed seq setpriv sha1sum sha256sum sha512sum shuf sleep sort split ' +
    'stat stdbuf sync tac tail tar tee timeout touch tr truncate tty umount mount uname uniq unlink wc which whoami xargs yes zcat zgrep ' +
    'useradd groupadd usermod su chroot diff cmp logger renice script dpkg apt-get ldconfig ldd getconf iconv locale'
  ).split(' '),
]);

/** Applets of BusyBox as Alpine builds it, those that Dockerfiles, start scripts and health checks use. */
const busyboxApplets: ReadonlySet<string> = new Set([
  ...builtinPrograms,
  ...(
    'addgroup adduser arch ash awk base64 basename bunzip2 bzcat bzip2 cat chgrp chmod chown chpasswd chroot cksum clear cmp ' +
    'comm cp cpio crond crontab cut date dd deluser delgroup df diff dirname dos2unix du egrep env expand expr fgrep find ' +
    'flock fold free getopt getty grep groups gunzip gzip head hexdump hostname httpd id install ip killall less link ln logger ls ' +
    'lzcat lzma md5sum mkdir mkfifo mknod mktemp more mount mv nc netstat nice nl nohup nproc nslookup od paste patch pgrep ' +
    'pidof ping pkill printenv ps pstree pwdx readlink realpath renice reset rev rm rmdir sed seq sh sha1sum sha256sum ' +
    'sha512sum shred shuf sleep sort split stat strings stty su sum sync sysctl tac tail tar tee time timeout top touch tr ' +
    'traceroute tree truncate tty umount uname uniq unix2dos unlink unlzma unxz unzip uptime usleep vi watch wc wget which ' +
    'whoami xargs xxd xzcat yes zcat'
  ).split(' '),
]);

/** What every image of Red Hat's kin brings, the minimal ones too: their shell and what their packages start when installed. */
const redHatPrograms: ReadonlySet<string> = new Set([
  ...builtinPrograms,
  ...(
    'sh bash basename cat chgrp chmod chown cp cut date dd df dir dirname du env expand expr fold groups head id install join ln ls ' +
    'md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od paste pr printenv readlink realpath rm rmdir seq sha1sum ' +
    'sha256sum sha512sum shuf sleep sort split stat stdbuf sync tac tail tee timeout touch tr truncate tty uname uniq unlink wc ' +
    'whoami yes grep egrep fgrep sed'
  ).split(' '),
]);
const redHatSystems = new Set(['almalinux', 'amazonlinux', 'centos', 'fedora', 'oraclelinux', 'rhel', 'rocky']);

/** Packages that are called like their program there, and stand in the way of nothing that an image has. */
const redHatPackages = new Set(['git', 'jq', 'openssl', 'rsync', 'unzip', 'wget']);

/** A package of the distributions and what it brings. */
interface ProgramPackage {
  readonly debian?: string;
  readonly alpine?: string;
  readonly programs: readonly string[];
  /** Programs for building, which no container needs when it runs. */
  readonly isForBuilds?: true;
}

/** Packages of programs that are not in `-slim`. Sources: packages.debian.org, pkgs.alpinelinux.org. */
const packages: readonly ProgramPackage[] = [
  ...'curl wget git jq openssl unzip tini dumb-init bash rsync python3 perl'
    .split(' ')
    .map((name) => ({ debian: name, alpine: name, programs: [name] })),
  { debian: 'git-core', alpine: 'git', programs: ['git'] },
  { debian: 'netcat-openbsd', alpine: 'netcat-openbsd', programs: ['nc'] },
  { debian: 'procps', alpine: 'procps', programs: ['ps', 'top', 'free', 'pgrep', 'pkill', 'watch'] },
  { debian: 'openssh-client', alpine: 'openssh-client', programs: ['ssh', 'scp', 'ssh-keyscan', 'ssh-keygen'] },
  { debian: 'xz-utils', alpine: 'xz', programs: ['xz', 'unxz', 'xzcat'] },
  { debian: 'iproute2', alpine: 'iproute2', programs: ['ip'] },
  { debian: 'iputils-ping', alpine: 'iputils-ping', programs: ['ping'] },
  { debian: 'gosu', alpine: 'su-exec', programs: ['gosu'] },
  { alpine: 'su-exec', programs: ['su-exec'] },
  { debian: 'gettext-base', alpine: 'gettext-envsubst', programs: ['envsubst'] },
  { debian: 'gnupg', alpine: 'gnupg', programs: ['gpg', 'gpgv', 'gpg-agent'] },
  { debian: 'sqlite3', alpine: 'sqlite', programs: ['sqlite3'] },
  { debian: 'postgresql-client', alpine: 'postgresql-client', programs: ['psql', 'pg_isready', 'pg_dump'] },
  { debian: 'redis-tools', alpine: 'redis', programs: ['redis-cli'] },
  ...[
    { debian: 'build-essential', programs: ['dpkg-buildpackage'] },
    ...[{ debian: 'build-essential' }, { alpine: 'build-base' }].map((name) => ({
      ...name,
      programs: ['gcc', 'g++', 'cc', 'c++', 'make', 'patch', 'ld', 'ar', 'strip'],
    })),
    { debian: 'gcc', alpine: 'gcc', programs: ['cc', 'gcc'] },
    { debian: 'g++', alpine: 'g++', programs: ['c++', 'g++'] },
    { debian: 'binutils', alpine: 'binutils', programs: ['ld', 'ar', 'strip', 'objdump', 'readelf', 'nm'] },
    { debian: 'ca-certificates', alpine: 'ca-certificates', programs: ['update-ca-certificates'] },
    { debian: 'dnsutils', programs: ['dig', 'nslookup'] },
    { alpine: 'bind-tools', programs: ['dig', 'nslookup', 'host'] },
    { debian: 'imagemagick', alpine: 'imagemagick', programs: ['convert', 'magick', 'identify', 'mogrify'] },
    { debian: 'pkgconf', alpine: 'pkgconf', programs: ['pkg-config'] },
    { debian: 'ninja-build', alpine: 'samurai', programs: ['ninja'] },
    { debian: 'mercurial', alpine: 'mercurial', programs: ['hg'] },
    { debian: 'subversion', alpine: 'subversion', programs: ['svn'] },
    { debian: 'default-mysql-client', programs: ['mysql', 'mysqldump', 'mysqladmin'] },
    { debian: 'mariadb-client', alpine: 'mariadb-client', programs: ['mysql', 'mysqldump', 'mysqladmin', 'mariadb'] },
    { debian: 'libpq-dev', programs: ['pg_config'] },
    { debian: 'libcap2-bin', alpine: 'libcap', programs: ['setcap', 'getcap'] },
    { alpine: 'shadow', programs: ['useradd', 'groupadd', 'usermod', 'groupmod'] },
  ].map((one): ProgramPackage => ({ ...one, isForBuilds: true })),
];

/** Long options that the applets have, or whose absence nobody notices. */
const longOptions =
  /^--(?:help|strip-components(?:=.*)?|no-check-certificate|spider|quiet|tries(?:=.*)?|output-document(?:=.*)?|directory(?:=.*)?)$/;

/** Whether the plain image of a distribution has a program without a package; of those that are not known, Debian's stand. */
export function isInSystem(distribution: string, program: string): boolean {
  if (distribution === 'alpine') return busyboxApplets.has(program);
  return (redHatSystems.has(distribution) ? redHatPrograms : debianPrograms).has(program);
}

/** The package of a distribution to install for a program that a container starts; undefined where nobody knows. */
export function packageOf(distribution: string, program: string): string | undefined {
  if (redHatSystems.has(distribution)) return redHatPackages.has(program) ? program : undefined;
  const found = packages.find(({ programs, isForBuilds }) => isForBuilds !== true && programs.includes(program));
  return distribution === 'alpine' ? found?.alpine : found?.debian;
}

/** The package of Debian or Alpine that brings a program, also one for building, that sources start; undefined where nobody knows. */
export function packageWith(distribution: 'debian' | 'alpine', program: string): string | undefined {
  return packages.find((one) => one.programs.includes(program) && one[distribution] !== undefined)?.[distribution];
}

/** True where one of the packages, Debian's or Alpine's, brings the program. */
export function isBroughtBy(program: string, installed: readonly string[]): boolean {
  return (
    installed.includes(program) ||
    packages.some(
      ({ debian, alpine, programs }) =>
        programs.includes(program) && installed.some((name) => name === debian || name === alpine),
    )
  );
}

/** An argument that an applet of BusyBox does not understand, though the program of GNU does. */
export function gnuOption(program: string, args: readonly (string | undefined)[]): string | undefined {
  if (!busyboxApplets.has(program)) return undefined;
  return args.find(
    (word) =>
      word !== undefined &&
      ((/^--[a-z]/.test(word) && !longOptions.test(word)) ||
        (/^(?:e|f)?grep$/.test(program) && /^-[a-zA-Z]*P/.test(word)) ||
        (program === 'find' && /^-(?:printf|newermt|regextype)$/.test(word)) ||
        (program === 'date' && word.includes('%N'))),
  );
}
