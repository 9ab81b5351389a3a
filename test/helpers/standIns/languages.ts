import { apt, lines, type Recipe, script, trustSystem, usualPath, versions } from './recipe.ts';

/** Variants that are built on musl, with `apk`: those cannot be made from Debian's packages. */
function onlyDebian(recipe: Recipe): Recipe {
  return (wanted) => (/alpine|windows|nanoserver/.test(wanted.tag) ? undefined : recipe(wanted));
}

/** The base of a language's image: the whole build environment, or Debian with certificates. */
function under(tag: string, release: string): readonly string[] {
  return tag.includes('slim')
    ? [`FROM debian:${release}-slim`, apt('ca-certificates')]
    : [`FROM buildpack-deps:${release}`];
}

/** An entry point that runs its arguments, as most of the official ones do in the end. */
const passOn = (path: string) => [script(path, '#!/bin/sh', 'exec "$@"'), `ENTRYPOINT ["${path}"]`];

const gcc: Recipe = ({ release }) =>
  lines(
    `FROM buildpack-deps:${release}`,
    apt('gfortran', 'gobjc'),
    `ENV GCC_VERSION=${versions[release].gcc}`,
    'CMD ["bash"]',
  );

const golang: Recipe = ({ release }) =>
  lines(
    `FROM buildpack-deps:${release}-scm`,
    apt('g++', 'gcc', 'libc6-dev', 'make', 'pkg-config', 'golang-go'),
    `RUN ln -s /usr/lib/go-${versions[release].go} /usr/local/go && mkdir -p /go/src /go/bin && chmod -R 1777 /go`,
    `ENV GOLANG_VERSION=${versions[release].go} GOTOOLCHAIN=local GOPATH=/go PATH=/go/bin:/usr/local/go/bin:${usualPath}`,
    'WORKDIR /go',
    'CMD ["bash"]',
  );

const python: Recipe = ({ release, tag }) => {
  const version = versions[release].python;
  const local = `/usr/local/lib/python${version}`;
  return lines(
    ...under(tag, release),
    apt('python3', 'python3-venv', 'python3-pip', ...(tag.includes('slim') ? [] : ['python3-dev'])),
    // Debian's pip installs below dist-packages; what others know is site-packages.
    `RUN rm -f /usr/lib/python3*/EXTERNALLY-MANAGED && mkdir -p ${local}/dist-packages && ln -s dist-packages ${local}/site-packages && for name in python python3 python${version}; do ln -s /usr/bin/python3 /usr/local/bin/$name; done && ln -s /usr/bin/pip3 /usr/local/bin/pip && ln -s /usr/bin/pip3 /usr/local/bin/pip3`,
    `ENV PYTHON_VERSION=${version} LANG=C.UTF-8 PATH=/usr/local/bin:${usualPath}`,
    trustSystem(),
    'CMD ["python3"]',
  );
};

/**
 * With npm, yarn and corepack as their registry has them: Debian's npm needs most of Debian's Node.js packages. Their archives
 * are in the build context.
 */
const node: Recipe = ({ release, tag }) =>
  lines(
    ...under(tag, release),
    apt('nodejs'),
    'COPY *.tgz /tmp/',
    'RUN cd /usr/local/lib && for archive in /tmp/*.tgz; do name=$(basename $archive .tgz) && mkdir -p node_modules/$name && tar -xzf $archive --strip-components=1 --no-same-owner -C node_modules/$name || exit 1; done && rm /tmp/*.tgz',
    // npm's global folder is beside the program that runs it, so that is a file of its own.
    'RUN cp /usr/bin/node /usr/local/bin/node && cd /usr/local/bin && ln -s node nodejs && ln -s ../lib/node_modules/npm/bin/npm-cli.js npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js npx && ln -s ../lib/node_modules/corepack/dist/corepack.js corepack && ln -s ../lib/node_modules/yarn/bin/yarn.js yarn && ln -s yarn yarnpkg && chmod 755 ../lib/node_modules/npm/bin/*.js ../lib/node_modules/yarn/bin/* ../lib/node_modules/corepack/dist/*.js',
    'RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node',
    `ENV NODE_VERSION=${versions[release].node} YARN_VERSION=1.22`,
    trustSystem(),
    script(
      '/usr/local/bin/docker-entrypoint.sh',
      '#!/bin/sh',
      'case "$1" in -*) set -- node "$@" ;; esac',
      'command -v "$1" > /dev/null || set -- node "$@"',
      'exec "$@"',
    ),
    'ENTRYPOINT ["docker-entrypoint.sh"]',
    'CMD ["node"]',
  );

