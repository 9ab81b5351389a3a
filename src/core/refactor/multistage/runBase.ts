import { lookUpSizes } from '../../base/catalogue.ts';
import { entries } from '../../base/catalogueRows.ts';
import { currentDistrolessDebian, isPublishedDistroless } from '../../base/distroless.ts';
import { baseFacts } from '../../base/facts.ts';
import { baseConfig, type BaseConfig } from '../../base/imageConfig.ts';
import { parseReference } from '../../base/reference.ts';
import type { Distribution } from '../../base/release.ts';
import { compareVersions } from '../../base/tag.ts';
import { isPlainShell } from '../../dockerfile/interpreter.ts';
import { baseName } from '../../program/fileSystem.ts';
import type { Size } from '../../size.ts';
import { isInSystem, packageOf } from '../systemPrograms.ts';
import type { ShellUser, StartedProgram } from '../whatStarts.ts';
import { block } from './blocked.ts';
import type { ImageBase, RunProgram } from './ecosystem.ts';
import type { Subject } from './subject.ts';

/** What the run stage needs beside its program. */
export interface RunNeeds {
  /** Who needs a shell that cannot be done without. */
  readonly shellUsers: readonly ShellUser[];
  /** Packages of the build stage's distribution. */
  readonly packages: readonly string[];
  /** Packages that the build stage finds out. */
  readonly computesPackages: boolean;
  /** Programs that are started beside the main one. */
  readonly tools: readonly StartedProgram[];
  /** Whether anything is run or owned by a user that has a name. */
  readonly usesUsers: boolean;
  /** Why only the build stage's own distribution will do: a noun phrase. */
  readonly distribution?: string | undefined;
}

export interface RunBase {
  readonly reference: string;
  readonly shell: boolean;
  /** `none` where packages cannot be installed. */
  readonly packageManager: string;
  /** `debian`, `alpine`, …; absent for distroless images. */
  readonly distribution?: string;
  /** The reference that the build stage must be pinned to, so that both stages stay with one release. */
  readonly pin?: string;
  /** The packages to install: those needed, and those of the tools. */
  readonly packages: readonly string[];
  readonly config: BaseConfig | undefined;
  readonly size?: Size;
}

/** The smallest base on which everything works that has to; blocks where there is none. */
export function chooseRunBase(subject: Subject, program: RunProgram, needs: RunNeeds): RunBase {
  if (program.kind === 'image') return imageBase(subject, program.bases, needs);
  const isBare = needs.shellUsers.length === 0 && needs.tools.length === 0;
  const needsPackages = needs.packages.length > 0 || needs.computesPackages;
  if (needsPackages || needs.distribution !== undefined) return distributionBase(subject, needs);
  if (program.kind === 'static') {
    if (isBare && program.isPlain === true && !needs.usesUsers) return scratch;
    if (isBare)
      return distroless(
        'static',
        distrolessRelease(subject.facts?.distribution) ?? currentDistrolessDebian,
        subject,
        false,
      );
    const isPosix = needs.shellUsers.every(({ shell }) => isPlainShell(shell));
    const alpine = newestAlpine();
    if (isPosix && alpine !== undefined && needs.tools.every(({ name }) => isInSystem('alpine', baseName(name)))) {
      return finished({ reference: alpine, shell: true, packageManager: 'apk', distribution: 'alpine', packages: [] });
    }
    return distributionBase(subject, needs);
  }
  const release = distrolessRelease(subject.distribution);
  if (isBare && release !== undefined) {
    return distroless(program.libraries === 'libc' ? 'base-nossl' : 'cc', release, subject, true);
  }
  return distributionBase(subject, needs);
}

const scratch: RunBase = {
  reference: 'scratch',
  shell: false,
  packageManager: 'none',
  packages: [],
  config: {
    entrypoint: [],
    cmd: [],
    env: {},
    versionedEnv: [],
    workingDir: '/',
    user: 'root',
    users: {},
    groups: {},
    programs: {},
  },
  size: { bytes: 0, basis: 'measured' },
};

