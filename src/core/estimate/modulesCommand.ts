import type { ShellCommand } from '../dockerfile/shellScript.ts';
import type { InstalledModules, InstalledPackage } from './context/installedModules.ts';
import type { NodeManager } from './context/contextQuestion.ts';
import type { WeightPart } from './weight.ts';

/** An installation of a project's Node.js packages. */
export interface ModulesCommand {
  readonly manager: NodeManager;
  readonly development: boolean;
  readonly optional: boolean;
}

/** Where each manager keeps what it downloads, for root. */
const caches: Readonly<Record<NodeManager, string>> = {
  npm: '/root/.npm',
  yarn: '/usr/local/share/.cache/yarn',
  pnpm: '/root/.local/share/pnpm/store',
};

/** Reads `npm ci`, `npm install`, `yarn`, `pnpm install`; undefined for what installs other packages than the project's. */
export function readModulesCommand({ name, words }: ShellCommand): ModulesCommand | undefined {
  if (name !== 'npm' && name !== 'yarn' && name !== 'pnpm') return undefined;
  const values = words.slice(1).map(({ value }) => value);
  if (values.includes(undefined)) return undefined;
  const options = (values as string[]).filter((value) => value.startsWith('-'));
  const [action, ...more] = (values as string[]).filter((value) => !value.startsWith('-'));
  const installs =
    name === 'yarn'
      ? action === undefined || action === 'install'
      : ['ci', 'install', 'i', 'clean-install'].includes(action ?? '');
  if (
    !installs ||
    more.length > 0 ||
    options.some((option) => /^(?:-g|--global|--prefix|--lockfile-only)/.test(option))
  )
    return undefined;
  const has = (...patterns: RegExp[]): boolean =>
    options.some((option) => patterns.some((pattern) => pattern.test(option)));
  return {
    manager: name,
    development: !has(/^--omit=dev$/, /^--only=prod/, /^--production(?:=true)?$/, /^--prod$/, /^-P$/),
    optional: !has(/^--omit=optional$/, /^--no-optional$/, /^--ignore-optional$/),
  };
}

/** What is known of a project's packages, best first: what is installed beside the Dockerfile, what the lock file names. */
export interface KnownModules {
  readonly installed: InstalledModules | undefined;
  /** Asked only where what is installed does not tell all. */
  readonly locked: () => InstalledModules | 'awaited' | 'unknown';
}

/** What a command installs. */
export interface ModulesWeight {
  readonly bytes: number;
  readonly parts: readonly WeightPart[];
  /** False: it is at least that much. */
  readonly complete: boolean;
}

/**
 * What a project's packages weigh: as they are installed on the user's machine, which is what the image will have, platform
 * apart; else as the lock file's registry says.
 */
export function modulesWeight(
  { development, optional }: ModulesCommand,
  { installed, locked }: KnownModules,
): ModulesWeight | 'awaited' {
  const tellsAll = (modules: InstalledModules | undefined): boolean =>
    modules?.complete === true && (development || modules.hasLock);
  const fromLock = tellsAll(installed) ? 'unknown' : locked();
  if (fromLock === 'awaited') return 'awaited';
  const modules = fromLock !== 'unknown' && (installed === undefined || fromLock.complete) ? fromLock : installed;
  const isWanted = (found: InstalledPackage): boolean =>
    (development || !found.development) && (optional || !found.optional);
  const wanted = (modules?.packages ?? []).filter(isWanted);
  return {
    bytes: wanted.reduce((sum, { bytes }) => sum + bytes, 0),
    parts: wanted.map(({ name, bytes }) => ({ kind: 'module', name, bytes })),
    complete: tellsAll(modules),
  };
}

/** Where a manager keeps what it downloads, for root. */
export function moduleCache({ manager }: ModulesCommand): string {
  return caches[manager];
}
