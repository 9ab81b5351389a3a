import type { Lines, Problem, Span } from '../text.ts';

/**
 * A Dockerfile as Plimsoll sees it: plain data over the text, made once per document version by `parse.ts`. All spans
 * are offsets into `text`. Line numbers that people see (`line`, `endLine`) are one-based.
 */
export interface Dockerfile {
  readonly text: string;
  readonly lines: Lines;
  readonly directives: readonly Directive[];
  /** The escape character: `\` unless the `escape` directive says backtick. */
  readonly escape: '\\' | '`';
  /** Every instruction in order, `ARG`s before the first `FROM` included. */
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly comments: readonly Span[];
  readonly problems: readonly Problem[];
}

/** A parser directive: `# escape=`, `# syntax=`, `# check=`. */
export interface Directive {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  readonly valueSpan: Span;
}

export interface Stage {
  readonly index: number;
  /** The name after `AS`, lower-cased as builders do; absent where the stage has none. */
  readonly name?: string;
  /** The `FROM` instruction. */
  readonly from: Instruction;
  readonly base: StageBase;
  /** The base as it stands in the text, variables unexpanded; empty span where it is missing. */
  readonly baseSpan: Span;
  /** The value of `--platform`, expanded; absent where it has none or names an unknown variable. */
  readonly platform?: string;
  /** The instructions after `FROM` up to the next one. */
  readonly instructions: readonly Instruction[];
  /** Indexes of the stages whose files this one uses: its base, `COPY --from`, `RUN --mount=from=`. */
  readonly dependsOn: readonly number[];
  /** True for the stage that the build makes: the last one, or the one that the target option names. */
  readonly isFinal: boolean;
  /** True if it is the final stage or the final stage depends on it, directly or not. */
  readonly reachesFinal: boolean;
}

/** What a stage starts from. */
export type StageBase =
  | {
      readonly kind: 'image';
      /** Variables expanded. Not yet a valid reference: see `core/base/reference.ts`. */
      readonly reference: string;
    }
  | { readonly kind: 'stage'; readonly stage: number }
  | { readonly kind: 'scratch' }
  | {
      readonly kind: 'unresolved';
      /** The text as written. */
      readonly text: string;
      /** Names of the variables that have no value. Empty where the base itself is missing. */
      readonly variables: readonly string[];
    };

export interface Instruction {
  /** Position in `Dockerfile.instructions`. */
  readonly index: number;
  /** Index of the stage; -1 before the first `FROM`. */
  readonly stage: number;
  /** Upper case: `FROM`, `RUN`, …; for an unknown word, that word in upper case. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  /** From the keyword to the end of the last argument or heredoc terminator. Without the line end. */
  readonly span: Span;
  /** One-based. */
  readonly line: number;
  /** One-based, of the last line, heredocs included. */
  readonly endLine: number;
  /** `--name=value` words before the arguments; `--link` alone has no value. */
  readonly flags: readonly Flag[];
  /**
   * The arguments after the flags, in order; variables unexpanded; quotes as written. In JSON form the string literals,
   * quotes included; what they mean is in `json`. Empty for the shell form, which `shell.ts` reads. `HEALTHCHECK` has
   * its `CMD` or `NONE` first.
   */
  readonly words: readonly Word[];
  /** The arguments as one span: what follows the flags. Empty at the end of the instruction where there are none. */
  readonly argsSpan: Span;
  /** The strings of the JSON (exec) form; absent in shell form. */
  readonly json?: readonly string[];
  readonly heredocs: readonly Heredoc[];
  /** Values of variables in force before this instruction runs: `ENV` and `ARG` of the stage, and of the stages below. */
  readonly scope: Scope;
  /** The `SHELL` in force: the program and its arguments that run the shell form. */
  readonly shell: readonly string[];
  /** For `ONBUILD`: the instruction that it holds. */
  readonly trigger?: Instruction;
}

export interface Flag {
  /** Without the dashes: `from`, `mount`, `chown`. */
  readonly name: string;
  /** As builders read it, quotes and backslashes removed; variables unexpanded. */
  readonly value?: string;
  readonly span: Span;
  readonly valueSpan?: Span;
}

export interface Word {
  /** As written, continuations and the comments inside them removed. */
  readonly text: string;
  readonly span: Span;
}

export interface Heredoc {
  /** The delimiter without quotes. */
  readonly name: string;
  /** False where the delimiter is quoted: then variables in the body are not expanded by the builder. */
  readonly expand: boolean;
  /** `<<-`: leading tabs are stripped. */
  readonly stripTabs: boolean;
  /** The `<<EOF` token. */
  readonly span: Span;
  /** The body, terminator line excluded. */
  readonly bodySpan: Span;
}

/** Variables in force at one place. Sharing, not copying: asking costs the length of the chain of `ENV`/`ARG` names. */
export interface Scope {
  /** The value, or undefined where the variable is unset or its value is not known before the build. */
  get(name: string): string | undefined;
  /** True if it is declared (`ARG X` without a default too). */
  has(name: string): boolean;
}

/** What the user adds to a parse. */
export interface ParseOptions {
  /** `--build-arg` values: they override the defaults of declared `ARG`s. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** `--target`: the name or index of the final stage. */
  readonly target?: string;
  /** The platform that is built for, `os/arch[/variant]`: it gives `TARGETPLATFORM`, `TARGETARCH`, … their values. Default `linux/amd64`. */
  readonly platform?: string;
  /** The platform that the builder runs on: `BUILDPLATFORM`, …. Default: the one that is built for. */
  readonly buildPlatform?: string;
}
