import type { Build, Plan, PlannedCopy } from './ecosystem.ts';
import type { Subject } from './subject.ts';

/**
 * The folder of the server that is started, where it is one that a build gathers with all that it imports, and nobody starts
 * anything else of the application.
 *
 * @param folder matches the absolute path of a file in such a folder; its first group is the folder.
 */
export function gatheredFolder({ subject, start }: Build, folder: RegExp): string | undefined {
  if (start.argv[0] !== 'node' || start.scripts.length > 0) return undefined;
  const files = start.programs.flatMap(({ args }) =>
    args.filter((word) => /^[^\s(]+\.[cm]?js$/.test(word)).map((word) => subject.absolute(word, subject.workingDir)),
  );
  const found = files.map((path) => folder.exec(path)?.[1]);
  const [first] = found;
  return first !== undefined && found.every((one) => one === first) ? first : undefined;
}

/** The plan of an application with other copies than all of it. */
export function withCopies(subject: Subject, plan: Plan, copies: readonly PlannedCopy[]): Plan {
  const { program } = plan;
  const looked = copies
    .filter(({ isFolder }) => isFolder)
    .map(({ path, from }) => `${(from ?? path).replace(/\/$/, '')}/`);
  return {
    ...plan,
    copies,
    // Nothing is removed from what stays behind.
    tail: [],
    program: program.kind === 'image' && program.computed !== undefined ? { ...program, computed: looked } : program,
    buildFolders: [...plan.buildFolders, ...subject.context.mapped.map(({ target }) => target)],
  };
}
