import type { Reference } from '../../base/reference.ts';
import type { BaseSizes } from '../../base/baseSize.ts';
import type { TextEdit } from '../../text.ts';
import type { Note } from '../refactoring.ts';

/** What is looked at before a base is taken for another; the codes of {@link BaseCheck}. */
export type CheckCode =
  | 'libc'
  | 'release'
  | 'version'
  | 'packages'
  | 'commands'
  | 'shell'
  | 'users'
  | 'health-check'
  | 'certificates'
  | 'time-zones'
  | 'locale'
  | 'start-command'
  | 'inherited-config'
  | 'native-modules'
  | 'end-of-life';

/** One thing that was looked at, and what came out. */
export interface BaseCheck {
  readonly code: CheckCode;
  /**
   * - `passed`: nothing changes, or what changes is rewritten with it
   * - `unproven`: it may work; nobody here can know
   * - `failed`: the image would not build or not run
   */
  readonly outcome: 'passed' | 'unproven' | 'failed';
  /** One sentence. */
  readonly message: string;
  /** One-based: the line that it is about. */
  readonly line?: number;
  /** For what did not pass: one sentence that says what would clear the way. */
  readonly unblock?: string;
}

/** A check with what it does to the file where the base is taken. */
export interface Verdict extends BaseCheck {
  readonly edits?: readonly TextEdit[];
  readonly notes?: readonly Note[];
}

/** A base that could stand in the place of a stage's present one. */
export interface BaseSwap {
  /** As `FROM` would say it. */
  readonly written: string;
  readonly reference: Reference;
  /** Of the base alone; absent where the catalogue has none. */
  readonly sizes?: BaseSizes;
  /** Bytes on disk, else of the download, that the base saves; absent where one of the two is not known. */
  readonly saving?: number;
  /** What it brings with it that the image does otherwise than before. */
  readonly changes: readonly Note[];
  /** All that was looked at. */
  readonly checks: readonly BaseCheck[];
  /** Every check passed: the image builds and runs as before. */
  readonly isSafe: boolean;
  /** `FROM` and all that changes with it. Empty where a check failed. */
  readonly edits: readonly TextEdit[];
}

export function passed(code: CheckCode, message: string, more: Partial<Verdict> = {}): Verdict {
  return { code, outcome: 'passed', message, ...more };
}

export function unproven(code: CheckCode, message: string, more: Partial<Verdict> = {}): Verdict {
  return { code, outcome: 'unproven', message, ...more };
}

export function failed(code: CheckCode, message: string, more: Partial<Verdict> = {}): Verdict {
  return { code, outcome: 'failed', message, ...more };
}

/** The last of several verdicts on one thing is the worst: it is what counts. */
export function worst(verdicts: readonly Verdict[]): Verdict['outcome'] {
  return verdicts.some(({ outcome }) => outcome === 'failed')
    ? 'failed'
    : verdicts.some(({ outcome }) => outcome === 'unproven')
      ? 'unproven'
      : 'passed';
}
