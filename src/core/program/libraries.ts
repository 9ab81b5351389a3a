import { type ElfFile, readElf } from './elf.ts';
import { baseName, type FileSystem, folderOf, followToFile, inFolder, readText } from './fileSystem.ts';
import { configuredFolders, linkerCacheOf } from './linkerCache.ts';

/** The C library that a program's interpreter belongs to. */
export type Libc = 'glibc' | 'musl' | 'other';

/** A library that a loader would map for a program. */
export interface LoadedLibrary {
  /** The file, links followed. */
  readonly path: string;
  /** The name that asked for it first, and the file that did. */
  readonly name: string;
  readonly neededBy: string;
  readonly elf: ElfFile;
}

export interface LibraryProblem {
  readonly code: 'library-missing' | 'version-missing' | 'wrong-machine' | 'damaged';
  /** The library by the name that is asked for. */
  readonly library: string;
  readonly neededBy: string;
  /** Of `version-missing`: `GLIBC_2.34`. */
  readonly version?: string;
  /** One sentence. */
  readonly message: string;
}

export interface LibraryClosure {
  readonly libc: Libc;
  readonly libraries: readonly LoadedLibrary[];
  readonly problems: readonly LibraryProblem[];
}

export interface LoaderSettings {
  /** What loads it: of a program its own interpreter, of a module that of the program that opens it. */
  readonly interpreter: string;
  /** The interpreter's file, links followed; absent where it is not there. */
  readonly loader?: string;
  readonly env: ReadonlyMap<string, string>;
  readonly workingDir: string;
  readonly signal: AbortSignal;
}

/** As many libraries as no program has. */
const mostLibraries = 1000;

export function libcOf(interpreter: string): Libc {
  const name = baseName(interpreter);
  if (name.startsWith('ld-musl-')) return 'musl';
  return /^ld-linux|^ld64?\.so|^ld-\d|^ld\.so/.test(name) ? 'glibc' : 'other';
}

/**
 * The libraries that the loader of a dynamic program maps, as glibc (https://man7.org/linux/man-pages/man8/ld.so.8.html)
 * or musl (ldso/dynlink.c there) looks for them, breadth first, and what it would not find. What a program opens by name
 * while it runs is not in it. Rejects where a file cannot be read.
 */
export async function libraryClosure(
  files: FileSystem,
  program: string,
  elf: ElfFile,
  settings: LoaderSettings,
): Promise<LibraryClosure> {
  const closure = new Closure(files, program, elf, settings);
  await closure.load();
  return { libc: closure.libc, libraries: closure.libraries, problems: closure.problems };
}

/** A mapped file, and through whom it came: its folders count for what it needs. */
interface Mapped {
  readonly path: string;
  readonly elf: ElfFile;
  readonly loadedBy?: Mapped;
}

class Closure {
  readonly libc: Libc;
  readonly libraries: LoadedLibrary[] = [];
  readonly problems: LibraryProblem[] = [];
  readonly #files: FileSystem;
  readonly #program: Mapped;
  readonly #settings: LoaderSettings;
  /** By every name that it answers to. */
  readonly #byName = new Map<string, Mapped>();
  readonly #missing = new Set<string>();
  #cache: Promise<ReadonlyMap<string, readonly string[]>> | undefined;
  #systemFolders: Promise<readonly string[]> | undefined;

  constructor(files: FileSystem, program: string, elf: ElfFile, settings: LoaderSettings) {
    this.#files = files;
    this.#settings = settings;
    this.#program = { path: program, elf };
    this.libc = libcOf(settings.interpreter);
  }

