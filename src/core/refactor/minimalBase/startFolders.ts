import { imageName } from '../../base/family.ts';
import { copiesOf } from '../../rules/scene/files.ts';
import { isWithin } from '../../rules/scene/places.ts';
import type { Note } from '../refactoring.ts';
import type { BaseSwap } from './baseSwap.ts';
import { argumentsOf, type SwapSubject } from './subject.ts';

/** What to try where somebody starts the image in a folder that perhaps only the present base has. */
export function startFolderNotes(
  subject: SwapSubject,
  { reference, written }: Pick<BaseSwap, 'reference' | 'written'>,
): readonly Note[] {
  if (!subject.ships || imageName(reference) === subject.image) return [];
  return subject.consumers.flatMap(({ name, file, line, workingDir, mounts }): readonly Note[] => {
    if (workingDir === undefined || isMade(subject, workingDir, mounts)) return [];
    const text = `${name} (${file}, line ${line}) starts in ${workingDir}, of which nothing in the file tells: if it is a folder of ${subject.base.text}, ${written} may not have it.`;
    return [{ kind: 'test', text: text[0]!.toUpperCase() + text.slice(1) }];
  });
}

/** Whether the folder is mounted, copied to, or named by an instruction. */
function isMade(subject: SwapSubject, folder: string, mounts: readonly string[]): boolean {
  return (
    mounts.some((mount) => isWithin(mount, folder)) ||
    subject.instructions.some((instruction) => argumentsOf(subject, instruction)?.includes(folder) === true) ||
    subject.above.some((scene) =>
      copiesOf(scene).some(
        ({ places, destination, isFolder }) =>
          places.some((path) => isWithin(path, folder)) || (isFolder && isWithin(folder, destination)),
      ),
    )
  );
}
