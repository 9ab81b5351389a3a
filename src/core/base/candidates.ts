import { entries, readBaseTag, rowFor, type Entry } from './catalogueRows.ts';
import { currentDistrolessDebian, isPublishedDistroless } from './distroless.ts';
import { factsOf } from './facts.ts';
import { familyOf, imageName, type Family } from './family.ts';
import { familiarName, type Reference } from './reference.ts';
import type { Distribution } from './release.ts';
import { lineOf, type Tag } from './tag.ts';

/** `same`: whatever was done with the present base can be tried on it. `run-only`: what it built can run on it. */
export type Purpose = 'same' | 'run-only';

/** A base that might be an alternative; whether it is smaller and alive is not asked yet. */
export interface Candidate {
  readonly written: string;
  readonly purpose: Purpose;
  /** It has less in it by construction, so it is smaller even where no size is known. */
  readonly isLeaner: boolean;
  /** It is a slim variant of a full image. */
  readonly isSlim: boolean;
}

/** Words of a variant that say how much of a system is in the image, not what the image is for. */
const systemWords: readonly string[] = ['slim', 'minimal', 'chiseled', 'distroless', 'extra', 'composite'];

/** Images whose tags are alternatives to those of another image. */
const substitutes: readonly { readonly from: string; readonly to: string; readonly purpose: Purpose }[] = [
  { from: 'openjdk', to: 'eclipse-temurin', purpose: 'same' },
  { from: 'mcr.microsoft.com/dotnet/sdk', to: 'mcr.microsoft.com/dotnet/aspnet', purpose: 'run-only' },
];

/** The base in question, with what is needed of it. */
interface Base {
  readonly image: string;
  readonly family: Family;
  readonly tag: Tag;
  /** The line of versions that must not change. Absent where an image has no versions. */
  readonly line?: string;
  /** The distribution inside; with its release where it is known for this very tag. */
  readonly distribution?: Distribution;
  readonly repository: string;
}

/**
 * Everything that is the same thing as a base in a smaller system: the variants of the image that the catalogue has of
 * the same line of versions, named as the user names the present one, and images of others with the same language.
 */
export function candidates(reference: Reference, written = familiarName(reference)): readonly Candidate[] {
  const image = imageName(reference);
  const family = familyOf(image);
  if (family === undefined || reference.tag === undefined) return [];
  const tag = readBaseTag(image, reference.tag);
  const match = rowFor(reference);
  const version = isPrecise(family, tag) ? tag.version : match?.entry.version;
  const inside = factsOf(reference, match)?.distribution;
  const base: Base = {
    image,
    family,
    tag,
    ...(version === undefined ? {} : { line: lineOf(version, family.line) }),
    ...(inside === undefined ? {} : { distribution: inside }),
    repository: repositoryOf(written),
  };
  return [
    ...variants(base, image, 'same'),
    // Other images have no tag that moves with this one: of `node` or `node:lts` nobody knows the line tomorrow.
    ...(isPrecise(family, tag) && tag.channel === undefined
      ? [
          ...substitutes.filter(({ from }) => from === image).flatMap(({ to, purpose }) => variants(base, to, purpose)),
          ...distrolessFor(base),
        ]
      : []),
  ];
}

function isPrecise(family: Family, tag: Tag): boolean {
  return tag.version !== undefined && tag.version.split('.').length >= family.line;
}

/** The text before the tag and the digest. */
function repositoryOf(written: string): string {
  const [named] = written.split('@');
  return named!.replace(/:[^/:]*$/, '');
}

function variants(base: Base, image: string, purpose: Purpose): readonly Candidate[] {
  const family = familyOf(image)!;
  return entries(image).flatMap((entry): readonly Candidate[] => {
    if (entry.row.same !== undefined || !isSameLine(base, family, entry)) return [];
    const theirPurpose = purposeOf(family, base.tag.variant, entry.tag.variant, purpose);
    if (theirPurpose === undefined) return [];
    const theirs = systemOf(entry.tag.variant);
    const ours = systemOf(base.tag.variant);
    if (theirs.includes('composite') && !ours.includes('composite')) return [];
    const place = distributionWord(base, image, entry);
    if (place === undefined) return [];
    return [
      {
        written: `${sibling(base, image)}:${compose(base, image, family, entry, place)}`,
        purpose: theirPurpose,
        isLeaner: theirPurpose !== purpose || isLeaner(base, entry),
        isSlim: family.kind === 'language' && theirs.includes('slim') && !ours.includes('slim') && image === base.image,
      },
    ];
  });
}

