import type { TextEdit } from '../../text.ts';
import type { Program } from '../../rules/scene/program.ts';
import type { Run } from '../../rules/scene/run.ts';
import type { Start } from './start.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';
import type { SubprocessCalls } from './subprocesses.ts';

/** A language or a way to build, with what is known of its tools. One file each. */
export interface Ecosystem {
  /** Kebab-case: its file's name, and the folder of its pairs in `test/fixtures/refactor`. */
  readonly id: string;
  /** As people write it: `Go`. */
  readonly name: string;
  /** Whether the stage builds with it. The first ecosystem of the list that says so plans the conversion. */
  detect(subject: Subject): boolean;
  /** How its programs start others, which the run stage must have as well. */
  readonly calls?: SubprocessCalls;
  /** What one of its own tools does; undefined for commands that are not its own. */
  read(program: Program, where: Where): Reading | undefined;
  /** What the run stage needs. Blocks where that is not known. */
  plan(build: Build): Plan;
}

/** Where a command stands. */
export interface Where {
  readonly subject: Subject;
  readonly run: Run;
  /** Absolute. */
  readonly folder: string;
}

/** The stage, read. */
export interface Build {
  readonly subject: Subject;
  readonly start: Start;
  readonly steps: readonly Step[];
}

/** What the run stage is made of, beside what every run stage keeps (`ENV`, `WORKDIR`, users, config). */
export interface Plan {
  readonly program: RunProgram;
  /** What is copied from the build stage, each to the same path. */
  readonly copies: readonly PlannedCopy[];
  /** In the build stage's own text. */
  readonly edits?: readonly TextEdit[];
  /** Whole instructions for the end of the build stage, lines joined by `\n`. */
  readonly tail?: readonly string[];
  /** Variables that only build; matched with the whole name. */
  readonly buildOnly?: RegExp;
  /** Variables that the run stage sets beside those of the file. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Packages of the distribution that the run stage installs beside those that the file names. */
  readonly packages?: readonly string[];
  /** Programs that the base or `runs` bring, beside those that are known of the base. */
  readonly provided?: readonly string[];
  /** The base has a user of its own: `USER` of the file is left behind. */
  readonly keepsUser?: boolean;
  /** Packages that the file installs and only the build needs, beside those that everybody knows for such. */
  readonly buildPackages?: RegExp;
  /** Commands for `RUN` in the run stage, after the copies, as root. */
  readonly runs?: readonly string[];
  /** Absolute paths that the build works in: what is written there is copied only where `copies` says so. */
  readonly buildFolders: readonly string[];
  /** What starts, where it is another command than before. JSON form. */
  readonly command?: readonly string[];
  /** The base starts what is to be started: ENTRYPOINT and CMD of the file are left behind. */
  readonly startsItself?: boolean;
  /** Entry point of the run stage where it is another than before; empty for none. */
  readonly entrypoint?: readonly string[];
}

/** What is started, and so what a base must bring. */
export type RunProgram =
  /**
   * An ELF file that links nothing. A plain one looks for neither certificates nor time zones, users or `/tmp`, so that nothing at
   * all need be beside it. `linksStatically`: it is the conversion that makes it static.
   */
  | { readonly kind: 'static'; readonly isPlain?: boolean; readonly linksStatically?: boolean }
  /**
   * An ELF file for the C library of the build stage. `libraries` is what it links besides: `libgcc` also for Rust. With
   * `computed` it links others too, which the build stage finds out and the run stage installs; these are the files to look at.
   */
  | {
      readonly kind: 'dynamic';
      readonly libraries: 'libc' | 'libgcc' | 'libstdc++';
      readonly computed?: readonly string[];
    }
  /** Files for an interpreter or server that one of these images brings, best first; each has a shell unless told otherwise. */
  | { readonly kind: 'image'; readonly bases: readonly ImageBase[]; readonly computed?: readonly string[] };

export interface ImageBase {
  /** As `FROM` will say it. */
  readonly reference: string;
  readonly shell: boolean;
  /** `apt`, `apk`, `none`, …: what installs packages there. */
  readonly packageManager: string;
  /** What the build stage must be pinned to, so that both stages stay with one release. */
  readonly pin?: string;
}

export interface PlannedCopy {
  /** Absolute; the same in both stages, so that whatever names it finds it. */
  readonly path: string;
  /** Where it is in the build stage, if that is another place. */
  readonly from?: string;
  /** A folder's content is copied into a folder of the same name. */
  readonly isFolder: boolean;
  /** `--chown` of the copy, where the top folder has an owner. */
  readonly owner?: string;
  /** Why it goes along: a noun phrase, for the rationale. */
  readonly reason: string;
}
