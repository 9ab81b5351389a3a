import { parseJson } from '../../json.ts';
import { type ContextFolder, findFolder, joinPath } from './contextTree.ts';

/** What an installation of Node.js packages weighs, by what the machine of the user has installed. */
export interface InstalledModules {
  readonly packages: readonly InstalledPackage[];
  /** False: the lock file is not there or not readable, so development packages are not told apart. */
  readonly hasLock: boolean;
  /** False: packages of the lock file are not installed here. */
  readonly complete: boolean;
}

export interface InstalledPackage {
  /** `@scope/name` or `name`. */
  readonly name: string;
  readonly bytes: number;
  /** Not installed with `--omit=dev`. */
  readonly development: boolean;
  /** Not installed with `--omit=optional`. */
  readonly optional: boolean;
}

interface LockEntry {
  readonly dev: boolean;
  readonly optional: boolean;
  readonly isLink: boolean;
}

const modulesFolder = 'node_modules';

/**
 * Weighs the packages of a project in the context. Undefined where none are installed.
 *
 * @param lockText npm's `package-lock.json` (version 2 or 3), where there is one.
 */
export function installedModules(
  root: ContextFolder,
  project: string,
  lockText: string | undefined,
): InstalledModules | undefined {
  const modules = findFolder(root, joinPath(project, modulesFolder));
  if (modules === undefined || modules.folders.size === 0) return undefined;
  const lock = lockText === undefined ? undefined : readLock(lockText);
  if (lock === undefined) {
    const packages = topPackages(modules).map(({ name, folder }): InstalledPackage => {
      return { name, bytes: bytesOf(folder, true), development: false, optional: false };
    });
    return { packages, hasLock: false, complete: true };
  }
  const packages: InstalledPackage[] = [];
  let complete = true;
  for (const [path, { dev, optional, isLink }] of lock) {
    if (isLink) continue;
    const folder = findFolder(root, joinPath(project, path));
    // Optional packages are those of other platforms, most of them.
    if (folder === undefined) complete &&= optional;
    else packages.push({ name: packageName(path), bytes: bytesOf(folder, false), development: dev, optional });
  }
  return { packages, hasLock: true, complete };
}

/** The packages of a lock file by their folder; undefined for what is no lock file with folders. */
function readLock(text: string): ReadonlyMap<string, LockEntry> | undefined {
  const packages = field(parseJson(text), 'packages');
  if (typeof packages !== 'object' || packages === null) return undefined;
  return new Map(
    Object.entries(packages)
      .filter(([path]) => path.split('/').includes(modulesFolder))
      .map(([path, entry]: [string, unknown]) => {
        // Needed by development and optional packages only: left out where either is.
        const either = field(entry, 'devOptional') === true;
        const dev = field(entry, 'dev') === true || either;
        const optional = field(entry, 'optional') === true || either;
        return [path, { dev, optional, isLink: field(entry, 'link') === true }];
      }),
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function packageName(path: string): string {
  return path.slice(path.lastIndexOf(`${modulesFolder}/`) + modulesFolder.length + 1);
}

function topPackages(modules: ContextFolder): { readonly name: string; readonly folder: ContextFolder }[] {
  return [...modules.folders].flatMap(([name, folder]) =>
    name.startsWith('@')
      ? [...folder.folders].map(([part, inner]) => ({ name: `${name}/${part}`, folder: inner }))
      : [{ name, folder }],
  );
}

/** The bytes of a package's own files, or with the packages installed inside of it. */
function bytesOf(folder: ContextFolder, withModules: boolean): number {
  let bytes = 0;
  for (const file of folder.files.values()) bytes += file.bytes;
  for (const [name, child] of folder.folders) {
    if (withModules || name !== modulesFolder) bytes += bytesOf(child, withModules);
  }
  return bytes;
}
