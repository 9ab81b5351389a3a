import type { Size } from './size.ts';
import type { Span, TextEdit } from './text.ts';

/**
 * How loud a finding is: by the bytes that it costs where they are known.
 * - `warning`: megabytes that ship for nothing
 * - `information`: fewer, or nobody knows how many
 * - `hint`: nothing of it reaches the final image, or hardly a byte is at stake
 */
export const severities = ['warning', 'information', 'hint'] as const;
export type Severity = (typeof severities)[number];

/** Something in a Dockerfile that makes the image larger than it need be. */
export interface Finding {
  /** The id of the rule: its file's name. */
  readonly rule: string;
  /** What to underline. */
  readonly span: Span;
  /** Position in `Dockerfile.instructions` of the instruction that it is about. */
  readonly instruction: number;
  /** Index of the stage; -1 before the first `FROM`. */
  readonly stage: number;
  /** The bytes are in the image that the build makes, not only in a stage on the way to it. */
  readonly reachesFinal: boolean;
  readonly severity: Severity;
  /** What the final image would lose, on disk. Absent where nobody knows, and where nothing reaches the final image. */
  readonly saves?: Size;
  /** What is wrong here, and what to do: one sentence, or two. */
  readonly message: string;
  /** Absent where no edit is safe to make by machine. */
  readonly fix?: Fix;
}

/**
 * How sure it is that the image still does what it did.
 * - `safe`: nothing can need what goes
 * - `likely`: nothing seen in the file needs it
 * - `ask`: somebody has to say so; never applied along with others
 */
export type Confidence = 'safe' | 'likely' | 'ask';

export interface Fix {
  /** What it does, in the imperative, without a full stop: `Remove the package lists in this RUN`. */
  readonly title: string;
  readonly confidence: Confidence;
  /** Non-empty; they do not overlap. */
  readonly edits: readonly TextEdit[];
}
