import type { SizeSum } from '../size.ts';
import type { TextEdit } from '../text.ts';

/**
 * What becomes of the wish to rewrite a Dockerfile: edits, or questions that only a person can answer, or the reason why it
 * is left alone. A refusal is a good answer; a broken image is none.
 */
export type Refactoring = Proposal | Inquiry | Refusal;

export interface Proposal {
  readonly kind: 'proposal';
  /** In the imperative, without a full stop: `Convert to multi-stage`. */
  readonly title: string;
  /** Of the Dockerfile; they do not overlap. */
  readonly edits: readonly TextEdit[];
  /** Files that are created, or replaced as a whole: `.dockerignore`. */
  readonly files: readonly FileText[];
  /** The image that the final stage is built on afterwards, as the file will say it. */
  readonly runBase?: string;
  /**
   * Bytes that whoever builds has less to download, and less on disk, where the final image stays as it is: the base of a stage
   * that only builds. Absent where the final image changes.
   */
  readonly spares?: { readonly download?: number; readonly onDisk?: number };
  /** What the final image weighs before and after; absent where nobody knows. */
  readonly before?: SizeSum;
  readonly after?: SizeSum;
  /** Why it looks as it does, in the order in which somebody would read it. */
  readonly notes: readonly Note[];
  /** What was decided by its default and could be decided otherwise. */
  readonly options: readonly Question[];
}

export interface FileText {
  /** Relative to the build context, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** A sentence of the rationale. */
export interface Note {
  /**
   * - `moved`: what went where, and why
   * - `checked`: what could have stood in the way, and does not
   * - `changed`: something that the image does otherwise than before
   * - `assumed`: what was taken for true without proof
   * - `test`: what somebody should try
   */
  readonly kind: 'moved' | 'checked' | 'changed' | 'assumed' | 'test';
  readonly text: string;
  /** One-based, of the Dockerfile as it was. */
  readonly line?: number;
}

export interface Inquiry {
  readonly kind: 'inquiry';
  /** What must be known first; each has a default that may be taken. */
  readonly questions: readonly Question[];
}

export interface Question {
  /** Kebab-case: the KEY of `--assume KEY=VALUE`. */
  readonly key: string;
  /** One sentence that ends in a question mark. */
  readonly prompt: string;
  /** The answers to choose from; absent where any text will do. */
  readonly choices?: readonly Choice[];
  /** The value that is proposed. */
  readonly default: string;
  /** What hangs on it: one sentence. */
  readonly detail: string;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Answers to questions, by their keys. */
export type Answers = Readonly<Record<string, string>>;

export interface Refusal {
  readonly kind: 'refusal';
  /** Kebab-case, for programs and for tests: `no-benefit`, `unknown-command`. */
  readonly code: string;
  /** One sentence: what stands in the way. */
  readonly message: string;
  /** One sentence: what would clear the way; absent where nothing would. */
  readonly unblock?: string;
  /** One-based: the line that blocks. */
  readonly line?: number;
}

export function refusal(
  code: string,
  message: string,
  { line, unblock }: { readonly line?: number | undefined; readonly unblock?: string } = {},
): Refusal {
  return {
    kind: 'refusal',
    code,
    message,
    ...(line === undefined ? {} : { line }),
    ...(unblock === undefined ? {} : { unblock }),
  };
}
