import { baseName } from '../../program/fileSystem.ts';
import { buildPackages } from '../../rules/build-tools-left.ts';
import type { Start } from './start.ts';
import type { Step } from './step.ts';

/** Packages that people install for the build's own commands, and the programs by which they would be used later. */
const buildHelpers: Readonly<Record<string, readonly string[]>> = {
  curl: ['curl'],
  wget: ['wget'],
  git: ['git'],
  gnupg: ['gpg'],
  gnupg2: ['gpg'],
  dirmngr: [],
  unzip: ['unzip'],
  zip: ['zip'],
  'xz-utils': ['xz'],
  xz: ['xz'],
  bzip2: ['bzip2'],
  tar: ['tar'],
  gzip: ['gzip'],
  patch: ['patch'],
  file: ['file'],
  rsync: ['rsync'],
  'apt-utils': [],
  'apt-transport-https': [],
  'software-properties-common': [],
  'lsb-release': ['lsb_release'],
  'pkg-config': [],
  pkgconf: [],
  pkgconfig: [],
  'openssh-client': ['ssh', 'scp'],
  'git-lfs': [],
  m4: [],
  gettext: ['envsubst', 'gettext'],
  nasm: [],
  yasm: [],
  'protobuf-compiler': [],
  protoc: [],
  swig: [],
  doxygen: [],
  gdb: ['gdb'],
  valgrind: ['valgrind'],
  strace: ['strace'],
  vim: [],
  nano: [],
  less: [],
  man: [],
  upx: [],
  'upx-ucl': [],
  binutils: [],
  ccache: [],
  meson: [],
  ninja: [],
  scons: [],
  gawk: ['gawk', 'awk'],
  'python3-pip': ['pip', 'pip3'],
  'python3-venv': [],
};

/**
 * The packages of the file that the run stage installs too: all but those that only build. What nobody knows stays: it costs
 * bytes, and breaks nothing.
 */
export function runPackages(steps: readonly Step[], start: Start, extra: RegExp | undefined): readonly string[] {
  const used = new Set(start.programs.map(({ name }) => baseName(name)));
  const names = new Set(steps.flatMap(({ packages = [] }) => packages));
  return [...names].filter((name) => {
    if (buildPackages.test(name) || extra?.test(name) === true) return false;
    const programs = Object.hasOwn(buildHelpers, name) ? buildHelpers[name] : undefined;
    return programs === undefined || programs.some((program) => used.has(program));
  });
}

/** True if the file installs headers of libraries, so that what it builds may link any of them. */
export function installsHeaders(steps: readonly Step[]): boolean {
  const plain = /^(?:libc6?-dev|musl-dev|linux-headers|linux-libc-dev|libstdc\+\+-\d+-dev|.*-headers)$/;
  return steps.some(({ packages = [] }) => packages.some((name) => /-(?:dev|devel)$/.test(name) && !plain.test(name)));
}
