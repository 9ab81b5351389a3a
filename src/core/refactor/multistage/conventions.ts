import { textsOf } from '../project.ts';
import type { PlannedCopy } from './ecosystem.ts';
import type { Subject } from './subject.ts';

/** What a library looks for in the folder that the program is started in, without being told. */
export interface Convention {
  /** In a manifest: that the library is used. */
  readonly uses: RegExp;
  /** Files and folders, relative to the build context. */
  readonly paths: readonly string[];
}

/**
 * The files and folders of the context that libraries open by names of their own, which stand nowhere in the sources.
 *
 * @param manifest which files say what libraries are used.
 */
export function conventionalFiles(
  { project, context }: Subject,
  manifest: RegExp,
  conventions: readonly Convention[],
): readonly PlannedCopy[] {
  const text = textsOf(project, manifest).join('\n');
  const paths = conventions.filter(({ uses }) => uses.test(text)).flatMap((each) => each.paths);
  return [...new Set(paths)].flatMap((path) => {
    const isFolder = !project.has(path);
    if (project.below(path).length === 0) return [];
    return context
      .containerPaths(path)
      .slice(-1)
      .map((target): PlannedCopy => ({ path: target, isFolder, reason: 'what a library looks for by this name' }));
  });
}
