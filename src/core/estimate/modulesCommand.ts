import type { ShellCommand } from '../dockerfile/shellScript.ts';
import type { InstalledModules, InstalledPackage } from './context/installedModules.ts';
import type { WeightBuilder } from './weight.ts';

/** An installation of a project's Node.js packages. */
export interface ModulesCommand {
  readonly manager: 'npm' | 'yarn' | 'pnpm';
  readonly development: boolean;
  readonly optional: boolean;
}

/** Where each manager keeps what it downloads, for root. */
const caches: Readonly<Record<ModulesCommand['manager'], string>> = {
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

/** Adds what the project has installed on the user's machine, which is what the image will have, platform apart. */
export function modulesWeight(
  { manager, development, optional }: ModulesCommand,
  modules: InstalledModules | undefined,
  isMounted: (path: string) => boolean,
  builder: WeightBuilder,
): void {
  if (modules === undefined) {
    builder.lack('modules', manager);
    return;
  }
  const isWanted = (found: InstalledPackage): boolean =>
    (development || !found.development) && (optional || !found.optional);
  const wanted = modules.packages.filter(isWanted);
  builder.add(
    wanted.reduce((sum, { bytes }) => sum + bytes, 0),
    wanted.map(({ name, bytes }) => ({ kind: 'module', name, bytes })),
  );
  if (!modules.complete || (!development && !modules.hasLock)) builder.lack('modules', manager);
  if (!isMounted(caches[manager])) builder.lack('cache', manager);
}
