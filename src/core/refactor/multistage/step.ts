import type { Instruction } from '../../dockerfile/model.ts';
import type { Program } from '../../rules/scene/program.ts';

/**
 * What a command is there for, which decides where it goes:
 * - `packages`: installs packages of the distribution
 * - `lists`: fetches, cleans or configures the package manager; nothing that runs needs it
 * - `toolchain`: installs or sets up what builds
 * - `fetch`: brings dependencies; `compile`: makes the artefact; `test`: checks it
 * - `files`: makes, moves or writes files and folders; `download`: brings some from elsewhere
 * - `attributes`: changes owners or modes
 * - `users`: makes users and groups
 * - `remove`: removes files
 * - `system`: sets up the system that it runs in: `ldconfig`, `update-ca-certificates`, `locale-gen`
 * - `neutral`: leaves nothing behind
 */
export type StepKind =
  | 'packages'
  | 'lists'
  | 'toolchain'
  | 'fetch'
  | 'compile'
  | 'test'
  | 'files'
  | 'download'
  | 'attributes'
  | 'users'
  | 'remove'
  | 'system'
  | 'neutral';

/** One command of a `RUN`. */
export interface Step {
  readonly instruction: Instruction;
  readonly program: Program;
  readonly kind: StepKind;
  /** Where it runs: absolute. */
  readonly folder: string;
  /** Absolute paths that it makes or changes. */
  readonly writes: readonly string[];
  /** Absolute paths that are not there any more behind it; with the wildcards as written. */
  readonly removes: readonly string[];
  /** Names, without versions, for `packages`. */
  readonly packages?: readonly string[];
}

/** What a reader of commands says of one. */
export interface Reading {
  readonly kind: StepKind;
  /** As the command names them. */
  readonly writes?: readonly string[];
  readonly removes?: readonly string[];
  readonly packages?: readonly string[];
}
