import type { Confidence } from '../finding.ts';
import type { Instruction } from '../dockerfile/model.ts';
import type { Size } from '../size.ts';
import type { Span, TextEdit } from '../text.ts';
import type { Scene } from './scene/scene.ts';

/**
 * A size smell. Its id is its file's name, the code of its diagnostics, its key in the settings, the word that suppresses
 * it and its anchor in the README, which is made from `title` and `why`.
 */
export interface Rule<H extends Hit = Hit> {
  /** Kebab-case. */
  readonly id: string;
  /** A noun phrase: `Package lists of apt left behind`. */
  readonly title: string;
  /** Markdown, for the README: why it costs, how it is fixed, when it is not reported. */
  readonly why: string;
  /** Rules of hadolint that are about the same thing: their `ignore` comments count. */
  readonly hadolint?: readonly string[];
  /**
   * Whose business a stage is:
   * - `layers` (if absent): bytes in the stage's own layers; they ship where the final image is built on them
   * - `files`: bytes in what the stage makes; they ship also where `COPY --from` takes it
   */
  readonly concerns?: 'layers' | 'files';
  /** Looks at one stage. Quick: it is asked after every keystroke. */
  detect(scene: Scene): readonly H[];
  /** The edit that mends a hit; undefined where none is safe. Absent where a machine cannot know it. */
  fix?(hit: H, scene: Scene): Mending | undefined;
}

/** One place where a rule is broken. */
export interface Hit {
  readonly instruction: Instruction;
  readonly span: Span;
  readonly message: string;
  /** What the image would lose; absent where nobody knows. */
  readonly saves?: Size | undefined;
  /** The cost is time or risk, not bytes: it is never louder than `information`. */
  readonly timeOnly?: boolean;
  /** The file cannot show whether it is so: it is never louder than `hint`. */
  readonly isGuess?: boolean;
}

export interface Mending {
  /** In the imperative, without a full stop. */
  readonly title: string;
  readonly confidence: Confidence;
  readonly edits: readonly TextEdit[];
}
