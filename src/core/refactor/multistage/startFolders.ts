import { isWithin } from '../../rules/scene/places.ts';
import { startsElsewhere } from '../project.ts';
import { block } from './blocked.ts';
import type { Build, Plan } from './ecosystem.ts';
import type { StageParts } from './stageParts.ts';

/**
 * The folders that others start the image in and that nothing else makes in the run stage, each with who does: where one is
 * missing, some runtimes make it, and others do not start.
 */
export function startFolders({ subject, copies }: Pick<StageParts, 'subject' | 'copies'>): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const { target, workingDir, mounts, name, file, line } of subject.project.consumers) {
    if (target !== undefined || workingDir === undefined || folders.has(workingDir)) continue;
    const isMade =
      [subject.workingDir, ...mounts, ...copies.map(({ path }) => path)].some((path) => isWithin(path, workingDir)) ||
      copies.some(({ path, isFolder }) => isFolder && isWithin(workingDir, path));
    if (!isMade) folders.set(workingDir, `${name} (${file}, line ${line})`);
  }
  return folders;
}

/** Blocks where a command takes the place of one that does something else in another folder: `npm start`. */
export function checkStartFolders({ subject, start }: Build, { command }: Plan): void {
  if (command === undefined) return;
  const elsewhere = subject.project.consumers.find(
    (consumer) => consumer.target === undefined && startsElsewhere(consumer, subject.workingDir),
  );
  if (elsewhere === undefined) return;
  const { name, file, line, workingDir } = elsewhere;
  block(
    'other-folder',
    `${name} (${file}, line ${line}) starts the image in ${workingDir!}, where \`${start.argv.join(' ')}\` may be something else than in ${subject.workingDir}.`,
    { unblock: 'Let it start in the folder of the image, or give it a command of its own.' },
  );
}
