import type { Size } from '../size.ts';
import type { BaseSizes, Platform } from './baseSize.ts';
import { candidates, type Purpose } from './candidates.ts';
import { lookUp } from './catalogue.ts';
import { rowFor } from './catalogueRows.ts';
import { alpineCaveat } from './caveats.ts';
import { isSmaller, smallestFirst } from './compareSizes.ts';
import { lifeStatus } from './endOfLife.ts';
import type { BaseFacts } from './facts.ts';
import { imageName } from './family.ts';
import { parseReference, sameRepository, type Reference } from './reference.ts';
import { distributionTitle, formatDistribution } from './release.ts';

/** A base that could stand in place of another and is smaller. */
export interface Alternative {
  /** As the user would write it: with the registry, the spelling and the precision of the present base. */
  readonly written: string;
  readonly reference: Reference;
  /** `run-only`: what the present base builds runs on it, but nothing can be built on it; for a last stage. */
  readonly purpose: Purpose;
  /** Same distribution and, as far as both are known, the same release of it. */
  readonly sameDistribution: boolean;
  /** Absent where the catalogue has none; then the alternative is a leaner variant of the same image. */
  readonly sizes?: BaseSizes;
  /** Bytes saved, above 0; absent where one of the two is not known. */
  readonly saving: { readonly onDisk?: number; readonly download?: number };
  readonly facts: BaseFacts;
  readonly changes: readonly Change[];
  /** What to know before choosing it; whole sentences. */
  readonly caveats: readonly string[];
}

/** Something that differs; a side that is not known is absent. */
export interface Change {
  readonly what: 'libc' | 'shell' | 'packageManager' | 'distribution' | 'user';
  /** `shell`: `yes` or `no`; `distribution`: `debian 13`. */
  readonly from?: string;
  readonly to?: string;
}

export interface AlternativeOptions {
  /** The base as it stands in the file, whose spelling the alternatives keep. */
  readonly written?: string;
  /** What the present base weighs, where something better than the catalogue knows it. */
  readonly current?: { readonly onDisk?: Size; readonly download?: Size };
}

/**
 * Smaller bases of the same thing, smallest first: the same version of the language as precisely as the user wrote it.
 * Nothing that is deprecated or past its end of life on `today` (`YYYY-MM-DD`), and nothing bigger. Empty for an image
 * that the catalogue does not know.
 */
export function alternatives(
  base: Reference,
  platform: Platform,
  today: string,
  options: AlternativeOptions = {},
): readonly Alternative[] {
  const answer = lookUp(base, platform);
  const { facts } = answer;
  if (facts === undefined) return [];
  const current: Known = options.current ?? ('sizes' in answer ? answer.sizes : {});
  const own = rowFor(base)?.entry.row;
  const found: Alternative[] = [];
  for (const candidate of candidates(base, options.written)) {
    const parsed = parseReference(candidate.written);
    if ('problem' in parsed || found.some(({ written }) => written === candidate.written)) continue;
    const { reference } = parsed;
    // The same row is the same image under another tag.
    if (own !== undefined && rowFor(reference)?.entry.row === own) continue;
    const theirAnswer = lookUp(reference, platform);
    const theirs = theirAnswer.facts;
    if (theirs === undefined || !isOfferable(theirs, today)) continue;
    const sizes = 'sizes' in theirAnswer ? theirAnswer.sizes : undefined;
    if (sizes === undefined && 'none' in theirAnswer && theirAnswer.none.code === 'platform') continue;
    if (!(isSmaller(sizes, current) ?? candidate.isLeaner)) continue;
    const isSameSystem = isSameDistribution(facts, theirs, sameRepository(reference, base));
    found.push({
      written: candidate.written,
      reference,
      purpose: candidate.purpose,
      sameDistribution: isSameSystem,
      ...(sizes === undefined ? {} : { sizes }),
      saving: savingOf(sizes ?? {}, current),
      facts: theirs,
      changes: changesOf(facts, theirs, isSameSystem),
      caveats: [
        ...differences(imageName(reference), facts, theirs, isSameSystem),
        ...(candidate.isSlim ? [slimCaveat] : []),
        ...theirs.caveats,
        ...(candidate.purpose === 'run-only' ? [runOnlyCaveat] : []),
        ...(base.digest === undefined ? [] : [digestCaveat]),
      ],
    });
  }
  return smallestFirst(withoutDominated(found));
}

type Known = Pick<BaseSizes, 'onDisk' | 'download'>;

