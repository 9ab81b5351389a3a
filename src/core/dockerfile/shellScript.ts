import type { Problem, Span } from '../text.ts';

/** What an instruction runs. All spans are of the document, from the first to the last character that is meant. */
export interface ShellScript {
  /**
   * - `shell`: a script for a POSIX shell, read into commands
   * - `exec`: the JSON form, one command that no shell touches
   * - `foreign`: text for something else (PowerShell, `cmd`, a `#!` line of Python), which is not read
   * - `none`: the instruction runs nothing
   */
  readonly kind: 'shell' | 'exec' | 'foreign' | 'none';
  /** What reads the script, by its bare name: `sh`, `bash`, `powershell`. Empty for `exec` and `none`. */
  readonly interpreter: string;
  /** In the order of the text. None where there are problems: half a script is worse than none. */
  readonly commands: readonly ShellCommand[];
  /** What the script is made of at its top, in order; none where there are problems. */
  readonly statements: readonly ShellStatement[];
  readonly problems: readonly Problem[];
}

/** What stands between two `;`, `&` or line ends at the top of a script. */
export interface ShellStatement {
  /** Without what ends it: `a && b` of `a && b;`. Something may be put behind it. */
  readonly span: Span;
  /** `list`: commands joined by `&&` and `||`; `compound`: `if`, `for`, `( … )`, `{ … }`, a function, … */
  readonly form: 'command' | 'pipeline' | 'list' | 'compound';
  /** The text that ends it says that nobody waits for it: `&`. */
  readonly background: boolean;
  /** For a list: it holds a `||`. */
  readonly alternative: boolean;
}

/** A simple command: a name with its arguments, its assignments and redirections. */
export interface ShellCommand {
  /** The value of the first word; absent where it is not known, or where there are assignments only. */
  readonly name?: string;
  /** The name first. */
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirections: readonly ShellRedirection[];
  /** From the first word, assignment or redirection to the last. */
  readonly span: Span;
  /** What joins it to the next command of the same list; absent for the last one. */
  readonly next?: ShellJoint;
  /** The script can succeed without it: behind `||`, before a later `||`, in a branch of `if`, `case` or `while`. */
  readonly conditional: boolean;
  readonly loop: boolean;
  /** In `( … )`, or in a heredoc that is fed to another shell. */
  readonly subshell: boolean;
  /** In `$( … )`, backquotes or `<( … )`. */
  readonly substitution: boolean;
  /** The function whose body it is in: it runs when that is called. */
  readonly function?: string;
}

export interface ShellJoint {
  /** A line's end counts as `;`. */
  readonly operator: '&&' | '||' | ';' | '|' | '|&' | '&';
  readonly span: Span;
}

export interface ShellWord {
  /** As the shell reads it: the Dockerfile's continuations and the comments between them removed, quotes in place. */
  readonly text: string;
  /**
   * What the command is given: quotes removed, variables of the Dockerfile put in. Wildcards stay. Absent where it is known
   * only when it runs.
   */
  readonly value?: string;
  /** True where the value holds wildcards that the shell matches with files. */
  readonly glob: boolean;
  readonly span: Span;
}

export interface ShellAssignment {
  readonly name: string;
  /** Absent where it is known only when it runs. */
  readonly value?: string;
  readonly span: Span;
}

export interface ShellRedirection {
  /** `>`, `>>`, `<`, `<<`, `<<-`, `<<<`, `>&`, … */
  readonly operator: string;
  /** The file descriptor before the operator. */
  readonly descriptor?: number;
  /** Absent for a heredoc. */
  readonly target?: ShellWord;
  readonly span: Span;
  /** The heredoc's lines, the last one with its delimiter excluded. */
  readonly bodySpan?: Span;
}
