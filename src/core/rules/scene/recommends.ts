/**
 * What packages of Debian and Ubuntu need although they merely recommend it, for the use that Dockerfiles make of them: TLS
 * without certificates, or a C compiler without the C library’s headers, is of no use.
 */
const companions: readonly (readonly [package_: RegExp, needs: readonly string[]])[] = [
  [/^(?:curl|wget|git|git-core|aria2|libcurl\d.*)$/, ['ca-certificates']],
  [/^(?:gcc|clang|gcc-\d+)$/, ['libc6-dev']],
];

export function companionsOf(name: string): readonly string[] {
  return companions.flatMap(([expression, needs]) => (expression.test(name) ? needs : []));
}

/**
 * Packages that recommend nothing in the package lists of Debian 12 and 13, or nothing that their use in an image needs
 * (the companions aside). Of every other package nobody here knows.
 */
const sufficient = new Set(
  [
    'apt-transport-https apt-utils automake bash-completion bc binutils bison bsdmainutils build-essential bzip2',
    'ca-certificates ccache clang coreutils cpio cron curl default-libmysqlclient-dev dirmngr dnsutils dumb-init file findutils',
    'g++ gawk gcc gettext gettext-base git git-core gnupg gnupg2 gosu gpg gpg-agent gzip hostname htop iproute2 iputils-ping',
    'jq less locales lsb-release lsof lz4 m4 make mawk nano nasm ncat netbase netcat netcat-openbsd',
    'netcat-traditional net-tools nginx nginx-light ninja-build openssh-client openssl patch pkg-config pkgconf procps psmisc',
    'postgresql-client python-is-python3 python3 python3-dev python3-minimal python3-setuptools python3-venv python3-wheel re2c',
    'redis-tools rsync ruby-dev sed socat sqlite3 strace sudo supervisor tar tcpdump telnet tini traceroute tree tzdata unzip vim-tiny',
    'wget xz-utils yasm zlib1g zlib1g-dev zstd uuid-dev',
  ].flatMap((line) => line.split(' ')),
);

/** Libraries whose work is done by drivers, plug-ins or data that they recommend. */
const hungry =
  /^lib(?:gl|egl|gtk|gdk|vlc|sdl|pulse|canberra|gstreamer|reoffice|magick|vips|va|enchant|proxy|sane|webkit)/;

/** True for a package of which it is not known that it works without what it recommends. */
export function needsRecommends(name: string): boolean {
  if (sufficient.has(name) || /^(?:gcc|g\+\+|gnupg)-?\d+$/.test(name)) return false;
  return !/^lib[a-z0-9.+-]+$/.test(name) || (hungry.test(name) && !name.endsWith('-dev'));
}
