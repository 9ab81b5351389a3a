import type { ReachedFile, StartProblem } from './closure.ts';
import { compareVersions, libcOf, type LoadedLibrary, newestVersion } from './libraries.ts';

/** What of a base image a start command uses: the question that a smaller base is chosen by. */
export interface BaseNeeds {
  /**
   * - `static`: every program is linked statically, and no script is run.
   * - `libc`: the C library alone. `runtime`: it, and the libraries of the compiler (`libgcc_s`, `libstdc++`).
   * - `libraries`: others, too; see {@link libraries}.
   * - `script`: an interpreter or a shell; see {@link interpreters}.
   * - `unknown`: the start command is not known, or something of it is missing.
   */
  readonly kind: 'static' | 'libc' | 'runtime' | 'libraries' | 'script' | 'unknown';
  readonly libc: 'none' | 'glibc' | 'musl' | 'other';
  /** The newest `GLIBC_…` that something outside of glibc asks for. */
  readonly glibc?: string;
  /** The newest that the image's glibc has. */
  readonly glibcPresent?: string;
  /** Names of libraries other than those of the C library, those of the compiler included. */
  readonly libraries: readonly string[];
  /** Paths of shells and interpreters that scripts are run by. */
  readonly interpreters: readonly string[];
  /** A program may open libraries by name while it runs, which nothing here can see. */
  readonly opensLibraries: boolean;
  /** Path by path, why: one sentence each. */
  readonly evidence: readonly string[];
}

/** https://www.gnu.org/software/libc: what the package of the C library brings. `libcrypt` is a library of its own now. */
const ofGlibc =
  /^(?:lib(?:c|m|mvec|pthread|dl|rt|util|resolv|nsl|anl|BrokenLocale|thread_db|nss_(?:files|dns|compat|hesiod|nis|nisplus|db))\.so(?:\.\d+)?|ld-linux.*|ld64?\.so.*)$/;
const ofMusl = /^(?:libc\.so|libc\.musl-.*|ld-musl-.*)$/;
const ofCompiler = /^(?:libgcc_s|libstdc\+\+)\.so/;

export function baseNeeds(trace: {
  readonly reached: readonly ReachedFile[];
  readonly libraries: readonly LoadedLibrary[];
  readonly problems: readonly StartProblem[];
}): BaseNeeds {
  const { reached, libraries, problems } = trace;
  const programs = reached.filter(({ elf, role }) => elf !== undefined && role !== 'module');
  const dynamic = programs.filter(({ elf }) => elf!.linkage === 'dynamic');
  const libcs = new Set(dynamic.map(({ elf }) => libcOf(elf!.interpreter!)));
  const libc = libcs.size === 0 ? 'none' : libcs.size > 1 ? 'other' : [...libcs][0]!;
  const isLibc = (name: string): boolean => (libc === 'musl' ? ofMusl : ofGlibc).test(name);
  const names = [...new Set(libraries.map(({ name }) => name))].filter((name) => !isLibc(name));
  const others = names.filter((name) => !ofCompiler.test(name));
  const scripts = reached.filter(({ format }) => format === 'script');
  const interpreters = interpretersOf(reached);
  const isBroken = problems.some(({ severity }) => severity === 'breaks') || programs.length === 0;
  const modules = reached.filter(({ role }) => role === 'module');
  const objects = [
    ...[...dynamic, ...modules].map(({ path, elf }) => ({ path, elf: elf! })),
    ...libraries.filter(({ name }) => !isLibc(name)).map(({ path, elf }) => ({ path, elf })),
  ];
  const asked = objects.flatMap(({ elf }) => elf.versionsNeeded.flatMap(({ versions }) => versions));
  const glibc = newestVersion(asked, 'GLIBC');
  const present = newestVersion(libraries.find(({ name }) => name === 'libc.so.6')?.elf.versionsDefined ?? [], 'GLIBC');
  return {
    kind: isBroken
      ? 'unknown'
      : interpreters.length > 0 || scripts.length > 0
        ? 'script'
        : others.length > 0
          ? 'libraries'
          : names.length > 0
            ? 'runtime'
            : dynamic.length > 0
              ? 'libc'
              : 'static',
    libc,
    ...(glibc === undefined ? {} : { glibc }),
    ...(present === undefined ? {} : { glibcPresent: present }),
    libraries: names,
    interpreters,
    opensLibraries: objects.some(({ elf }) => elf.opensLibraries),
    evidence: [
      ...reached.filter(({ role }) => role !== 'module').map((file) => reachedEvidence(file)),
      ...moduleEvidence(modules),
      ...libraries.map((library) => libraryEvidence(library)),
      ...problems.map(({ message }) => message),
    ],
  };
}

/** Whatever runs a script or an entry file, or is a shell that is given a text. */
function interpretersOf(reached: readonly ReachedFile[]): string[] {
  const run = reached.filter(({ role, format }) => role === 'interpreter' && format === 'elf').map(({ path }) => path);
  const fed = reached.filter(({ role }) => role === 'entry' || role === 'command').map(({ by }) => by);
  const programs = new Set(reached.filter(({ format }) => format === 'elf').map(({ path }) => path));
  return [...new Set([...run, ...fed])].filter((path) => path !== undefined && programs.has(path)) as string[];
}

function reachedEvidence({ path, role, by, elf, shebang }: ReachedFile): string {
  const what =
    role === 'loader'
      ? `is the loader of ${by!}`
      : elf !== undefined
        ? elf.linkage === 'dynamic'
          ? `is linked dynamically, for ${elf.machine}, and loaded by ${elf.interpreter!}`
          : elf.linkage === 'library'
            ? 'is a library'
            : `is linked statically, for ${elf.machine}`
        : shebang !== undefined
          ? `is a script for ${shebang}`
          : role === 'entry'
            ? `is run by ${by!}`
            : 'is no ELF file';
  return `${path} ${what}.`;
}

/** One sentence for the modules of an interpreter: Python alone has sixty. */
function moduleEvidence(modules: readonly ReachedFile[]): string[] {
  return [...new Set(modules.map(({ by }) => by!))].map((by) => {
    const paths = modules.filter((module) => module.by === by).map(({ path }) => path);
    const rest = paths.length === 1 ? '' : ` and ${paths.length - 1} more`;
    return `${by} may load ${paths[0]!}${rest}.`;
  });
}

function libraryEvidence({ path, name, neededBy, elf }: LoadedLibrary): string {
  const versions = elf.versionsNeeded
    .flatMap((needed) => needed.versions)
    .filter((version) => /^GLIBC_\d/.test(version))
    .toSorted(compareVersions);
  const newest = versions.at(-1);
  return `${neededBy} needs ${name}, which is ${path}${newest === undefined ? '' : ` and asks for ${newest}`}.`;
}
