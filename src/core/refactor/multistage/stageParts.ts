import type { Plan, PlannedCopy } from './ecosystem.ts';
import type { RunBase } from './runBase.ts';
import type { Start } from './start.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

/** All that the two stages are written from. */
export interface StageParts {
  readonly subject: Subject;
  readonly start: Start;
  readonly steps: readonly Step[];
  readonly plan: Plan;
  readonly base: RunBase;
  readonly copies: readonly PlannedCopy[];
  /** Folders whose owner is to be kept though they are not copied. */
  readonly ownedFolders: ReadonlyMap<string, string>;
  /** What is looked at for the packages that it needs; empty where none are looked for. */
  readonly computed: readonly string[];
}
