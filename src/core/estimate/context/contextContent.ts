import { type Dockerignore, parseDockerignore } from '../../dockerfile/ignore.ts';
import { type ContextFolder, type ContextTree, joinPath } from './contextTree.ts';
import { type CopiedRoot, findSources } from './copySources.ts';

/** What a `COPY` or `ADD` takes from the context. Plain, because it is sent to a worker; equal questions have equal text. */
export interface CopyQuestion {
  readonly sources: readonly string[];
  /** Values of `--exclude`. */
  readonly excludes: readonly string[];
  /** `ADD` unpacks the archives among single files. */
  readonly unpacks: boolean;
}

/** What a file unpacks to, as far as it can be said without unpacking it. */
export type ArchiveSize = { readonly isArchive: false } | { readonly isArchive: true; readonly bytes?: number };

/** A path of the context and what is sent of it. */
export interface WeighedPath {
  readonly path: string;
  readonly bytes: number;
  readonly isFolder: boolean;
}

export interface CopyAnswer {
  readonly bytes: number;
  readonly files: number;
  /** The heaviest parts, heaviest first, none inside another. */
  readonly largest: readonly WeighedPath[];
  /** Sources that name nothing that is sent: the build would fail. */
  readonly missing: readonly string[];
  /** Of these, those that are there, and that the ignore file keeps out. */
  readonly hidden: readonly string[];
  /** False: the walk did not reach everything, so that what is missing may be there. */
  readonly walked: boolean;
  /** False: something could not be read, unpacks to nobody knows how much, or is a link: it is at least that much. */
  readonly complete: boolean;
}

/** What one pattern of the ignore file keeps out, or takes back, by its place in the list. */
export interface Exclusion {
  readonly bytes: number;
  readonly files: number;
  readonly largest: readonly WeighedPath[];
}

/** How many paths an answer names. */
const named = 10;

/** What the sums need of a tree: files of a build context, or of an image. */
export type WeighedTree = Pick<ContextTree, 'root' | 'state' | 'onChange'>;

interface Total {
  readonly bytes: number;
  readonly files: number;
}

/**
 * Answers what is sent of a build context under one ignore file, and what each instruction takes of that. Sums of folders
 * are kept until the folder changes: after a change only the way up to the root is added up again.
 */
export class ContextContent implements Disposable {
  readonly #tree: WeighedTree;
  readonly #ignore: Dockerignore;
  readonly #archiveSize: (path: string) => ArchiveSize;
  readonly #subscription: Disposable;
  readonly #totals = new Map<ContextFolder, Total>();
  #exclusions: readonly Exclusion[] | undefined;

  /** @param archiveSize told the path of a file; asked only for what `ADD` may unpack. */
  constructor(tree: WeighedTree, ignoreText: string, archiveSize: (path: string) => ArchiveSize) {
    this.#tree = tree;
    this.#ignore = parseDockerignore(ignoreText);
    this.#archiveSize = archiveSize;
    this.#subscription = tree.onChange((folder) => this.#forget(folder));
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
  }

