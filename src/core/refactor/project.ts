import type { FileText } from './refactoring.ts';

/**
 * What a refactoring may know of the files beside a Dockerfile: the build context as the builder gets it, after
 * `.dockerignore`, and those who use the image. Answers at once from what was loaded; what was asked for and not loaded is in
 * `wanted`, to be loaded before the question is asked again. So nothing here waits, and nothing reads more than is needed.
 */
export interface Project {
  /** All files, relative to the context, with slashes, sorted. Folders are those of their files. */
  readonly files: readonly string[];
  /** False where the context is larger than what was walked: then a file that is not listed may be there. */
  readonly complete: boolean;
  /** True for a file or a folder. `''` and `.` are the context itself. */
  has(path: string): boolean;
  /** The files at or below a folder, or the file itself; relative to the context. */
  below(path: string): readonly string[];
  /** The text of a file; undefined where there is none, where it is no text or too large, and where it is not loaded yet. */
  text(path: string): string | undefined;
  /** Bytes at or below a path; undefined where there is none. */
  bytes(path: string): number | undefined;
  /** Compose services, development containers and others that start this image or name one of its stages. */
  readonly consumers: readonly Consumer[];
  /** Those of whom nothing says whether it is this image that they start. */
  readonly possible: readonly PossibleConsumer[];
  /** What is known of the builder from CI files: `false` where one without BuildKit is used. */
  readonly buildKit: boolean;
  /** The ignore file that counts, also where it keeps itself out of the context; absent where there is none. */
  readonly ignoreFile?: FileText;
}

/** Somebody outside of the Dockerfile who uses its image. */
export interface Consumer {
  /** Relative to the context, or to the workspace. */
  readonly file: string;
  /** One-based. */
  readonly line: number;
  /** `service web`, `development container`. */
  readonly name: string;
  /** The stage that it builds. */
  readonly target?: string;
  /** `--build-arg` values that it builds with, as far as they stand in its file. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** What it runs instead of the image's own; a text is for a shell. */
  readonly command?: string | readonly string[];
  readonly entrypoint?: string | readonly string[];
  /** What its health check runs; a text is for a shell. */
  readonly healthcheck?: string | readonly string[];
  /** Its health check is all that it runs: who starts the container is a consumer, too. */
  readonly isProbe?: true;
  readonly user?: string;
  /** The folder that it starts in instead of the image's own; absolute, with no slash at the end. */
  readonly workingDir?: string;
  /** Absolute paths in the container that something is mounted over. */
  readonly mounts: readonly string[];
}

/** Whether somebody starts what the image itself starts, in another folder than the image does. */
export function startsElsewhere({ workingDir, command, entrypoint, isProbe }: Consumer, imageFolder: string): boolean {
  const isOwnStart = command === undefined && entrypoint === undefined && isProbe !== true;
  return isOwnStart && workingDir !== undefined && workingDir !== imageFolder;
}

/** Somebody who starts an image that may be this one. */
export interface PossibleConsumer {
  readonly file: string;
  /** One-based. */
  readonly line: number;
  /** A clause: `container web starts ghcr.io/acme/web with a command or a user of its own`. */
  readonly what: string;
}

type Texts = Pick<Project, 'files' | 'text'>;

/** The texts of the files whose paths fit, empty for one without. */
export function textsOf(project: Texts, path: RegExp): readonly string[] {
  return project.files.filter((file) => path.test(file)).map((file) => project.text(file) ?? '');
}

/** The first file whose path and text fit. */
export function fileWith(project: Texts, path: RegExp, text: RegExp): string | undefined {
  return project.files.find((file) => path.test(file) && text.test(project.text(file) ?? ''));
}

/** A file of the context that is known by name and size, and perhaps by its text. */
export interface KnownFile {
  readonly path: string;
  readonly bytes: number;
}

/** A project whose texts are loaded on demand: run the question, load what is `wanted`, run it again. */
export class LoadedProject implements Project {
  readonly files: readonly string[];
  readonly complete: boolean;
  readonly consumers: readonly Consumer[];
  readonly possible: readonly PossibleConsumer[];
  readonly buildKit: boolean;
  readonly ignoreFile?: FileText;
  /** Files whose text was asked for and is not loaded. */
  readonly wanted = new Set<string>();
  readonly #sizes = new Map<string, number>();
  readonly #texts: ReadonlyMap<string, string | undefined>;

  /**
   * @param texts what was loaded; undefined for a file that cannot be read as text.
   */
  constructor(
    files: readonly KnownFile[],
    texts: ReadonlyMap<string, string | undefined>,
    {
      complete = true,
      consumers = [],
      possible = [],
      buildKit = true,
      ignoreFile,
    }: Partial<Pick<Project, 'complete' | 'consumers' | 'possible' | 'buildKit' | 'ignoreFile'>> = {},
  ) {
    const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    this.files = sorted.map(({ path }) => path);
    this.complete = complete;
    this.consumers = consumers;
    this.possible = possible;
    this.buildKit = buildKit;
    if (ignoreFile !== undefined) this.ignoreFile = ignoreFile;
    this.#texts = texts;
    for (const { path, bytes } of sorted) {
      this.#sizes.set(path, bytes);
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
        const folder = path.slice(0, end);
        this.#sizes.set(folder, (this.#sizes.get(folder) ?? 0) + bytes);
      }
      this.#sizes.set('', (this.#sizes.get('') ?? 0) + bytes);
    }
  }

  has(path: string): boolean {
    return this.#sizes.has(relative(path));
  }

  below(path: string): readonly string[] {
    const at = relative(path);
    if (at === '') return this.files;
    const start = this.#firstFrom(at);
    if (this.files[start] === at) return [at];
    const first = this.#firstFrom(`${at}/`);
    let end = first;
    while (this.files[end]?.startsWith(`${at}/`) === true) end++;
    return this.files.slice(first, end);
  }

  text(path: string): string | undefined {
    const at = relative(path);
    if (this.#texts.has(at)) return this.#texts.get(at);
    if (this.files[this.#firstFrom(at)] === at) this.wanted.add(at);
    return undefined;
  }

  bytes(path: string): number | undefined {
    return this.#sizes.get(relative(path));
  }

  /** The place of the first file that is not before a path. */
  #firstFrom(path: string): number {
    let low = 0;
    let high = this.files.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.files[middle]! < path) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Without `./`, `.` and slashes at the ends: how the context names its files. */
function relative(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