const rust: Recipe = ({ release, tag }) =>
  lines(
    ...(tag.includes('slim')
      ? [`FROM debian:${release}-slim`, apt('ca-certificates', 'gcc', 'libc6-dev')]
      : [`FROM buildpack-deps:${release}`]),
    apt('rustc', 'cargo'),
    'RUN mkdir -p /usr/local/cargo/bin /usr/local/rustup && chmod -R a+w /usr/local/cargo /usr/local/rustup',
    `ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:${usualPath} RUST_VERSION=${versions[release].rust}`,
    'CMD ["bash"]',
  );

/** Bun as the registry of npm has it, which is the program of the official image. */
const bun: Recipe = ({ release, tag }) =>
  lines(
    'FROM node:20-trixie-slim AS npm',
    'RUN npm install --global bun@1.2.15 && cp "$(readlink -f "$(npm root --global)/bun/bin/bun.exe")" /bun',
    `FROM debian:${release}${tag.includes('slim') ? '-slim' : ''}`,
    apt('ca-certificates'),
    'COPY --from=npm /bun /usr/local/bin/bun',
    'RUN ln -s bun /usr/local/bin/bunx && groupadd --gid 1000 bun && useradd --uid 1000 --gid bun --create-home bun',
    script(
      '/usr/local/bin/docker-entrypoint.sh',
      '#!/bin/sh',
      'command -v "$1" > /dev/null || set -- bun "$@"',
      'exec "$@"',
    ),
    'ENV BUN_RUNTIME_TRANSPILER_CACHE_PATH=0 BUN_INSTALL_BIN=/usr/local/bin',
    trustSystem(),
    'WORKDIR /home/bun/app',
    'ENTRYPOINT ["/usr/local/bin/docker-entrypoint.sh"]',
    'CMD ["/usr/local/bin/bun"]',
  );

/** The Java that a tag asks for, as far as the release has it. */
function javaOf(tag: string, release: string): string {
  if (release === 'bookworm') return '17';
  return /\b25\b/.test(tag) ? '25' : '21';
}

const temurin: Recipe = ({ release, tag }) => {
  const version = javaOf(tag, release);
  return lines(
    `FROM debian:${release}-slim`,
    apt('ca-certificates', 'curl', 'locales', 'tzdata', 'fontconfig', 'p11-kit'),
    'RUN localedef -i en_US -f UTF-8 en_US.UTF-8',
    // Without the folder for manuals the packages' scripts fail, which the slim Debian lacks.
    `RUN mkdir -p /usr/share/man/man1 /opt/java`,
    apt(`openjdk-${version}-${tag.includes('jre') ? 'jre' : 'jdk'}-headless`),
    `RUN ln -s /usr/lib/jvm/java-${version}-openjdk-amd64 /opt/java/openjdk`,
    `ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:${usualPath} LANG=en_US.UTF-8 LANGUAGE=en_US:en LC_ALL=en_US.UTF-8 JAVA_VERSION=jdk-${version}`,
    ...passOn('/__cacert_entrypoint.sh'),
    tag.includes('jre') ? '' : 'CMD ["jshell"]',
  );
};

