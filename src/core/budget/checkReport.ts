import type { Check } from './budget.ts';

/**
 * What `plimsoll check --json` prints, the shape of which programs depend on: fields may be added, none renamed. Sizes are
 * whole bytes, ratios lie between 0 and 1.
 */
export interface CheckReport {
  readonly schema: 1;
  /** The file with the budgets, relative to where the command runs. */
  readonly config: string;
  /** False where a budget is exceeded, or with `--strict` not known. */
  readonly passed: boolean;
  readonly subjects: readonly CheckedSubject[];
}

/** A Dockerfile or an image, with all limits of one budget. */
export interface CheckedSubject {
  readonly kind: 'dockerfile' | 'image';
  /** A Dockerfile’s path relative to where the command runs; an image as it was named. */
  readonly name: string;
  /** One-based: the last stage’s `FROM`. */
  readonly line?: number;
  readonly checks: readonly Check[];
}

/** The report, and whether it passes. */
export function checkReport(config: string, subjects: readonly CheckedSubject[], strict: boolean): CheckReport {
  const fails = ({ status }: Check): boolean => status === 'exceeded' || (strict && status === 'unknown');
  return { schema: 1, config, passed: !subjects.some(({ checks }) => checks.some(fails)), subjects };
}