/** The Debian releases of which there are distroless images today. */
function distrolessRelease(found: Distribution | undefined): string | undefined {
  if (found?.name !== 'debian' || found.release === undefined) return undefined;
  return isPublishedDistroless(`gcr.io/distroless/static-debian${found.release}`) ? found.release : undefined;
}

function distroless(flavor: string, release: string, subject: Subject, isBound: boolean): RunBase {
  const pin = isBound ? pinned(subject) : undefined;
  return finished({
    reference: `gcr.io/distroless/${flavor}-debian${release}`,
    shell: false,
    packageManager: 'none',
    packages: [],
    ...(pin === undefined ? {} : { pin }),
  });
}

/** The plain image of the build stage's own distribution and release. */
function distributionBase(subject: Subject, needs: RunNeeds): RunBase {
  const found = subject.distribution;
  const { line } = subject.stage.from;
  if (found?.release === undefined) {
    block(
      'unknown-release',
      `Which release of which distribution ${subject.base.text} is made from is not known, so no run base fits for sure.`,
      {
        line,
        unblock: 'Name the release in the tag, as in `-bookworm`.',
      },
    );
  }
  const plain = plainImage(found);
  if (plain === undefined) {
    block('unknown-distribution', `No plain image of ${found.name} ${found.release} is known.`, { line });
  }
  const isKnown = plain.packageManager === 'apt' || plain.packageManager === 'apk';
  if (needs.computesPackages && !isKnown) {
    const message = `Which packages bring the libraries that are linked can be asked of apt and apk, and not of ${plain.packageManager}.`;
    block('unknown-packages', message, { line, unblock: 'Link statically, or build on Debian, Ubuntu or Alpine.' });
  }
  const tools = needs.tools.filter(({ name }) => !isInSystem(found.name, baseName(name)));
  const extra = tools.flatMap(({ name, by }) => {
    const packaged = packageOf(found.name, baseName(name));
    if (packaged !== undefined) return [packaged];
    // A package of the file's own list may bring it, unless it is one of those that fuller images have.
    const isCommon = isInSystem('debian', baseName(name)) || packageOf('debian', baseName(name)) !== undefined;
    if (needs.packages.length > 0 && (isKnown || !isCommon)) return [];
    return block('unknown-tool', `${by} starts \`${name}\`, and what brings it is not known.`, { line });
  });
  const bash = needs.shellUsers.some(({ shell }) => shell === 'bash') && found.name === 'alpine' ? ['bash'] : [];
  // Red Hat's minimal images cannot make users without.
  const forUsers = needs.usesUsers && !isKnown ? ['shadow-utils'] : [];
  const pin = pinned(subject);
  return finished({
    ...plain,
    shell: true,
    distribution: found.name,
    packages: [...new Set([...needs.packages, ...extra, ...given(subject, plain.reference), ...bash, ...forUsers])],
    ...(pin === undefined ? {} : { pin }),
  });
}

/** What the old base brings for any program and a plain image may lack: certificates and time zones. */
function given({ config }: Subject, reference: string): readonly string[] {
  const parsed = parseReference(reference);
  const plain = 'problem' in parsed ? undefined : baseConfig(parsed.reference);
  return [
    ...(config?.certificates === true && plain?.certificates !== true ? ['ca-certificates'] : []),
    ...(config?.timeZones === true && plain?.timeZones === false ? ['tzdata'] : []),
  ];
}

/** The smallest image of a release of a distribution in which packages can be installed, and what installs them there. */
export function plainImage(
  found: Distribution,
): { readonly reference: string; readonly packageManager: string } | undefined {
  const reference = plainReference(found);
  const parsed = reference === undefined ? undefined : parseReference(reference);
  if (reference === undefined || parsed === undefined || 'problem' in parsed) return undefined;
  const packageManager = baseFacts(parsed.reference)?.packageManager;
  return packageManager === undefined ? undefined : { reference, packageManager };
}

