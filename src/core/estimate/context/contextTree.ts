import { baseName } from '../../program/fileSystem.ts';

/** What stands directly in one folder of a build context. */
export interface FolderListing {
  /** Relative to the context, with slashes; empty for the context itself. */
  readonly path: string;
  readonly files: readonly ListedFile[];
  readonly folders: readonly string[];
}

export interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  /** A symbolic link: sent as such, of no bytes. */
  readonly link?: boolean;
}

export interface ContextFolder {
  readonly path: string;
  readonly parent: ContextFolder | undefined;
  readonly files: ReadonlyMap<string, ListedFile>;
  readonly folders: ReadonlyMap<string, ContextFolder>;
}

interface OpenFolder extends ContextFolder {
  readonly parent: OpenFolder | undefined;
  files: Map<string, ListedFile>;
  readonly folders: Map<string, OpenFolder>;
}

/** How much was walked, and what of it could not be. */
export interface ContextState {
  /** False while the walk goes on: sums are lower bounds. */
  readonly complete: boolean;
  /** The walk ended at its limit of entries or depth: sums are lower bounds. */
  readonly truncated: boolean;
  /** Folders that could not be read, relative to the context. */
  readonly unreadable: readonly string[];
}

/**
 * The files of a build context and their sizes, ignored ones too, so that what an ignore file changes is known without
 * reading the disk again. It takes one folder at a time, as the walk or a change on disk brings it.
 */
export class ContextTree {
  readonly #root: OpenFolder = { path: '', parent: undefined, files: new Map(), folders: new Map() };
  readonly #unreadable = new Set<string>();
  readonly #listeners = new Set<(folder: ContextFolder) => void>();
  complete = false;
  truncated = false;

  get root(): ContextFolder {
    return this.#root;
  }

  get state(): ContextState {
    return { complete: this.complete, truncated: this.truncated, unreadable: [...this.#unreadable] };
  }

  /** Hears of each folder whose content is no longer what it was; its parents are not named. */
  onChange(listener: (folder: ContextFolder) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Takes what a folder holds now. Subfolders that it still has keep their content. */
  setFolder({ path, files, folders }: FolderListing): void {
    const folder = this.#make(path);
    folder.files = new Map(files.map((file) => [file.name, file]));
    const names = new Set(folders);
    for (const name of folder.folders.keys()) if (!names.has(name)) folder.folders.delete(name);
    for (const name of names) if (!folder.folders.has(name)) folder.folders.set(name, emptyFolder(folder, name));
    this.#unreadable.delete(path);
    this.#tell(folder);
  }

  has(path: string): boolean {
    return findFolder(this.#root, path) !== undefined;
  }

  setUnreadable(path: string): void {
    this.#unreadable.add(path);
  }

  /** Takes a folder away with all that is in it. */
  remove(path: string): void {
    const folder = findFolder(this.#root, path) as OpenFolder | undefined;
    if (folder?.parent === undefined) return;
    folder.parent.folders.delete(baseName(path));
    for (const other of this.#unreadable) if (`${other}/`.startsWith(`${path}/`)) this.#unreadable.delete(other);
    this.#tell(folder.parent);
  }

  #tell(folder: ContextFolder): void {
    for (const listener of this.#listeners) listener(folder);
  }

  #make(path: string): OpenFolder {
    let folder = this.#root;
    for (const name of path === '' ? [] : path.split('/')) {
      let next = folder.folders.get(name);
      if (next === undefined) folder.folders.set(name, (next = emptyFolder(folder, name)));
      folder = next;
    }
    return folder;
  }
}

function emptyFolder(parent: OpenFolder, name: string): OpenFolder {
  return { path: joinPath(parent.path, name), parent, files: new Map(), folders: new Map() };
}

/** The folder of a path; undefined where there is none. */
export function findFolder(root: ContextFolder, path: string): ContextFolder | undefined {
  let folder: ContextFolder | undefined = root;
  for (const name of path === '' ? [] : path.split('/')) folder = folder?.folders.get(name);
  return folder;
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