const openjdk: Recipe = ({ release, tag }) => {
  const version = javaOf(tag, release);
  return lines(
    ...(tag.includes('slim') ? [`FROM debian:${release}-slim`] : [`FROM buildpack-deps:${release}-scm`]),
    `RUN mkdir -p /usr/share/man/man1`,
    apt(`openjdk-${version}-${tag.includes('jre') ? 'jre' : 'jdk'}-headless`, 'ca-certificates'),
    `RUN ln -s /usr/lib/jvm/java-${version}-openjdk-amd64 /usr/local/openjdk-${version}`,
    `ENV JAVA_HOME=/usr/local/openjdk-${version} PATH=/usr/local/openjdk-${version}/bin:${usualPath} LANG=C.UTF-8 JAVA_VERSION=${version}`,
    tag.includes('jre') ? '' : 'CMD ["jshell"]',
  );
};

const maven: Recipe = ({ release, tag }) =>
  lines(
    `FROM eclipse-temurin:${javaOf(tag, release)}-jdk`,
    apt('maven', 'git'),
    'ENV MAVEN_HOME=/usr/share/maven MAVEN_CONFIG=/root/.m2',
    ...passOn('/usr/local/bin/mvn-entrypoint.sh'),
    'CMD ["mvn"]',
  );

const gradle: Recipe = ({ release, tag }) =>
  lines(
    `FROM eclipse-temurin:${javaOf(tag, release)}-jdk`,
    apt('gradle', 'git', 'unzip'),
    'RUN groupadd --gid 1001 gradle && useradd --uid 1001 --gid gradle --create-home gradle',
    'ENV GRADLE_HOME=/usr/share/gradle GRADLE_USER_HOME=/home/gradle/.gradle',
    'WORKDIR /home/gradle',
    'CMD ["gradle"]',
  );

const ruby: Recipe = ({ release, tag }) =>
  lines(
    ...under(tag, release),
    apt('ruby', 'ruby-bundler', ...(tag.includes('slim') ? ['libyaml-0-2'] : ['ruby-dev'])),
    'RUN mkdir -p /usr/local/bundle && chmod 1777 /usr/local/bundle && for name in ruby gem bundle bundler irb rake; do [ ! -e /usr/bin/$name ] || ln -s /usr/bin/$name /usr/local/bin/$name; done',
    `ENV LANG=C.UTF-8 GEM_HOME=/usr/local/bundle BUNDLE_SILENCE_ROOT_WARNING=1 BUNDLE_APP_CONFIG=/usr/local/bundle PATH=/usr/local/bundle/bin:${usualPath}`,
    trustSystem(),
    'CMD ["irb"]',
  );

const perl: Recipe = ({ release, tag }) =>
  lines(
    ...under(tag, release),
    apt('perl', 'cpanminus', ...(tag.includes('slim') ? [] : ['libperl-dev'])),
    'RUN ln -s /usr/bin/perl /usr/local/bin/perl && ln -s /usr/bin/cpanm /usr/local/bin/cpanm',
    'WORKDIR /usr/src/app',
    'CMD ["perl", "-de0"]',
  );

const haskell: Recipe = ({ release, tag }) =>
  lines(
    ...under(tag, release),
    apt('build-essential', 'ghc', 'cabal-install', 'libgmp-dev', 'libtinfo-dev', 'zlib1g-dev', 'netbase'),
    'ENV LANG=C.UTF-8',
    `ENV PATH=/root/.cabal/bin:/root/.local/bin:${usualPath}`,
    'CMD ["ghci"]',
  );

const elixir: Recipe = ({ release, tag }) =>
  lines(
    ...under(tag, release),
    apt('elixir', 'erlang-dev', 'erlang-parsetools', 'erlang-nox'),
    'ENV LANG=C.UTF-8',
    'CMD ["iex"]',
  );

export const languages: Readonly<Record<string, Recipe>> = Object.fromEntries(
  Object.entries({
    gcc,
    golang,
    python,
    node,
    rust,
    'oven/bun': bun,
    'eclipse-temurin': temurin,
    openjdk,
    maven,
    gradle,
    ruby,
    perl,
    haskell,
    elixir,
  }).map(([name, recipe]) => [name, onlyDebian(recipe)]),
);
