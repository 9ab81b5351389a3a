import type { Project } from './project.ts';
import type { Note } from './refactoring.ts';

/** A rationale that names every manifest of a cluster is not read. */
const mostPossible = 5;

/** What to try where nobody knows whether it is this image that is started. */
export function possibleNotes({ possible }: Pick<Project, 'possible'>): readonly Note[] {
  return possible.slice(0, mostPossible).map(({ what, file, line }) => ({
    kind: 'test',
    text: `${what[0]!.toUpperCase()}${what.slice(1)} (${file}, line ${line}): if that is this image, try it there.`,
  }));
}
