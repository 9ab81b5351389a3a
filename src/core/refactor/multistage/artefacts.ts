import { place } from '../../rules/scene/places.ts';
import { block } from './blocked.ts';
import type { Build, PlannedCopy } from './ecosystem.ts';
import type { Start } from './start.ts';
import type { Subject } from './subject.ts';

/**
 * The built files among those that are started: by the start command, by scripts, by the health check and by others. What
 * is named with a path is where it says; a bare name is looked for in `PATH`, where something must be known to write it.
 * Blocks where the main program is neither built, nor a script, nor written by a command of the file.
 *
 * @param outputs absolute paths that the build is known to write.
 * @param isBuilt whether the build may write a path that no command names.
 * @param programs those of the outputs that are surely made, and are programs: where a variable names what starts, it is one of them.
 */
export function artefacts(
  { subject, start, steps }: Build,
  outputs: readonly string[],
  isBuilt: (path: string) => boolean,
  programs: readonly string[] = [],
): readonly PlannedCopy[] {
  const written = new Set([...outputs, ...steps.flatMap(({ writes }) => writes)]);
  const found = new Map<string, PlannedCopy>();
  const folders = subject.searchPath;
  // What is written into a mount is in no layer.
  const isLost = (path: string): boolean => {
    const runs = steps
      .filter(({ kind }) => kind === 'compile')
      .map(({ instruction }) => subject.scene.run(instruction));
    return runs.length > 0 && runs.every((run) => run.isMounted(place(path)));
  };
  const take = (path: string, by: string): void => {
    found.set(path, { path, isFolder: false, reason: `the program that ${by} starts` });
  };
  for (const { name, args, by } of start.programs) {
    // Words behind an interpreter or a waiting script may name the program as well.
    for (const word of [name, ...args]) {
      if (word.includes('/')) {
        const path = subject.absolute(word, subject.workingDir);
        if (!written.has(path) && !(word === name && isBuilt(path) && !isLost(path))) continue;
        if (start.scripts.some((script) => script.path === path) || subject.fromContext(path) !== undefined) continue;
        take(path, by);
      } else {
        const path = folders.map((folder) => `${folder}/${word}`).find((other) => written.has(other));
        if (path !== undefined) take(path, by);
      }
    }
  }
  const main = start.argv[0] ?? '';
  const isMainKnown = start.paths.some(
    (path) => found.has(path) || written.has(path) || start.scripts.some((script) => script.path === path),
  );
  if (!isMainKnown && main.includes('$')) {
    for (const path of chosenArtefacts(subject, main, programs)) take(path, start.entrypoint ? 'ENTRYPOINT' : 'CMD');
    if (found.size > 0) return [...found.values()];
  }
  if (!isMainKnown) blockUnknown(subject, start);
  return [...found.values()];
}

/** Blocks where nobody knows what makes the main program, or where it is known not to be the build. */
function blockUnknown(subject: Subject, { argv, paths, line }: Start): never {
  const mapped = paths.map((path) => subject.fromContext(path)).find((path) => path !== undefined);
  if (mapped !== undefined) blockFromHost(mapped, line);
  return block('artefact-unknown', `Which command makes ${argv[0] ?? ''} is not known.`, {
    line,
    unblock: 'Name the output of the build, and start it by that path.',
  });
}

/** Blocks since a program was not built here: then nothing tells whether the one of the build would do. */
export function blockFromHost(path: string, line: number): never {
  return block('host-artefact', `${path} is started, and it comes from the build context, not from the build.`, {
    line,
    unblock: 'Keep it out with .dockerignore, or start what the build makes.',
  });
}

/** Which of what is built a variable may name: somebody has to say. None where nothing is known to be built. */
export function chosenArtefacts(subject: Subject, main: string, outputs: readonly string[]): readonly string[] {
  const all = [...new Set(outputs)].filter((path) => !outputs.some((other) => path.startsWith(`${other}/`)));
  if (all.length === 0) return [];
  const answer = subject.require({
    key: 'artefact',
    prompt: `Which of what is built does ${main} start?`,
    choices: [
      { value: 'all', label: all.length === 1 ? `The one that is built: ${all[0]!}` : 'Any of those that are built' },
      ...(all.length === 1 ? [] : all.map((path) => ({ value: path, label: path }))),
    ],
    default: 'all',
    detail: 'Only what is built here will be there to be started: whoever sets it to something else starts nothing.',
  });
  return answer === 'all' ? all : [answer];
}