  async load(): Promise<void> {
    const mapped = [this.#program];
    await this.#mapLoader();
    const preload = (this.#settings.env.get('LD_PRELOAD') ?? '').split(/[\s:]+/).filter((name) => name !== '');
    for (let at = 0; at < mapped.length && this.libraries.length < mostLibraries; at++) {
      const by = mapped[at]!;
      for (const name of at === 0 ? [...preload, ...by.elf.needed] : by.elf.needed) {
        if (this.#byName.has(name) || this.#missing.has(name) || this.#isOwnName(name)) continue;
        const found = await this.#find(name, by);
        if (found !== undefined) mapped.push(found);
      }
    }
    for (const object of mapped) this.#checkVersions(object);
  }

  /** The loader is mapped before all else, and is a library too: `ld-linux-x86-64.so.2`. */
  async #mapLoader(): Promise<void> {
    const { loader, interpreter } = this.#settings;
    if (loader === undefined) return;
    const elf = await this.#read(loader);
    if (elf === undefined) return;
    const mapped: Mapped = { path: loader, elf };
    this.#byName.set(baseName(interpreter), mapped);
    if (elf.soname !== undefined) this.#byName.set(elf.soname, mapped);
  }

  /** musl is its own loader, and all of these in one. */
  #isOwnName(name: string): boolean {
    return this.libc === 'musl' && /^lib(?:c|pthread|rt|m|dl|util|xnet)\./.test(name);
  }

  async #find(name: string, by: Mapped): Promise<Mapped | undefined> {
    let wrong: string | undefined;
    for await (const candidate of this.#candidates(name, by)) {
      this.#settings.signal.throwIfAborted();
      const place = followToFile(this.#files, candidate);
      if (place === undefined) continue;
      const known = [...this.#byName.values()].find(({ path }) => path === place.path);
      if (known !== undefined) {
        this.#byName.set(name, known);
        return undefined;
      }
      const elf = await this.#read(place.path);
      const { machine, bits } = this.#program.elf;
      if (elf?.machine !== machine || elf.bits !== bits) {
        wrong ??= place.path;
        continue;
      }
      const mapped: Mapped = { path: place.path, elf, loadedBy: by };
      this.#byName.set(name, mapped);
      if (elf.soname !== undefined && !this.#byName.has(elf.soname)) this.#byName.set(elf.soname, mapped);
      this.libraries.push({ path: place.path, name, neededBy: by.path, elf });
      return mapped;
    }
    this.#missing.add(name);
    const isConfigured = await this.#onlyConfigured(name);
    this.problems.push(
      wrong === undefined
        ? {
            code: 'library-missing',
            library: name,
            neededBy: by.path,
            message: `${by.path} needs the library ${name}, which is ${
              isConfigured === undefined
                ? 'not there.'
                : `at ${isConfigured}, where the loader does not look before ldconfig has run.`
            }`,
          }
        : {
            code: 'wrong-machine',
            library: name,
            neededBy: by.path,
            message: `${by.path} needs the library ${name}, and ${wrong} is damaged or for another processor.`,
          },
    );
    return undefined;
  }

  async *#candidates(name: string, by: Mapped): AsyncGenerator<string> {
    if (name.includes('/')) {
      yield inFolder(this.#settings.workingDir, expanded(name, by.path, this.#libFolder));
      return;
    }
    const inFolders = (folders: readonly string[]): string[] => folders.map((folder) => inFolder(folder, name));
    const libraryPath = (this.#settings.env.get('LD_LIBRARY_PATH') ?? '')
      .split(/[:;]/)
      .filter((folder) => folder !== '');
    const before = libraryPath.map((folder) =>
      inFolder(this.#settings.workingDir, expanded(folder, this.#program.path, this.#libFolder)),
    );
    if (this.libc === 'musl') {
      yield* inFolders(before);
      for (let at: Mapped | undefined = by; at !== undefined; at = at.loadedBy) {
        yield* inFolders(this.#ownFolders(at, [...(at.elf.runpath.length > 0 ? at.elf.runpath : at.elf.rpath)]));
      }
      yield* inFolders(await this.#musl());
      return;
    }
    // A DT_RPATH counts for all that its file brings in; a DT_RUNPATH puts it out of force, and counts for its own needs only.
    if (by.elf.runpath.length === 0) {
      for (let at: Mapped | undefined = by; at !== undefined; at = at.loadedBy) {
        if (at.elf.runpath.length === 0) yield* inFolders(this.#ownFolders(at, at.elf.rpath));
      }
    }
    yield* inFolders(before);
    yield* inFolders(this.#ownFolders(by, by.elf.runpath));
    if (by.elf.noDefaultFolders) return;
    yield* (await this.#linkerCache()).get(name) ?? [];
    yield* inFolders(this.#defaultFolders);
  }

  #ownFolders(of: Mapped, folders: readonly string[]): string[] {
    return folders.map((folder) => inFolder(this.#settings.workingDir, expanded(folder, of.path, this.#libFolder)));
  }

  /** Debian's, and its children's, loader looks in the multiarch folders first; those of others in `lib64`. */
  get #defaultFolders(): readonly string[] {
    const { machine, bits } = this.#program.elf;
    const triplets = multiarch[machine] ?? [];
    const wide = bits === 64 ? ['/lib64', '/usr/lib64'] : [];
    const many = triplets.flatMap((triplet) => [`/lib/${triplet}`, `/usr/lib/${triplet}`]);
    return [...many, ...wide, '/lib', '/usr/lib'];
  }

  get #libFolder(): string {
    const { machine, bits } = this.#program.elf;
    const triplet = multiarch[machine]?.find((name) => this.#files.entry(`/usr/lib/${name}`) !== undefined);
    return triplet === undefined ? (bits === 64 ? 'lib64' : 'lib') : `lib/${triplet}`;
  }

  #linkerCache(): Promise<ReadonlyMap<string, readonly string[]>> {
    this.#cache ??= linkerCacheOf(this.#files, this.#program.elf.endian, this.#settings.signal);
    return this.#cache;
  }

  #musl(): Promise<readonly string[]> {
    this.#systemFolders ??= (async () => {
      const config = `/etc/${baseName(this.#settings.interpreter).replace(/\.so\.1$/, '.path')}`;
      const place = followToFile(this.#files, config);
      if (place === undefined) return ['/lib', '/usr/local/lib', '/usr/lib'];
      const text = await readText(this.#files, place.path, 1 << 16, this.#settings.signal);
      return text.split(/[:\n]/).filter((folder) => folder !== '');
    })();
    return this.#systemFolders;
  }

  /** A file of this name in a folder of `ld.so.conf`, that the cache does not know. */
  async #onlyConfigured(name: string): Promise<string | undefined> {
    if (this.libc !== 'glibc' || name.includes('/')) return undefined;
    for (const folder of await configuredFolders(this.#files, this.#settings.signal)) {
      const place = followToFile(this.#files, inFolder(folder, name));
      if (place !== undefined) return place.path;
    }
    return undefined;
  }

  async #read(path: string): Promise<ElfFile | undefined> {
    const elf = await readElf(await this.#files.open(path, this.#settings.signal));
    if (elf.kind === 'damaged') {
      this.problems.push({
        code: 'damaged',
        library: baseName(path),
        neededBy: path,
        message: `${path} is a damaged ELF file: ${elf.message}`,
      });
    }
    return elf.kind === 'elf' ? elf : undefined;
  }

  /** A library without any versions gives a warning only, as in ld.so. */
  #checkVersions({ path, elf }: Mapped): void {
    for (const { library, versions } of elf.versionsNeeded) {
      const offered = this.#byName.get(library)?.elf.versionsDefined;
      if (offered === undefined || offered.length === 0) continue;
      for (const version of versions) {
        if (offered.includes(version)) continue;
        const newest = newestVersion(offered, version.replace(/_.*/, ''));
        this.problems.push({
          code: 'version-missing',
          library,
          neededBy: path,
          version,
          message: `${path} needs ${version} of ${library}, ${newest === undefined ? 'which it does not have.' : `whose newest is ${newest}.`}`,
        });
      }
    }
  }
}

/** Debian's names of its library folders: https://wiki.debian.org/Multiarch/Tuples. */
const multiarch: Readonly<Record<string, readonly string[]>> = {
  amd64: ['x86_64-linux-gnu'],
  '386': ['i386-linux-gnu'],
  arm64: ['aarch64-linux-gnu'],
  arm: ['arm-linux-gnueabihf', 'arm-linux-gnueabi'],
  ppc64le: ['powerpc64le-linux-gnu'],
  s390x: ['s390x-linux-gnu'],
  riscv64: ['riscv64-linux-gnu'],
  loong64: ['loongarch64-linux-gnu'],
  mipsle: ['mipsel-linux-gnu', 'mips64el-linux-gnuabi64'],
};

function expanded(path: string, origin: string, lib: string): string {
  return path.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, folderOf(origin)).replace(/\$(?:LIB|\{LIB\})/g, lib);
}

/** The newest of the versions of a family: of `GLIBC_2.4` and `GLIBC_2.34` the second. Private ones have no number. */
export function newestVersion(versions: readonly string[], family: string): string | undefined {
  const numbered = versions.filter((version) => version.startsWith(`${family}_`) && /_\d[\d.]*$/.test(version));
  return numbered.toSorted((a, b) => compareVersions(a, b)).at(-1);
}

export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] {
  return (/[\d.]+$/.exec(version)?.[0] ?? '').split('.').map(Number);
}
