import { apt, lines, type Recipe, usualPath, versions } from './recipe.ts';
import type { Release } from './reference.ts';

/** Debian's packages in each flavor, as the real images are made of them. */
const packages = {
  static: () => ['base-files', 'netbase', 'tzdata', 'media-types'],
  'base-nossl': () => ['libc6'],
  base: (release: Release) => [release === 'bookworm' ? 'libssl3' : 'libssl3t64'],
  cc: (release: Release) => ['libgcc-s1', 'libstdc++6', 'libgomp1', `gcc-${versions[release].gcc}-base`],
};

const contents: Readonly<Record<string, readonly (keyof typeof packages)[]>> = {
  static: ['static'],
  'base-nossl': ['static', 'base-nossl'],
  base: ['static', 'base-nossl', 'base'],
  cc: ['static', 'base-nossl', 'base', 'cc'],
};

const users =
  "printf 'root:x:0:0:root:/root:/sbin/nologin\\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\\n' > /out/etc/passwd && printf 'root:x:0:\\nnobody:x:65534:\\ntty:x:5:\\nstaff:x:50:\\nnonroot:x:65532:\\n' > /out/etc/group";

const plain =
  (flavor: string): Recipe =>
  ({ release, tag }) => {
    const names = contents[flavor]!.flatMap((part) => packages[part](release));
    return lines(
      `FROM debian:${release} AS unpack`,
      apt('ca-certificates'),
      // base-files comes first: in Debian 13 it has the links that the others' files go through.
      `RUN apt-get update && mkdir -p /out /tmp/debs && cd /tmp/debs && for p in ${names.join(' ')}; do apt-get download $p && dpkg -x $p*.deb /out && rm -f *.deb || exit 1; done`,
      `RUN mkdir -p /out/etc/ssl/certs /out/tmp /out/root /out/home/nonroot && cp /etc/ssl/certs/ca-certificates.crt /out/etc/ssl/certs/ && chmod 1777 /out/tmp && chown 65532:65532 /out/home/nonroot && rm -rf /out/usr/share/man && find /out/usr/share/doc ! -type d ! -name copyright -delete && ${users}`,
      'FROM scratch',
      'COPY --from=unpack /out/ /',
      `ENV PATH=${usualPath} SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt`,
      ...user(tag),
    );
  };

function user(tag: string): readonly string[] {
  return tag.includes('nonroot') ? ['USER 65532', 'WORKDIR /home/nonroot'] : ['USER 0', 'WORKDIR /'];
}

/** Copies libraries that files are linked with to where the loader looks. */
const withLibraries = (files: string): string =>
  `mkdir -p /out/usr/lib/x86_64-linux-gnu && for f in $(ldd ${files} 2>/dev/null | awk '$3 ~ "^/" { print $3 }' | sort -u); do cp -L $f /out/usr/lib/x86_64-linux-gnu/; done`;

const jvm = '/usr/lib/jvm/java-21-openjdk-amd64';

/** Interpreters of Debian 13, where the images of languages have theirs. */
const interpreters: Readonly<Record<string, readonly [packages: string, copy: string, config: string]>> = {
  python3: [
    'python3 libpython3.13-stdlib',
    `mkdir -p /out/usr/bin /out/usr/lib && cp -r /usr/lib/python3.13 /out/usr/lib/ && cp /usr/bin/python3.13 /out/usr/bin/ && ln -s python3.13 /out/usr/bin/python3 && ln -s python3.13 /out/usr/bin/python && ${withLibraries('/usr/bin/python3.13 /usr/lib/python3.13/lib-dynload/*.so')}`,
    'ENV LANG=C.UTF-8\nENTRYPOINT ["/usr/bin/python3.13"]',
  ],
  nodejs24: [
    'nodejs',
    // Debian's Node.js reads parts of itself from there.
    `mkdir -p /out/nodejs/bin /out/usr/share && cp /usr/bin/node /out/nodejs/bin/ && cp -r /usr/share/nodejs /out/usr/share/ && ${withLibraries('/usr/bin/node')}`,
    'ENTRYPOINT ["/nodejs/bin/node"]',
  ],
  java21: [
    'openjdk-21-jre-headless',
    `mkdir -p /out/usr/bin /out/usr/lib/jvm /out/etc && cp -a /usr/lib/locale /out/usr/lib/ && cp -a ${jvm} /out/usr/lib/jvm/ && cp -a /etc/java-21-openjdk /out/etc/ && ln -s ${jvm}/bin/java /out/usr/bin/java && ${withLibraries(`${jvm}/bin/java ${jvm}/lib/*.so ${jvm}/lib/server/*.so`)}`,
    'ENV LANG=C.UTF-8\nENTRYPOINT ["/usr/bin/java", "-jar"]',
  ],
};

const interpreted =
  (flavor: string): Recipe =>
  ({ release, tag }) => {
    if (release !== 'trixie') return undefined;
    const [packages, copy, config] = interpreters[flavor]!;
    return lines(
      `FROM debian:${release} AS unpack`,
      apt(packages),
      `RUN ${copy}`,
      `FROM gcr.io/distroless/cc-debian13${tag === 'latest' ? '' : `:${tag}`}`,
      'COPY --from=unpack /out/ /',
      config,
    );
  };

export const distroless: Readonly<Record<string, Recipe>> = Object.fromEntries(
  [
    ...Object.keys(contents).map((flavor) => [flavor, plain(flavor)] as const),
    ...Object.keys(interpreters).map((flavor) => [flavor, interpreted(flavor)] as const),
  ].flatMap(([flavor, recipe]): [string, Recipe][] =>
    ['', '-debian12', '-debian13'].map((suffix) => [`gcr.io/distroless/${flavor}${suffix}`, recipe]),
  ),
);
