import { isWithin } from '../../rules/scene/places.ts';
import { block } from './blocked.ts';
import type { Build, PlannedCopy } from './ecosystem.ts';
import { systemFolders } from './systemFolders.ts';

/**
 * What an interpreter reads: everything that the file copies from its context, and the folders that commands of the language run
 * in, where they leave dependencies and what they build. Whole folders, since no one knows which of their files are read.
 * Blocks where that is the root folder, which cannot be copied.
 *
 * @param kinds of the steps whose folders count.
 * @param more folders that count.
 */
export function applicationCopies(
  { subject, steps }: Build,
  kinds: ReadonlySet<string>,
  more: readonly string[] = [],
): readonly PlannedCopy[] {
  const owned = steps
    .filter(({ program }) => program.name === 'chown')
    .flatMap(({ program: { args }, writes }) => {
      const owner = args.find(({ text }) => !text.startsWith('-'))?.value;
      const isRecursive = args.some(({ text }) => /^(?:-[a-zA-Z]*R|--recursive)/.test(text));
      return writes.map((path) => ({ path, owner, isRecursive }));
    });
  // Of a folder that is copied, only what is in it keeps its owner.
  const ownerOf = (path: string): string | undefined =>
    owned.findLast((one) => one.path === path || (one.isRecursive && isWithin(path, one.path)))?.owner;
  const mapped = subject.context.mapped.map(({ target, isFile, instruction }) => ({
    path: target,
    isFolder: !isFile,
    owner: instruction.flags.find(({ name }) => name === 'chown')?.value,
  }));
  const running = steps
    .filter(({ kind }) => kinds.has(kind))
    .map(({ folder }) => folder)
    .concat(more)
    .map((path) => ({ path, isFolder: true, owner: undefined }));
  const all = [...mapped, ...running].filter(({ path, isFolder }) => !(isFolder && path.startsWith('/tmp')));
  const system = all.find(({ path, isFolder }) => isFolder && systemFolders.has(path));
  if (system !== undefined) {
    const copy = subject.context.mapped.find(({ target }) => target === system.path);
    block('application-in-system', `The application is built in ${system.path}, among what belongs to the system.`, {
      line: (copy?.instruction ?? subject.stage.from).line,
      unblock: 'Give it a folder of its own with WORKDIR.',
    });
  }
  const outer = all.filter(
    (one, at) =>
      !all.some(
        (other, index) =>
          other !== one && other.isFolder && isWithin(one.path, other.path) && (other.path !== one.path || index < at),
      ),
  );
  return outer.map(({ path, isFolder, owner }) => {
    const changed = ownerOf(path) ?? owner;
    return {
      path,
      isFolder,
      reason: isFolder ? 'the application with what was installed and built in it' : 'a file of the context',
      ...(changed === undefined ? {} : { owner: changed }),
    };
  });
}

/** The folders among what is copied, as places to look for files that link libraries: each with a slash at its end. */
export function searchedFolders(copies: readonly PlannedCopy[]): readonly string[] {
  return copies.filter(({ isFolder }) => isFolder).map(({ path }) => `${path.replace(/\/$/, '')}/`);
}
