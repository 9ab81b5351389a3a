import type { BaseConfig } from '../../base/imageConfig.ts';

/** What a POSIX shell does itself. */
export const builtins: ReadonlySet<string> = new Set(
  (
    '. : [ test true false echo printf set unset export cd exit return shift eval exec trap umask ulimit wait read local ' +
    'command type hash alias unalias getopts times kill pwd source'
  ).split(' '),
);

/** Applets of BusyBox as Alpine builds it, those that Dockerfiles use. */
const applets: ReadonlySet<string> = new Set(
  (
    'addgroup adduser arch ash awk base64 basename bunzip2 bzcat bzip2 cat chgrp chmod chown chpasswd chroot cksum clear cmp ' +
    'comm cp cpio crond crontab cut date dd deluser delgroup df diff dirname dos2unix du egrep env expand expr fgrep find ' +
    'flock fold free getty grep groups gunzip gzip head hexdump hostname httpd id install ip kill killall less link ln logger ls ' +
    'lzcat lzma md5sum mkdir mkfifo mknod mktemp more mount mv nc netstat nice nl nohup nproc nslookup od paste patch pgrep ' +
    'pidof ping pkill printenv ps pstree pwdx readlink realpath renice reset rev rm rmdir sed seq sh sha1sum sha256sum ' +
    'sha512sum shred shuf sleep sort split stat strings stty su sum sync sysctl tac tail tar tee timeout top touch tr tree ' +
    'truncate tty umount uname uniq unix2dos unlink unlzma unxz unzip uptime usleep vi watch wc wget which whoami xargs xxd ' +
    'xzcat yes zcat'
  ).split(' '),
);

/** Long options that the applets have, or whose absence nobody notices. */
const longOptions =
  /^--(?:help|strip-components(?:=.*)?|no-check-certificate|spider|quiet|tries(?:=.*)?|output-document(?:=.*)?|directory(?:=.*)?)$/;

/** Programs that packages bring whose names are others. */
const provided: Readonly<Record<string, readonly string[]>> = {
  'build-base': ['gcc', 'g++', 'cc', 'c++', 'make', 'patch', 'ld', 'ar', 'strip'],
  'build-essential': ['gcc', 'g++', 'cc', 'c++', 'make', 'patch', 'ld', 'ar', 'strip', 'dpkg-buildpackage'],
  gcc: ['cc', 'gcc'],
  'g++': ['c++', 'g++'],
  gnupg: ['gpg', 'gpgv', 'gpg-agent'],
  'git-core': ['git'],
  binutils: ['ld', 'ar', 'strip', 'objdump', 'readelf', 'nm'],
  'ca-certificates': ['update-ca-certificates'],
  'openssh-client': ['ssh', 'scp', 'ssh-keyscan', 'ssh-keygen'],
  'xz-utils': ['xz', 'unxz', 'xzcat'],
  xz: ['xz'],
  dnsutils: ['dig', 'nslookup'],
  'bind-tools': ['dig', 'nslookup', 'host'],
  imagemagick: ['convert', 'magick', 'identify', 'mogrify'],
  'pkg-config': ['pkg-config'],
  pkgconf: ['pkg-config'],
  'ninja-build': ['ninja'],
  samurai: ['ninja'],
  mercurial: ['hg'],
  subversion: ['svn'],
  'default-mysql-client': ['mysql', 'mysqldump', 'mysqladmin'],
  'mariadb-client': ['mysql', 'mysqldump', 'mysqladmin', 'mariadb'],
  'postgresql-client': ['psql', 'pg_dump', 'pg_isready'],
  'libpq-dev': ['pg_config'],
  procps: ['ps', 'top', 'free', 'pgrep', 'pkill', 'watch'],
  'libcap2-bin': ['setcap', 'getcap'],
  libcap: ['setcap', 'getcap'],
  shadow: ['useradd', 'groupadd', 'usermod', 'groupmod'],
};

/** Commands that the full images of Debian have and the slim ones do not: those of buildpack-deps. */
const ofFullImages: ReadonlySet<string> = new Set(
  (
    'gcc g++ cc c++ make git hg svn curl wget unzip gpg dirmngr patch autoconf automake libtoolize ssh ssh-keyscan ' +
    'magick convert identify file pkg-config pg_config mysql_config xz bzip2 procps ps top'
  ).split(' '),
);

/** True where one of the packages brings the program. */
export function isInstalled(program: string, packages: readonly string[]): boolean {
  return packages.some((name) => name === program || own(provided, name)?.includes(program) === true);
}

/** Whether a program is in an image based on Alpine; undefined where nobody knows. */
export function isInAlpine(program: string, config: BaseConfig | undefined): boolean | undefined {
  if (builtins.has(program) || applets.has(program)) return true;
  return own(config?.programs ?? {}, program);
}

/** Whether a slim image of Debian has what the full one has; undefined where nobody knows. */
export function isInSlim(program: string, config: BaseConfig | undefined): boolean {
  return own(config?.programs ?? {}, program) ?? !ofFullImages.has(program);
}

/** An argument that the applets of BusyBox do not understand, though the programs of GNU do. */
export function gnuOnly(program: string, args: readonly (string | undefined)[]): string | undefined {
  if (!applets.has(program)) return undefined;
  return args.find(
    (word) =>
      word !== undefined &&
      ((/^--[a-z]/.test(word) && !longOptions.test(word)) ||
        (/^(?:e|f)?grep$/.test(program) && /^-[a-zA-Z]*P/.test(word)) ||
        (program === 'find' && /^-(?:printf|newermt|regextype)$/.test(word)) ||
        (program === 'date' && word.includes('%N'))),
  );
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
