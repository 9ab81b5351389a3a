import { apt, lines, type Recipe, usualPath } from './recipe.ts';

/** What the variants with `slim` leave out: their makers remove documentation but for the licenses. */
const documentation =
  'find /usr/share/doc -mindepth 1 ! -type d ! -name copyright -delete; find /usr/share/doc -type d -empty -delete; rm -rf /usr/share/man/* /usr/share/info/* /usr/share/locale/* /usr/share/groff/* /var/cache/apt/* /var/lib/apt/lists/*';

/** A tag of `debian` for a release, `-slim` or whole; made by `makeDebian` where it is the release's own name. */
const debian: Recipe = ({ tag, release }) => {
  if (tag.includes('slim')) {
    return lines(
      `FROM debian:${release} AS whole`,
      `RUN ${documentation}`,
      'FROM scratch',
      'COPY --from=whole / /',
      `ENV PATH=${usualPath}`,
      'CMD ["bash"]',
    );
  }
  return lines(`FROM debian:${release}`);
};

/** Debian, as Ubuntu's packages cannot be had; with the user that Ubuntu's image has since 23.04. */
const ubuntu: Recipe = ({ release }) =>
  lines(
    `FROM debian:${release}-slim`,
    release === 'trixie' ? 'RUN useradd --create-home --uid 1000 ubuntu' : '',
    'CMD ["/bin/bash"]',
  );

const buildpackDeps: Recipe = ({ release, tag }) => {
  const curl = apt('ca-certificates', 'curl', 'gnupg', 'netbase', 'tzdata', 'wget');
  const scm = apt('git', 'openssh-client', 'procps');
  if (tag.endsWith('-curl')) return lines(`FROM debian:${release}`, curl);
  if (tag.endsWith('-scm')) return lines(`FROM debian:${release}`, curl, scm);
  const libraries =
    'libbz2-dev libcurl4-openssl-dev libffi-dev libgmp-dev libjpeg-dev liblzma-dev libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libxml2-dev libxslt1-dev libyaml-dev zlib1g-dev';
  return lines(
    `FROM debian:${release}`,
    curl,
    scm,
    apt('build-essential', 'autoconf', 'automake', 'file', 'patch', 'pkg-config', 'unzip', 'xz-utils', libraries),
  );
};

const unpackBusybox =
  'cd /tmp && apt-get download busybox-static && dpkg -x busybox-static_*.deb x && mkdir -p /out/bin /out/etc /out/root /out/home /out/var /out/tmp /out/usr/bin && chmod 1777 /out/tmp && (cp x/bin/busybox /out/bin/busybox || cp x/usr/bin/busybox /out/bin/busybox) && for c in $(/out/bin/busybox --list); do [ -e /out/bin/$c ] || ln -s busybox /out/bin/$c; done';
const busyboxUsers =
  "printf 'root:x:0:0:root:/root:/bin/sh\\nnobody:x:65534:65534:nobody:/home:/bin/false\\n' > /out/etc/passwd && printf 'root:x:0:\\nnobody:x:65534:\\n' > /out/etc/group";

const busybox: Recipe = ({ release, tag }) =>
  lines(
    `FROM debian:${release} AS unpack`,
    `RUN apt-get update && ${unpackBusybox} && ${busyboxUsers}`,
    /musl|uclibc/.test(tag)
      ? ''
      : 'RUN mkdir -p /out/lib /out/lib64 && cp -L /lib64/ld-linux-x86-64.so.2 /out/lib64/ && cd /lib/x86_64-linux-gnu && cp -L libc.so.6 libm.so.6 libdl.so.2 libpthread.so.0 libresolv.so.2 librt.so.1 libnss_dns.so.2 libnss_files.so.2 libnss_compat.so.2 /out/lib/',
    'FROM scratch',
    'COPY --from=unpack /out/ /',
    `ENV PATH=${usualPath}`,
    'CMD ["sh"]',
  );

/** Only for running: musl, busybox and certificates, and no `apk`. */
const alpine: Recipe = ({ release }) =>
  lines(
    `FROM debian:${release} AS unpack`,
    apt('musl', 'ca-certificates'),
    `RUN apt-get update && ${unpackBusybox} && ${busyboxUsers}`,
    "RUN mkdir -p /out/lib /out/etc/ssl/certs && cp -L /lib/ld-musl-x86_64.so.1 /out/lib/ && ln -s ld-musl-x86_64.so.1 /out/lib/libc.musl-x86_64.so.1 && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ && printf 'ID=alpine\\n' > /out/etc/os-release",
    'FROM scratch',
    'COPY --from=unpack /out/ /',
    `ENV PATH=${usualPath}`,
    'CMD ["/bin/sh"]',
  );

export const distributions: Readonly<Record<string, Recipe>> = {
  debian,
  ubuntu,
  'buildpack-deps': buildpackDeps,
  busybox,
  alpine,
};