function plainReference({ name, release, codename }: Distribution): string | undefined {
  switch (name) {
    case 'debian':
      return codename === undefined ? undefined : `debian:${codename}-slim`;
    case 'rocky':
      return `rockylinux/rockylinux:${release!}-minimal`;
    case 'almalinux':
      return `almalinux:${release!}-minimal`;
    case 'alpine':
    case 'ubuntu':
    case 'fedora':
    case 'amazonlinux':
      return `${name}:${release!}`;
    default:
      return undefined;
  }
}

function imageBase(subject: Subject, bases: readonly ImageBase[], needs: RunNeeds): RunBase {
  const needsShell = needs.shellUsers.length > 0 || needs.tools.length > 0;
  const needsPackages = needs.packages.length > 0 || needs.computesPackages;
  for (const { reference, shell, packageManager, pin } of bases) {
    if ((needsShell && !shell) || (needsPackages && packageManager === 'none')) continue;
    const distribution = { apk: 'alpine', apt: 'debian' }[packageManager] ?? 'other';
    const base = finished({
      reference,
      shell,
      packageManager,
      distribution,
      packages: [],
      ...(pin === undefined ? {} : { pin }),
    });
    const tools = needs.tools.filter(
      ({ name }) => !isInSystem(distribution, baseName(name)) && base.config?.programs[baseName(name)] !== true,
    );
    const extra = tools.map(({ name }) => packageOf(distribution, baseName(name)));
    if (packageManager === 'none' && tools.length > 0) continue;
    const missing = tools.find(({ name }) => packageOf(distribution, baseName(name)) === undefined);
    if (missing && needs.packages.length === 0) continue;
    return { ...base, packages: [...new Set([...needs.packages, ...extra.filter((name) => name !== undefined)])] };
  }
  const [tool] = needs.tools;
  return block(
    'no-run-base',
    tool === undefined
      ? 'No smaller base has all that is needed.'
      : `${tool.by} starts \`${tool.name}\`, which no smaller base is known to have.`,
    {
      line: subject.stage.from.line,
    },
  );
}

/** The newest Alpine that the catalogue knows. */
function newestAlpine(): string | undefined {
  const versions = entries('alpine').flatMap(({ row }) => (/^\d+\.\d+$/.test(row.tag) ? [row.tag] : []));
  const newest = versions.toSorted(compareVersions).at(-1);
  return newest === undefined ? undefined : `alpine:${newest}`;
}

/**
 * The build stage's reference with its release in the tag, where only the catalogue knows that now: tomorrow the tag may mean
 * a newer release than the run stage's.
 */
export function pinned(subject: Subject): string | undefined {
  const { base, image, tag, distribution } = subject;
  const codename = distribution?.codename;
  if (tag.distribution !== undefined || distribution === undefined || base.reference.digest !== undefined)
    return undefined;
  // A distribution's own tag names the release as its version, or moves with time.
  if (image === distribution.name && tag.version === undefined && !tag.isDated && distribution.release !== undefined) {
    const words = [codename ?? distribution.release, tag.variant].filter((word) => word !== '');
    return `${base.text.replace(/:[^/:@]*$/, '')}:${words.join('-')}`;
  }
  if (codename === undefined) return undefined;
  // Tags of distributions name the release as their version; those of others follow the Docker library's custom.
  if (/[./]/.test(image) || image === distribution.name || tag.isDated) return undefined;
  const words = [tag.written.version === '' ? tag.channel : tag.written.version, tag.variant, codename];
  return `${base.text.replace(/:[^/:@]*$/, '')}:${words.filter((word) => word !== undefined && word !== '').join('-')}`;
}

function finished(base: Omit<RunBase, 'config' | 'size'>): RunBase {
  const parsed = parseReference(base.reference);
  if ('problem' in parsed) throw new Error(`${base.reference} is no reference: ${parsed.problem}`);
  const size = lookUpSizes(parsed.reference, 'linux/amd64')?.onDisk;
  return { ...base, config: baseConfig(parsed.reference), ...(size === undefined ? {} : { size }) };
}
