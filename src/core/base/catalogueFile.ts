/**
 * The shape of `catalogue.json`, which `test/tools/catalogue/build.ts` writes and `validate.ts` checks. Bytes are whole
 * and positive, days are `YYYY-MM-DD` (or `YYYY-MM`, `YYYY` where the source says no more), images are named as
 * `family.ts` names them.
 */
export interface CatalogueFile {
  /** The day for which it was made: what moves with time (`lts`) is as of then. */
  readonly asOf: string;
  /** The day of the newest entry of the end-of-life table. */
  readonly endOfLifeAsOf: string;
  /** Product → word of a tag that stands for a cycle on `asOf` → that cycle: `lts` of Node.js, `stable` of Debian. */
  readonly channels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Where the numbers come from; rows point into it. */
  readonly sources: readonly string[];
  /** Image → its rows. */
  readonly images: Readonly<Record<string, readonly CatalogueRow[]>>;
  /** Product → cycle → the last day with fixes that anybody gets; `false` where no end was set on `endOfLifeAsOf`. */
  readonly endOfLife: Readonly<Record<string, Readonly<Record<string, string | false>>>>;
}

/**
 * How a row's numbers came about:
 * - `published`: read from the published image; its download bytes are exact.
 * - `publisher`: measured by the publisher.
 * - `carried`: a publisher's number for another variant, which it uses for this one too.
 * - `computed`: summed up from the packages in the image.
 * - `stated`: in an article or readme; often rounded, seldom with its platform or the build that it was of.
 *
 * The first two are answered as `catalogue`. The others are `estimated`: they were never read from the image that the
 * reference names, and a reader who takes them for such a number would be misled by some 5 %, in old articles by more.
 * They are kept because nothing better is known offline, and the least of the catalogue's answers still tells 2 MB from 200.
 */
export const origins = ['published', 'publisher', 'carried', 'computed', 'stated'] as const;
export type Origin = (typeof origins)[number];

export const libcs = ['glibc', 'musl', 'uclibc', 'none'] as const;
/** `none`: there is no C library, so only static programs run. */
export type Libc = (typeof libcs)[number];

/** One tag. Absent sizes are unknown, absent facts are those of the family and of the tag's words. */
export interface CatalogueRow {
  readonly tag: string;
  /** This tag names the same image as that one, in the same list: then sizes and origin are there. */
  readonly same?: string;
  /** The version that the tag stood for on its day, where the tag does not say it: `1.31.3` for `nginx:latest`. */
  readonly version?: string;
  /** On its day it was the newest version of the product: what `latest` and a shorter version stood for. */
  readonly newest?: true;
  /** The distribution in the image where the tag does not say it: `debian 13` for `golang:1.26`. */
  readonly distribution?: string;
  /** linux/amd64. */
  readonly onDisk?: number;
  /** linux/amd64. */
  readonly download?: number;
  /** linux/arm64. */
  readonly downloadArm64?: number;
  /** The day of `download`, and of `onDisk` and `downloadArm64` where they have none of their own. */
  readonly day?: string;
  readonly onDiskDay?: string;
  readonly arm64Day?: string;
  /** `published` where absent. */
  readonly origin?: Exclude<Origin, 'published'>;
  /** Index into `sources`. */
  readonly source?: number;
  readonly libc?: Libc;
  readonly shell?: boolean;
  readonly packageManager?: string;
  readonly user?: string;
  /** Why nothing new should be built on it; one sentence. */
  readonly deprecated?: string;
}