/** From a full image to a reduced one or to Alpine. */
function isLeaner(base: Base, { tag }: Entry): boolean {
  if (systemOf(base.tag.variant).length > 0 || base.distribution?.name === 'alpine') return false;
  return systemOf(tag.variant).length > 0 || tag.distribution?.name === 'alpine';
}

/** Rows of the same line; where the user's tag moves (`latest`, `lts`), of the line that it stands for. */
function isSameLine(base: Base, family: Family, { version, tag }: Entry): boolean {
  if (base.line === undefined) return version === undefined && tag.version === undefined;
  return version !== undefined && lineOf(version, family.line) === base.line;
}

/**
 * A JRE runs what a JDK builds, but builds nothing. Any other difference than how much of a system there is (fpm, apache,
 * management) makes it another thing.
 */
function purposeOf(family: Family, ours: string, theirs: string, purpose: Purpose): Purpose | undefined {
  const only = (variant: string): readonly string[] =>
    variant.split('-').filter((word) => family.runOnly?.includes(word) === true);
  const gained = only(theirs).filter((word) => !ours.split('-').includes(word));
  if (only(ours).some((word) => !theirs.split('-').includes(word))) return undefined;
  const theirRole = role(
    theirs
      .split('-')
      .filter((word) => !gained.includes(word))
      .join('-'),
  );
  if (theirRole !== role(ours)) return undefined;
  return gained.length > 0 ? 'run-only' : purpose;
}

function role(variant: string): string {
  return variant
    .split('-')
    .filter((word) => !systemWords.includes(word))
    .join('-');
}

function systemOf(variant: string): readonly string[] {
  return variant.split('-').filter((word) => systemWords.includes(word));
}

/**
 * How the candidate's tag says its distribution. On the present distribution as the user says it, so that its release does
 * not change; on another as the row does. Undefined where the row is another release of the present distribution, or
 * another full distribution that nobody asked for.
 */
function distributionWord(base: Base, image: string, entry: Entry): string | undefined {
  const { distribution: present, tag } = base;
  const own = entry.tag.distribution;
  if (own === undefined) {
    const name = entry.distribution?.name ?? familyOf(image)?.distribution;
    return image === base.image && name === present?.name ? tag.written.distribution : '';
  }
  if (own.name === present?.name) {
    if (own.name === 'alpine') return tag.written.distribution;
    return own.release === present.release ? tag.written.distribution || entry.tag.written.distribution : undefined;
  }
  if (own.name === 'alpine') {
    // Who pins a release gets one pinned; but an old patch version was never built on a new Alpine.
    const isPinned = tag.distribution?.release !== undefined && tag.version === base.line;
    const release = entry.row.distribution?.split(' ')[1];
    return isPinned && release !== undefined ? `alpine${release}` : 'alpine';
  }
  const isBare = /(?:^|-)(?:chiseled|distroless)(?:-|$)/.test(entry.tag.variant);
  return isBare ? entry.tag.written.distribution : undefined;
}

function compose(base: Base, image: string, family: Family, entry: Entry, place: string): string {
  // The patch versions of one publisher are not those of another.
  const version = image === base.image || image.startsWith('mcr.') ? base.tag.written.version : (base.line ?? '');
  // Words that mean nothing to sizes (`21-jdk`) are kept where the row is written with them.
  const variant = entry.row.tag.split('-').includes('jdk') ? 'jdk' : entry.tag.variant;
  const words = family.releaseFirst ? [version, place, variant] : [version, variant, place];
  return words.filter((word) => word !== '').join('-') || 'latest';
}

/** The repository of another image beside the present one: same registry or mirror, same prefix, same spelling. */
function sibling(base: Base, image: string): string {
  return image === base.image ? base.repository : base.repository.replace(/[^/]+$/, image.replace(/^.*\//, ''));
}

/** Distroless images of exactly this line of the language. */
function distrolessFor({ image, line }: Base): readonly Candidate[] {
  if (line === undefined) return [];
  const flavor =
    image === 'node'
      ? `nodejs${line}`
      : image === 'python' && line === '3.13'
        ? 'python3'
        : ['eclipse-temurin', 'amazoncorretto', 'openjdk'].includes(image)
          ? `java${line}`
          : undefined;
  const written = `gcr.io/distroless/${flavor ?? ''}-debian${currentDistrolessDebian}`;
  if (flavor === undefined || !isPublishedDistroless(written)) return [];
  return [{ written, purpose: 'run-only', isLeaner: true, isSlim: false }];
}
