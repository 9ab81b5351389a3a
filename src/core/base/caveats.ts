import { readDistroless } from './distroless.ts';

const distrolessCaveats: Readonly<Record<string, readonly string[]>> = {
  static: ['It has no C library: only fully static programs run.'],
  base: ['It has no libstdc++ or libgcc: C++ and Rust programs need the cc image.'],
  'base-nossl': ['It has no OpenSSL, and no libstdc++ or libgcc.'],
  cc: [],
  'java-base': ['It has no Java runtime: it is the base for one made with jlink or for a native image.'],
  java: [
    'Its entry point is `java -jar`, so CMD names the jar file only.',
    'It has no OpenSSL library, and its Java runtime is that of Eclipse Temurin.',
  ],
  nodejs: [
    'Its entry point is node, so CMD names the script only.',
    'It has no npm, npx, corepack or yarn: modules are installed in an earlier stage.',
  ],
  python3: [
    'Its entry point is /usr/bin/python3.13, so CMD names the script only.',
    'It has no pip; a virtual environment made on python:3.13-slim points at /usr/local/bin/python and needs a link to /usr/bin/python.',
    'Besides those of the standard library it has no shared libraries, such as libpq or libmysqlclient.',
  ],
};

const alpineCaveats: Readonly<Record<string, string>> = {
  node: 'Node.js builds for musl are experimental; native addons need a musl build or a compiler.',
  python: 'Wheels for glibc (manylinux) do not install: without a musllinux wheel a dependency is compiled.',
  php: 'Extensions are built against musl, and iconv and locales behave differently.',
};

/**
 * What surprises those who choose a base, in whole sentences, by its catalogue name and the words of its tag. What changes
 * from one base to another (libc, shell, packages) is not repeated here: facts and alternatives say that.
 */
export function caveatsOf(image: string, words: readonly string[]): readonly string[] {
  const distroless = readDistroless(image);
  if (distroless !== undefined) {
    return [
      ...(words.includes('debug') ? ['Its debug tags add a busybox shell for debugging only.'] : []),
      ...(distrolessCaveats[distroless.flavor] ?? []),
      ...(distroless.distribution === undefined
        ? ['Without a Debian suffix the name moves to a newer Debian one day.']
        : []),
    ];
  }
  const all: string[] = [];
  if (image.startsWith('mcr.microsoft.com/dotnet/')) all.push(...dotnetCaveats(image, words));
  if (image.startsWith('cgr.dev/chainguard/')) {
    all.push('Only `latest` is free, so a language version cannot be kept.');
  }
  if (image.startsWith('dhi.io/')) all.push('Pulling it needs `docker login dhi.io` with a free account.');
  if (image.endsWith('/ubi-micro')) {
    all.push('It has no package manager: packages are installed from another stage with --installroot.');
  }
  if (image === 'eclipse-temurin' && words.includes('jre'))
    all.push('It has no compiler and no other tools of the JDK.');
  if (image === 'nginx' && words.includes('slim')) {
    all.push('It has no optional modules (njs, XSLT, image filter, GeoIP) and no curl.');
  }
  if (image === 'debian' && words.includes('slim')) all.push('It has no manual pages and other documentation.');
  return all;
}

function dotnetCaveats(image: string, words: readonly string[]): readonly string[] {
  const isSdk = image.endsWith('/sdk');
  const isBare = words.includes('chiseled') || words.includes('distroless');
  return [
    ...(isBare && !words.includes('extra')
      ? ['It has no ICU and no time zones: programs that use cultures need the -extra variant.']
      : []),
    ...(words.includes('composite')
      ? ['Composite images bind the program to exactly these versions of .NET and ASP.NET Core.']
      : []),
    ...(isSdk ? [] : ['Since .NET 8 the program listens on port 8080.']),
  ];
}

/** What only Alpine's variant of an image brings. */
export function alpineCaveat(image: string): string | undefined {
  if (image.startsWith('mcr.microsoft.com/dotnet/')) {
    return 'It has no ICU and no time zones: programs that use cultures must install them.';
  }
  return Object.hasOwn(alpineCaveats, image) ? alpineCaveats[image] : undefined;
}
