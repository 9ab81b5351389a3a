import type { Basis, Size } from '../size.ts';
import type { BaseAnswer, BaseSizes, Platform } from './baseSize.ts';
import { catalogue, rowFor, type Entry } from './catalogueRows.ts';
import { factsOf, type BaseFacts } from './facts.ts';
import { familiarName, type Reference } from './reference.ts';

export type CatalogueAnswer = BaseAnswer & {
  /** What is known of the image, also where its size is not. */
  readonly facts?: BaseFacts;
  /** Who published the number: `docker-library/repo-info repos/golang`. */
  readonly source?: string;
};

/**
 * What the shipped catalogue says of a base: its sizes, `catalogue` where the number was read from that very image or
 * measured by its publisher, `estimated` where it comes from a relative (named in `by`), an article or a list of packages;
 * and its facts. Answers at once, needs nothing, never throws.
 */
export function lookUp(reference: Reference, platform: Platform): CatalogueAnswer {
  const match = rowFor(reference);
  const facts = factsOf(reference, match);
  const known = facts === undefined ? {} : { facts };
  const name = familiarName(reference);
  if (match === undefined) {
    return { none: { code: 'absent', message: `The catalogue has no size for ${name}.` }, ...known };
  }
  const { entry } = match;
  // A tag with a digest is some build of that tag, not necessarily the catalogue's.
  const isSame = match.isSame && reference.digest === undefined;
  const sizes = sizesOf(entry, architecture(platform), isSame);
  if (sizes === undefined) {
    return { none: { code: 'platform', message: `The catalogue has no size of ${name} for ${platform}.` }, ...known };
  }
  const source = entry.row.source === undefined ? undefined : catalogue.sources[entry.row.source];
  return {
    sizes: { ...sizes, platform, ...(isSame ? {} : { by: `${entry.image}:${entry.row.tag}` }) },
    ...known,
    ...(source === undefined ? {} : { source }),
  };
}

/** The sizes alone; undefined where the catalogue has none. */
export function lookUpSizes(reference: Reference, platform: Platform): BaseSizes | undefined {
  const answer = lookUp(reference, platform);
  return 'sizes' in answer ? answer.sizes : undefined;
}

/** `linux/arm64/v8` is `linux/arm64`, and `linux/amd64/v2` runs what `linux/amd64` gets. */
function architecture(platform: Platform): 'amd64' | 'arm64' | undefined {
  if (/^linux\/(?:amd64|x86_64)(?:\/v\d)?$/.test(platform)) return 'amd64';
  if (/^linux\/(?:arm64|aarch64)(?:\/v8)?$/.test(platform)) return 'arm64';
  return undefined;
}

type KnownSizes = Pick<BaseSizes, 'onDisk' | 'download'>;

function sizesOf({ row }: Entry, platform: 'amd64' | 'arm64' | undefined, isSame: boolean): KnownSizes | undefined {
  const isRead = row.origin === undefined || row.origin === 'publisher';
  const basis: Basis = isRead && isSame ? 'catalogue' : 'estimated';
  const size = (bytes: number | undefined, asOf: string | undefined): Size | undefined =>
    bytes === undefined ? undefined : { bytes, basis, ...(asOf === undefined ? {} : { asOf }) };
  const onDisk = platform === 'amd64' ? size(row.onDisk, row.onDiskDay ?? row.day) : undefined;
  const download =
    platform === 'amd64'
      ? size(row.download, row.day)
      : platform === 'arm64'
        ? size(row.downloadArm64, row.arm64Day ?? row.day)
        : undefined;
  if (onDisk === undefined && download === undefined) return undefined;
  return { ...(onDisk === undefined ? {} : { onDisk }), ...(download === undefined ? {} : { download }) };
}
