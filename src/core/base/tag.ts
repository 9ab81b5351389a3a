import { readDistribution, type Distribution } from './release.ts';

/** A tag taken apart by the conventions of the Docker library: `3.13.2-slim-bookworm`, `22-bookworm-slim`, `21-jre-alpine`. */
export interface Tag {
  /** Numbers only: `1.26.3` also for `v1.26.3`, `8` for `8u432`, `21.0.5` for `21.0.5_11`. Absent for `latest`, `alpine`, `bookworm`. */
  readonly version?: string;
  /** The distribution that the tag names; `release` only where it names that too. */
  readonly distribution?: Distribution;
  /** All other words in their order: `slim`, `fpm`, `eclipse-temurin-21`. Empty for a plain version and for `latest`. */
  readonly variant: string;
  /** The word that the version was read from, where it moves with time: `lts`, `stable`. */
  readonly channel?: string;
  /** The tag names one build that is never replaced: `bookworm-20260803`. */
  readonly isDated: boolean;
  /** The words as they stand in the tag, joined by `-`: what says the version (or channel), and what the distribution. */
  readonly written: { readonly version: string; readonly distribution: string };
}

const versionWord = /^v?(\d+(?:\.\d+)*)(?:u\d+)?(?:_\d+(?:\.\d+)*)?$/;
const dateWord = /^20\d{6}(?:\.\d+)?$/;
const buildWord = /^b\d+$/;

/**
 * Takes a tag apart. It never fails: what follows no convention ends up in `variant`, where it matches nothing but itself.
 */
export function readTag(tag: string): Tag {
  let version: string | undefined;
  let distribution: Distribution | undefined;
  const written: { version: string[]; distribution: string[] } = { version: [], distribution: [] };
  const variant: string[] = [];
  let isDated = false;
  for (const word of tag.split('-')) {
    const number = versionWord.exec(word)?.[1];
    const named = readDistribution(word);
    if (dateWord.test(word)) {
      isDated = true;
      // A date follows what it is the date of: `bookworm-20260803-slim`.
      (distribution === undefined ? written.version : written.distribution).push(word);
    } else if (number !== undefined && version === undefined) {
      version = number;
      written.version.push(word);
    } else if (buildWord.test(word) && version !== undefined) {
      written.version.push(word);
    } else if (named !== undefined && distribution === undefined) {
      distribution = named;
      written.distribution.push(word);
    } else if (word !== 'latest') {
      variant.push(word);
    }
  }
  return {
    ...(version === undefined ? {} : { version }),
    ...(distribution === undefined ? {} : { distribution }),
    variant: variant.join('-'),
    isDated,
    written: { version: written.version.join('-'), distribution: written.distribution.join('-') },
  };
}

/** The first `count` numbers of a version: `lineOf('1.26.3', 2)` is `1.26`; shorter versions come back whole. */
export function lineOf(version: string, count: number): string {
  return version.split('.').slice(0, count).join('.');
}

/** Whether `version` is `prefix` or begins with it, number by number: `1.26` is of `1`, not of `1.2`. */
export function isOf(version: string, prefix: string): boolean {
  return version === prefix || version.startsWith(`${prefix}.`);
}

/** Orders versions number by number: negative where `a` is older. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