const slimCaveat = 'It lacks packages that the full image has, among them git, curl, headers and most build tools.';
const runOnlyCaveat = 'It is for a last stage: nothing can be built on it.';
const digestCaveat = 'The digest goes, since it names a build of the present image.';

function isOfferable(facts: BaseFacts, today: string): boolean {
  return facts.deprecated === undefined && facts.ends.every((end) => lifeStatus(end, today) !== 'past');
}

function savingOf(a: Known, b: Known): Alternative['saving'] {
  const saved = (theirs: Size | undefined, present: Size | undefined): number | undefined =>
    theirs !== undefined && present !== undefined && present.bytes > theirs.bytes
      ? present.bytes - theirs.bytes
      : undefined;
  const onDisk = saved(a.onDisk, b.onDisk);
  const download = saved(a.download, b.download);
  return { ...(onDisk === undefined ? {} : { onDisk }), ...(download === undefined ? {} : { download }) };
}

/** Variants of one image that do not name their release have the same one; of different images that is not known. */
function isSameDistribution(a: BaseFacts, b: BaseFacts, isSameImage: boolean): boolean {
  if (a.distribution === undefined || a.distribution.name !== b.distribution?.name) return false;
  const releases = [a.distribution.release, b.distribution.release];
  return releases.includes(undefined) ? isSameImage : releases[0] === releases[1];
}

/**
 * Another distribution is offered only where it gains something: not where the present one has an alternative for the
 * same use, with the same libc and as much or as little of a shell, that is no bigger.
 */
function withoutDominated(all: readonly Alternative[]): readonly Alternative[] {
  return all.filter(
    (other) =>
      other.sameDistribution ||
      !all.some(
        (own) =>
          own.sameDistribution &&
          own.purpose === other.purpose &&
          own.facts.libc === other.facts.libc &&
          own.facts.shell === other.facts.shell &&
          isExtra(own) === isExtra(other) &&
          isSmaller(other.sizes, own.sizes) === false,
      ),
  );
}

/** Microsoft's variants with ICU and time zones are another thing than those without. */
function isExtra({ reference }: Alternative): boolean {
  return reference.tag?.split('-').includes('extra') === true;
}

function changesOf(from: BaseFacts, to: BaseFacts, isSameSystem: boolean): readonly Change[] {
  const distribution = (facts: BaseFacts): string | undefined =>
    facts.distribution && formatDistribution(facts.distribution);
  const yesNo = (value: boolean | undefined): string | undefined =>
    value === undefined ? undefined : value ? 'yes' : 'no';
  const pairs: readonly (readonly [Change['what'], string | undefined, string | undefined])[] = [
    ['libc', from.libc, to.libc],
    ['shell', yesNo(from.shell), yesNo(to.shell)],
    ['packageManager', from.packageManager, to.packageManager],
    ...(isSameSystem ? [] : [['distribution', distribution(from), distribution(to)] as const]),
    ['user', from.defaultUser, to.defaultUser],
  ];
  return pairs
    .filter(([, a, b]) => a !== b)
    .map(([what, a, b]) => ({ what, ...(a === undefined ? {} : { from: a }), ...(b === undefined ? {} : { to: b }) }));
}

/** The changes that break builds, said in words. */
function differences(image: string, from: BaseFacts, to: BaseFacts, isSameSystem: boolean): readonly string[] {
  const all: string[] = [];
  if (to.libc === 'musl' && from.libc !== 'musl') {
    all.push('It has musl instead of glibc: programs and libraries built for glibc do not run.');
    const special = alpineCaveat(image);
    if (special !== undefined) all.push(special);
  }
  if (to.shell === false && from.shell !== false) {
    all.push('It has no shell: RUN, shell forms, start scripts and health checks by command do not work.');
  }
  if (to.packageManager !== undefined && to.packageManager !== from.packageManager) {
    all.push(
      to.packageManager === 'none'
        ? 'It has no package manager: packages are installed in an earlier stage and copied.'
        : `Packages are installed with ${to.packageManager}, and some have other names.`,
    );
  }
  if (from.distribution !== undefined && to.distribution?.name === from.distribution.name && !isSameSystem) {
    const other =
      from.distribution.release === undefined
        ? 'perhaps another release'
        : `not ${distributionTitle(from.distribution)}`;
    all.push(`It is ${distributionTitle(to.distribution)}, ${other}: what was compiled there may not run here.`);
  }
  if (to.defaultUser !== undefined && from.defaultUser !== undefined && to.defaultUser !== from.defaultUser) {
    all.push(`It runs as ${to.defaultUser} instead of ${from.defaultUser}.`);
  }
  return all;
}
