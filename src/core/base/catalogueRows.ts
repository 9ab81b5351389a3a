import file from './catalogue.json' with { type: 'json' };
import type { CatalogueFile, CatalogueRow } from './catalogueFile.ts';
import { currentDistrolessDebian, readDistroless } from './distroless.ts';
import { familyOf, imageName, type Family } from './family.ts';
import type { Reference } from './reference.ts';
import { parseDistribution, type Distribution } from './release.ts';
import { compareVersions, isOf, lineOf, readTag, type Tag } from './tag.ts';

/** The catalogue that ships with Plimsoll; `test/tools/catalogue/validate.ts` has checked it. */
export const catalogue = file as unknown as CatalogueFile;

/** A row with its tag taken apart. */
export interface Entry {
  readonly image: string;
  readonly row: CatalogueRow;
  readonly tag: Tag;
  /** From the tag or, where it has none, what it stood for. */
  readonly version?: string;
  readonly distribution?: Distribution;
}

export interface Match {
  readonly entry: Entry;
  /** The asked tag named this very image on the row's day; otherwise the row is a relative. */
  readonly isSame: boolean;
}

/** Rows are taken apart when their image is first asked for: most images of the catalogue never are. */
const entriesOf = new Map<string, readonly Entry[]>();

/** All rows of an image, by its catalogue name. */
export function entries(image: string): readonly Entry[] {
  const known = entriesOf.get(image);
  if (known !== undefined) return known;
  const rows = Object.hasOwn(catalogue.images, image) ? catalogue.images[image]! : [];
  const made = rows.map((row) => entry(image, row, rows));
  entriesOf.set(image, made);
  return made;
}

function entry(image: string, row: CatalogueRow, rows: readonly CatalogueRow[]): Entry {
  const whole = row.same === undefined ? row : { ...rows.find(({ tag }) => tag === row.same)!, ...row };
  const tag = readBaseTag(image, row.tag);
  const version = row.version ?? tag.version;
  const distribution =
    whole.distribution === undefined
      ? readTag(row.same ?? row.tag).distribution
      : parseDistribution(whole.distribution);
  return {
    image,
    row: whole,
    tag,
    ...(version === undefined ? {} : { version }),
    ...(distribution === undefined ? {} : { distribution }),
  };
}

/**
 * A tag taken apart with what is known of its image: words that mean nothing there are gone, a channel (`lts`, `stable`)
 * is the version that it stood for, and the codename of a distribution's own image is its version (`debian:bookworm` is
 * `debian:12`).
 */
export function readBaseTag(image: string, text: string): Tag {
  const tag = readTag(text);
  const family = familyOf(image);
  if (family === undefined) return tag;
  const words = tag.variant.split('-').filter((word) => !family.plain?.includes(word));
  const channels = family.product === undefined ? undefined : catalogue.channels[family.product];
  const channel = tag.version === undefined ? words.find((word) => Object.hasOwn(channels ?? {}, word)) : undefined;
  const isOwnRelease = family.kind === 'distribution' && tag.distribution?.name === family.distribution;
  const version =
    tag.version ?? (channel !== undefined ? channels?.[channel] : isOwnRelease ? tag.distribution?.release : undefined);
  return {
    ...(version === undefined ? {} : { version }),
    ...(tag.distribution === undefined || isOwnRelease ? {} : { distribution: tag.distribution }),
    variant: words.filter((word) => word !== channel).join('-'),
    ...(channel === undefined ? {} : { channel }),
    isDated: tag.isDated,
    written: isOwnRelease
      ? { version: [tag.written.version, tag.written.distribution].filter(Boolean).join('-'), distribution: '' }
      : { ...tag.written, version: channel ?? tag.written.version },
  };
}

/** The row that answers for a reference. A digest alone says nothing of what it is a build of. */
export function rowFor(reference: Reference): Match | undefined {
  return reference.tag === undefined ? undefined : findRow(imageName(reference), reference.tag);
}

/**
 * The row that answers for a tag. A relative is a row of the same image, the same line of versions (Go 1.26, Node.js 22),
 * the same variant and a distribution of the same size:
 * - Alpine's releases differ by under 1 MB, so any stands for any.
 * - Debian's and Ubuntu's releases do not stand for one another: the same Python on Debian 12 and 13 differs by some 10 %.
 * - `latest`, or a version shorter than a line, is answered by what was the newest version on its row's day.
 */
function findRow(image: string, text: string): Match | undefined {
  const rows = entries(image);
  const exact = rows.find(({ row }) => row.tag === text);
  if (exact !== undefined) return { entry: exact, isSame: true };
  const family = familyOf(image);
  if (family !== undefined && rows.length > 0) return findRelative(family, rows, readBaseTag(image, text));
  // `gcr.io/distroless/static` means `static-debian13` for now.
  const unsuffixed = readDistroless(image);
  if (unsuffixed === undefined || unsuffixed.distribution !== undefined) return undefined;
  const suffixed = findRow(`${image}-debian${currentDistrolessDebian}`, text);
  return suffixed && { ...suffixed, isSame: false };
}

type Fit = 'same' | 'near' | 'no';

function findRelative(family: Family, rows: readonly Entry[], wanted: Tag): Match | undefined {
  let best: Match | undefined;
  for (const entry of rows) {
    if (entry.tag.variant !== wanted.variant) continue;
    const fits = [versionFit(family, entry, wanted), distributionFit(entry, wanted)];
    if (fits.includes('no')) continue;
    const match: Match = {
      entry,
      isSame: !wanted.isDated && wanted.channel === undefined && fits.every((fit) => fit === 'same'),
    };
    if (best === undefined || isBetter(match, best)) best = match;
  }
  return best;
}

function isBetter(a: Match, b: Match): boolean {
  if (a.isSame !== b.isSame) return a.isSame;
  return compareVersions(a.entry.version ?? '0', b.entry.version ?? '0') > 0;
}

function versionFit(family: Family, { row, tag, version }: Entry, wanted: Tag): Fit {
  if (wanted.version === undefined) return tag.version === undefined ? 'same' : row.newest ? 'near' : 'no';
  if (tag.version === wanted.version) return 'same';
  if (version === undefined) return 'no';
  const isShort = wanted.version.split('.').length < family.line;
  if (isShort) return row.newest && isOf(version, wanted.version) ? 'near' : 'no';
  if (lineOf(version, family.line) !== lineOf(wanted.version, family.line)) return 'no';
  // The tag stood for 1.31.3, so 1.31 and 1.31.3 were the same image.
  return isOf(version, wanted.version) ? 'same' : 'near';
}

function distributionFit({ tag, distribution }: Entry, wanted: Tag): Fit {
  const own = tag.distribution;
  if (wanted.distribution === undefined) return own === undefined ? 'same' : 'no';
  const { name, release } = wanted.distribution;
  if (name === 'alpine') {
    if (own?.name !== 'alpine') return 'no';
    return (release === undefined ? own.release === undefined : distribution?.release === release) ? 'same' : 'near';
  }
  return distribution?.name === name && distribution.release === release ? 'same' : 'no';
}
