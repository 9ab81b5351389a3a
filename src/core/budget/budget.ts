import { formatBytes } from '../size.ts';

/** What may be limited, and of what: the keys of a budget in `.plimsoll.json`, those of dive in its `dive`. */
export const limits = {
  maxSize: { unit: 'bytes', of: ['dockerfile', 'image'], title: 'size on disk' },
  maxDownload: { unit: 'bytes', of: ['dockerfile', 'image'], title: 'download size' },
  maxReclaimable: { unit: 'bytes', of: ['dockerfile'], title: 'bytes that the findings would save' },
  maxLayer: { unit: 'bytes', of: ['image'], title: 'size of the largest layer' },
  maxWasted: { unit: 'bytes', of: ['image'], title: 'bytes shipped in vain' },
  maxRemovable: { unit: 'bytes', of: ['image'], title: 'bytes that need not be there' },
  minEfficiency: { unit: 'ratio', of: ['image'], title: 'efficiency' },
  lowestEfficiency: { unit: 'ratio', of: ['image'], title: 'efficiency as dive computes it' },
  highestWastedBytes: { unit: 'bytes', of: ['image'], title: 'wasted bytes as dive counts them' },
  highestUserWastedPercent: {
    unit: 'ratio',
    of: ['image'],
    title: 'wasted share of what was added to the base, as dive counts it',
  },
} as const;
export type LimitName = keyof typeof limits;
export const limitNames = Object.keys(limits) as LimitName[];
/** The names that dive has for its rules: they stand in `dive` of a budget. */
export const diveLimitNames = [
  'lowestEfficiency',
  'highestWastedBytes',
  'highestUserWastedPercent',
] as const satisfies LimitName[];

/** The limits of one Dockerfile or image; bytes or ratios (0 to 1), by their unit. Of `lowest` and `min` a value must not be less. */
export type Limits = Readonly<Partial<Record<LimitName, number>>>;

/** One entry of `.plimsoll.json`. */
export type Budget = DockerfileBudget | ImageBudget;

export interface DockerfileBudget {
  readonly kind: 'dockerfile';
  /** A path relative to the file’s folder, slashes between, with the wildcards of `.dockerignore` (`**` for any folders). */
  readonly dockerfile: string;
  readonly limits: Limits;
  readonly target?: string;
  /** The build context, relative to the file’s folder. */
  readonly context?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

export interface ImageBudget {
  readonly kind: 'image';
  /** A reference, an archive or a layout folder (relative to the file’s folder); with `*` it is for images that are named to be checked. */
  readonly image: string;
  readonly limits: Limits;
}

/** One limit held against what is. */
export interface Check {
  readonly limit: LimitName;
  readonly allowed: number;
  /** Absent where nobody knows. */
  readonly actual?: number;
  /** False: it is at least `actual`. */
  readonly complete: boolean;
  /** `unknown`: nothing is known, or the part that is known is within the limit. */
  readonly status: 'within' | 'exceeded' | 'unknown';
}

/** What was found out about one figure. */
export interface Figure {
  readonly value: number;
  readonly complete: boolean;
}

/** Holds limits against figures, in the order of {@link limits}. */
export function checkLimits(allowed: Limits, figures: Readonly<Partial<Record<LimitName, Figure>>>): readonly Check[] {
  return limitNames.flatMap((limit) => {
    const bound = allowed[limit];
    return bound === undefined ? [] : [checkLimit(limit, bound, figures[limit])];
  });
}

function checkLimit(limit: LimitName, allowed: number, figure: Figure | undefined): Check {
  if (figure === undefined) return { limit, allowed, complete: false, status: 'unknown' };
  const { value: actual, complete } = figure;
  const isExceeded = isLeast(limit) ? actual < allowed : actual > allowed;
  const status = isExceeded ? 'exceeded' : complete ? 'within' : 'unknown';
  return { limit, allowed, actual, complete, status };
}

/** True for a limit that a value must reach. */
export function isLeast(limit: LimitName): boolean {
  return limit === 'minEfficiency' || limit === 'lowestEfficiency';
}

/** A value of a limit as people read it: `300 MB`, `0.95`. */
export function formatLimit(limit: LimitName, value: number): string {
  // One digit more than a limit usually has, cut off and not rounded up: 0.8999 must not look like 0.9.
  return limits[limit].unit === 'bytes' ? formatBytes(value) : String(Math.floor(value * 10_000) / 10_000);
}

/** One sentence about a limit that is exceeded, or of which nobody knows whether it is. */
export function sentenceOf({ limit, allowed, actual, complete, status }: Check): string {
  const { title } = limits[limit];
  const bound = formatLimit(limit, allowed);
  if (actual === undefined) return `The ${title} is not known; the budget is ${bound}.`;
  const is = `${complete ? '' : 'at least '}${formatLimit(limit, actual)}`;
  if (status === 'unknown') return `The ${title} is ${is}, and not all of it is known; the budget is ${bound}.`;
  const relation = status === 'within' ? 'within' : isLeast(limit) ? 'below' : 'over';
  return `The ${title} is ${is}, ${relation} the budget of ${bound}.`;
}
