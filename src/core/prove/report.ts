import type { ConfigDifference } from '../config/configDiff.ts';
import type { ComparedRow, ComparedTotal } from '../image/compare.ts';
import type { StartProblem, StartTrace } from '../program/closure.ts';

/**
 * - `works`: nothing was found that somebody who runs the image would notice.
 * - `differs`: something differs that may matter; the reasons say what.
 * - `broken`: the new image does not start, or lacks what it starts with, and the old one did not.
 * - `not-built`: one of the two could not be built, so that nothing was compared.
 */
export type Verdict = 'works' | 'differs' | 'broken' | 'not-built';

/**
 * What `plimsoll prove --json` prints. Fields may be added, none renamed; sizes are whole bytes; what is not known, or was
 * not asked for, is absent.
 */
export interface ProveReport {
  readonly schema: 1;
  readonly verdict: Verdict;
  /** Why the verdict is not better: one sentence each, the most serious first. Empty for `works`. */
  readonly reasons: readonly string[];
  /** What was seen besides, and does not count against it. */
  readonly remarks: readonly string[];
  /** `buildx`, `buildkit`, `podman`, or `engine` for the engine's own builder. */
  readonly builder: string;
  readonly before: ProvedSide;
  readonly after: ProvedSide;
  /** Absent where one of them was not built. */
  readonly comparison?: ProvedComparison;
}

export interface ProvedSide {
  /** The Dockerfile as it was named. */
  readonly name: string;
  /** Present where it was not built. */
  readonly failure?: string;
  readonly image?: ProvedImage;
}

export interface ProvedImage {
  readonly imageId: string;
  readonly platform: string;
  readonly onDiskBytes?: number;
  /** Regular-file bytes of the final file system. */
  readonly finalBytes: number;
  readonly layers: number;
  readonly start: ProvedStart;
  /** How a container went, where that was asked for. */
  readonly run?: RunOutcome;
  /** How the user's command went. */
  readonly command?: RunOutcome;
}

export type ProvedStart = Pick<StartTrace, 'command' | 'problems' | 'needs'>;

export interface ProvedComparison {
  /** What the new image has less on disk; negative where it has more. */
  readonly savedBytes?: number;
  readonly sharedLayers: number;
  /** Over all files, links and devices. */
  readonly totals: readonly ComparedTotal[];
  /** The greatest differences first. */
  readonly paths: readonly ComparedRow[];
  readonly config: readonly ConfigDifference[];
}

/** How a container went. */
export type RunOutcome =
  | {
      /** `stopped`: it still ran when its time was over. */
      readonly kind: 'ended' | 'stopped';
      /** Of one that ended. */
      readonly exitCode?: number;
      /** What it wrote first, both outputs in the order in which they came. */
      readonly output: string;
      /** More was written than is kept. */
      readonly isCut: boolean;
    }
  /** The engine could not start it: one sentence. */
  | { readonly kind: 'not-started'; readonly message: string };

/** Problems of one start command that another does not have: by what is wrong, whoever meets it. */
export function newProblems(before: ProvedStart, after: ProvedStart): readonly StartProblem[] {
  const keyOf = ({ code, subject, version, severity }: StartProblem): string =>
    JSON.stringify([code, subject, version, severity]);
  const known = new Set(before.problems.map(keyOf));
  return after.problems.filter((problem) => !known.has(keyOf(problem)));
}
