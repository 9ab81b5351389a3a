import type { Libc } from '../../../src/core/base/catalogueFile.ts';

/** A row of the collected `base-images.json`. `null` is unknown; days are `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. */
export interface CollectedImage {
  readonly image: string;
  readonly tag: string;
  readonly platform: string | null;
  readonly downloadBytes: number | null;
  readonly onDiskBytes: number | null;
  readonly layerDownloadBytes?: readonly number[] | null;
  readonly arm64DownloadBytes?: number | null;
  readonly downloadAsOf: string | null;
  readonly onDiskAsOf: string | null;
  readonly how:
    | 'read from the published image'
    | 'measured by the publisher'
    | 'computed from the packages that it contains'
    | 'stated in an article or readme';
  readonly source: string;
  readonly note?: string;
  readonly libc?: Libc;
  readonly shell?: boolean;
  readonly packageManager?: string;
  readonly defaultUser?: string;
  readonly carriedFromOtherVariant?: boolean;
  readonly includesApp?: boolean;
}

/** A row of the collected `end-of-life.json`; `eol: false` is no end set, `true` one without a day. */
export interface CollectedCycle {
  readonly product: string;
  readonly cycle: string;
  readonly released: string;
  readonly eol: string | boolean;
  readonly extendedSupportEnds?: string | false;
  readonly lts?: string | boolean;
  readonly source: string;
}
