import type { Instruction } from '../../dockerfile/model.ts';
import type { Size } from '../../size.ts';

/**
 * What the rules would like to know from outside the file. Each question may be answered with “unknown”, at once: nobody
 * waits here. `core/estimate` and the readers of images answer; without them the rules work all the same.
 */
export interface Evidence {
  /** What an instruction adds on disk. */
  weight(instruction: Instruction): Size | undefined;
  /** The bytes at or below absolute paths in the layer that an instruction makes. `~/` stands for the home of any user. */
  bytesAt(instruction: Instruction, paths: readonly string[]): Size | undefined;
  /** What packages take, installed. */
  packages(question: PackageQuestion): Size | undefined;
  /** The build context; undefined where nobody has looked. */
  readonly context: ContextFiles | undefined;
}

export interface PackageQuestion {
  /** The instruction that installs them. */
  readonly instruction: Instruction;
  readonly manager: 'apt';
  /** Names, without versions. */
  readonly packages: readonly string[];
  /**
   * - `recommends`: what comes only because it is recommended
   * - `archives`: the downloaded archives of all that is installed
   * - `installed`: the packages with what only they need
   * - `documentation`: manuals, changelogs and translations of all that is installed
   */
  readonly what: 'recommends' | 'archives' | 'installed' | 'documentation';
}

/** Files of the build context, as the builder gets them: after `.dockerignore`. */
export interface ContextFiles {
  /** True if the path is there, a file or a folder; undefined where the look was not complete. Relative, with slashes. */
  has(path: string): boolean | undefined;
  /** The bytes of a file, or of all below a folder (`''`: of everything). Undefined where there is no such path. */
  bytesAt(path: string): Size | undefined;
  /** True if there is a `.dockerignore` that counts. */
  readonly hasIgnoreFile: boolean;
}

/** Nobody knows anything. */
export const noEvidence: Evidence = {
  weight: () => undefined,
  bytesAt: () => undefined,
  packages: () => undefined,
  context: undefined,
};