  /** What a `COPY` or `ADD` of these sources takes. */
  copied({ sources, excludes, unpacks }: CopyQuestion): CopyAnswer {
    const found = new Map<string, CopiedRoot>();
    const missing: string[] = [];
    const hidden: string[] = [];
    for (const source of sources) {
      const there = findSources(this.#tree.root, source);
      const roots = there.filter((root) => this.#isSent(root));
      if (roots.length === 0) missing.push(source);
      if (roots.length === 0 && there.length > 0) hidden.push(source);
      for (const root of roots) found.set(root.path, root);
    }
    const roots = [...found.values()];
    const excluded = excludes.length === 0 ? undefined : parseDockerignore(excludes.join('\n'));
    let isKnown = missing.length === 0;
    const parts = roots.map((root): SizedPart => {
      const whole = this.#weigh({ root, source: root.path }, excluded);
      if (root.kind === 'folder' || whole.files === 0) return whole;
      if (root.file.link === true) isKnown = false;
      const archive = unpacks ? this.#archiveSize(root.path) : { isArchive: false as const };
      if (!archive.isArchive) return whole;
      if (archive.bytes === undefined) isKnown = false;
      return { ...whole, bytes: archive.bytes ?? 0 };
    });
    const { complete, truncated, unreadable } = this.#tree.state;
    const walked =
      complete && !truncated && !unreadable.some((path) => roots.some((root) => isWithin(path, root.path)));
    return {
      bytes: sum(parts.map(({ bytes }) => bytes)),
      files: sum(parts.map(({ files }) => files)),
      largest: heaviest(parts, (part) => this.#open(part, excluded)),
      missing,
      hidden,
      walked,
      complete: isKnown && walked,
    };
  }

  /** What each pattern of the ignore file keeps out, and each exception takes back, in the order of the patterns. */
  excluded(): readonly Exclusion[] {
    if (this.#exclusions === undefined) {
      const patterns = this.#ignore.patterns.filter(({ negated }) => !negated);
      const exceptionless = parseDockerignore(patterns.map(({ text }) => text).join('\n'));
      this.#exclusions = excludedBy(this.#tree.root, this.#ignore, exceptionless);
    }
    return this.#exclusions;
  }

  #forget(changed: ContextFolder): void {
    this.#exclusions = undefined;
    for (let folder: ContextFolder | undefined = changed; folder; folder = folder.parent) this.#totals.delete(folder);
  }

  /** A folder that is ignored counts as sent while something in it is. */
  #isSent(root: CopiedRoot): boolean {
    if (root.path === '' || !this.#ignore.ignores(root.path, root.kind === 'folder')) return true;
    return root.kind === 'folder' && this.#total(root.folder).files > 0;
  }

  /** What is sent of a folder. With `excluded` nothing is kept: its patterns count from the source that is copied. */
  #total(folder: ContextFolder, excluded?: Dockerignore, source = ''): Total {
    if (excluded === undefined) {
      const known = this.#totals.get(folder);
      if (known !== undefined) return known;
    }
    let bytes = 0;
    let files = 0;
    for (const { name, bytes: own } of folder.files.values()) {
      const path = joinPath(folder.path, name);
      if (this.#ignore.ignores(path, false) || excluded?.ignores(relativeTo(path, source), false)) continue;
      bytes += own;
      files++;
    }
    for (const child of folder.folders.values()) {
      if (this.#ignore.canSkip(child.path) || excluded?.canSkip(relativeTo(child.path, source))) continue;
      const total = this.#total(child, excluded, source);
      bytes += total.bytes;
      files += total.files;
    }
    const total = { bytes, files };
    if (excluded === undefined) this.#totals.set(folder, total);
    return total;
  }

  #weigh(part: Part, excluded: Dockerignore | undefined): SizedPart {
    const { root, source } = part;
    if (root.kind === 'folder') return { ...part, ...this.#total(root.folder, excluded, source) };
    // A single file's patterns count from the folder that it is in.
    const path = root.path === source ? root.file.name : relativeTo(root.path, source);
    return excluded?.ignores(path, false)
      ? { ...part, bytes: 0, files: 0 }
      : { ...part, bytes: root.file.bytes, files: 1 };
  }

  /** What a folder holds that is sent. */
  #open({ root, source }: Part, excluded: Dockerignore | undefined): SizedPart[] {
    if (root.kind === 'file') return [];
    return childrenOf(root.folder)
      .filter((child) => child.kind === 'folder' || !this.#ignore.ignores(child.path, false))
      .map((child) => this.#weigh({ root: child, source }, excluded));
  }
}

interface Part {
  readonly root: CopiedRoot;
  /** The source that it is part of. */
  readonly source: string;
}
interface SizedPart extends Part, Total {}

/**
 * The parts that tell most: a folder gives way to its content where one part of that is nearly all of it, and the sources
 * themselves always do, because that `.` is large helps nobody.
 */
function heaviest(parts: readonly SizedPart[], open: (part: Part) => SizedPart[]): WeighedPath[] {
  const byWeight = (list: SizedPart[]): SizedPart[] =>
    list.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes || (a.root.path < b.root.path ? -1 : 1));
  const first = byWeight(parts.flatMap((part) => (part.root.kind === 'folder' ? open(part) : [part])));
  return first.slice(0, named).map((part) => {
    let at = part;
    for (let [child] = byWeight(open(at)); child && child.bytes >= at.bytes * 0.9; [child] = byWeight(open(at)))
      at = child;
    return { path: at.root.path, bytes: at.bytes, isFolder: at.root.kind === 'folder' };
  });
}

function childrenOf(folder: ContextFolder): CopiedRoot[] {
  return [
    ...[...folder.files.values()].map((file): CopiedRoot => {
      return { kind: 'file', path: joinPath(folder.path, file.name), file };
    }),
    ...[...folder.folders.values()].map((child): CopiedRoot => ({ kind: 'folder', path: child.path, folder: child })),
  ];
}

function excludedBy(root: ContextFolder, ignore: Dockerignore, exceptionless: Dockerignore): readonly Exclusion[] {
  const all = ignore.patterns.map(() => ({ bytes: 0, files: 0, paths: [] as WeighedPath[] }));
  const rankOf = new Map(ignore.patterns.map((pattern, rank) => [pattern, rank]));
  const count = (path: string, isFolder: boolean, { bytes, files }: Total): void => {
    const pattern = ignore.decidedBy(path, isFolder);
    // An exception takes back only what other patterns keep out.
    if (pattern === undefined || (pattern.negated && !exceptionless.ignores(path, isFolder))) return;
    const exclusion = all[rankOf.get(pattern)!]!;
    exclusion.bytes += bytes;
    exclusion.files += files;
    exclusion.paths.push({ path, bytes, isFolder });
    // Only the heaviest are named, so the rest need not be kept.
    if (exclusion.paths.length > 50 * named) exclusion.paths = heaviestPaths(exclusion.paths);
  };
  const visit = (folder: ContextFolder): void => {
    for (const { name, bytes } of folder.files.values()) count(joinPath(folder.path, name), false, { bytes, files: 1 });
    for (const child of folder.folders.values()) {
      if (ignore.canSkip(child.path)) count(child.path, true, wholeOf(child));
      else visit(child);
    }
  };
  visit(root);
  return all.map(({ bytes, files, paths }) => ({ bytes, files, largest: heaviestPaths(paths) }));
}

function heaviestPaths(paths: WeighedPath[]): WeighedPath[] {
  return paths.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)).slice(0, named);
}

function wholeOf(folder: ContextFolder): Total {
  let files = folder.files.size;
  let bytes = 0;
  for (const file of folder.files.values()) bytes += file.bytes;
  for (const child of folder.folders.values()) {
    const whole = wholeOf(child);
    files += whole.files;
    bytes += whole.bytes;
  }
  return { bytes, files };
}

function relativeTo(path: string, source: string): string {
  return source === '' ? path : path.slice(source.length + 1);
}

function isWithin(path: string, root: string): boolean {
  return root === '' || path === root || path.startsWith(`${root}/`);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
