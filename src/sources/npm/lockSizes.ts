import type { Platform } from '../../core/base/baseSize.ts';
import type { ContextAnswer } from '../../core/estimate/context/contextQuestion.ts';
import type { InstalledModules, InstalledPackage } from '../../core/estimate/context/installedModules.ts';
import type { LockedPackage } from '../../core/estimate/lock/lockedPackage.ts';
import { mapLimited } from '../registry/mapLimited.ts';
import type { NpmPackage, NpmPackages } from './npmPackages.ts';

/** The largest projects have some thousands; beyond, sums are lower bounds. */
const mostPackages = 5000;
const atATime = 12;

/**
 * What the packages of a lock file take once they are installed, by what their registry says. Undefined where there is no lock
 * file. Throws only the signal's reason.
 */
export async function lockSizes(
  { packages, npmrc }: Extract<ContextAnswer, { kind: 'lock' }>,
  platform: Platform,
  registry: Pick<NpmPackages, 'lookUp'>,
  signal: AbortSignal,
): Promise<InstalledModules | undefined> {
  if (packages === undefined) return undefined;
  const asked = packages.slice(0, mostPackages);
  const found = await mapLimited(asked, atATime, signal, (each, until) => registry.lookUp(each, npmrc, until));
  const sized = asked.map((each, at) => sizedPackage(each, found[at], platform));
  return {
    packages: sized.filter((each) => each !== undefined),
    hasLock: true,
    complete:
      packages.length === asked.length &&
      sized.every((each, at) => each !== undefined || isLeftOut(found[at], platform)),
  };
}

function sizedPackage(
  { name, development, optional }: LockedPackage,
  found: NpmPackage | undefined,
  platform: Platform,
): InstalledPackage | undefined {
  if (found?.bytes === undefined || isLeftOut(found, platform)) return undefined;
  return { name, bytes: found.bytes, development, optional };
}

/** Package managers leave out what is not for the platform that they run on. */
function isLeftOut(found: NpmPackage | undefined, platform: Platform): boolean {
  const [os = '', architecture = ''] = platform.split('/');
  const cpu = nodeNames[architecture] ?? architecture;
  return !allows(found?.os, os === 'windows' ? 'win32' : os) || !allows(found?.cpu, cpu);
}

const nodeNames: Readonly<Record<string, string>> = { amd64: 'x64', '386': 'ia32', ppc64le: 'ppc64' };

function allows(list: readonly string[] | undefined, name: string): boolean {
  if (list === undefined || list.length === 0) return true;
  const [refused, allowed] = [
    list.filter((each) => each.startsWith('!')),
    list.filter((each) => !each.startsWith('!')),
  ];
  return !refused.includes(`!${name}`) && (allowed.length === 0 || allowed.includes(name) || allowed.includes('any'));
}
