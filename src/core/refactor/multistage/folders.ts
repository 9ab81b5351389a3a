import { isWithin } from '../../rules/scene/places.ts';
import { splitArguments } from '../../rules/scene/program.ts';
import { isRoot } from '../../rules/scene/user.ts';
import { block } from './blocked.ts';
import type { PlannedCopy } from './ecosystem.ts';
import type { Start } from './start.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';
import { sharedFolders } from './systemFolders.ts';

/** What the build stage's commands leave in its file system besides what is built. */
export interface Leftovers {
  readonly copies: readonly PlannedCopy[];
  /** Folders that somebody else than root owns, with the owner as `chown` takes it. */
  readonly owned: ReadonlyMap<string, string>;
  /** Why they need the distribution that they were made on; absent where they do not. */
  readonly distribution?: string;
}

/** Where nothing is that a program needs when it runs. */
const passing =
  /^\/(?:tmp|var\/tmp|var\/cache|var\/lib\/apt|var\/log|etc\/apt|etc\/apk|etc\/yum\.repos\.d|etc\/pki|usr\/share\/keyrings|usr\/local\/go|usr\/local\/rustup|root\/\.\w+|dev|proc|sys|run)(?:\/|$)/;

/**
 * Files and folders that commands make outside of the folders that the build works in: they go along, needed or not, unless they
 * are removed again or nothing looks for such a place when it runs. Within the build's folders only what is named from
 * outside of the program goes along: a volume, what somebody owns.
 */
export function leftovers(
  subject: Subject,
  start: Start,
  steps: readonly Step[],
  buildFolders: readonly string[],
  planned: readonly PlannedCopy[],
): Leftovers {
  const owned = ownersOf(steps);
  const folders = new Set([
    ...sharedFolders,
    subject.workingDir,
    ...buildFolders,
    ...subject.context.mapped.map(({ target }) => target),
  ]);
  for (const { program, writes } of steps) if (program.name === 'mkdir') for (const path of writes) folders.add(path);
  const copies = new Map<string, PlannedCopy>();
  let distribution: string | undefined;
  // What is copied from another place into a folder is not what else was put there.
  const isPlanned = (path: string): boolean =>
    planned.some((copy) => copy.from === undefined && isWithin(path, copy.path.replace(/\/$/, '')));
  const isNamed = namedOutside(subject, start);
  steps.forEach((step, at) => {
    if (step.kind !== 'files' && step.kind !== 'download') return;
    for (const written of settled(step.writes, folders)) {
      // Which files a pattern means is known only when it runs: the folder around them goes along.
      const path = /[*?[]/.test(written) ? written.replace(/\/[^/]*[*?[].*$/, '') || '/' : written;
      if (path !== written && sharedFolders.has(path)) {
        block('unknown-files', `Which files are put into ${path} is not known by name.`, {
          line: step.instruction.line,
          unblock: 'Name them, or give them a folder of their own.',
        });
      }
      if (passing.test(path) || sharedFolders.has(path) || isPlanned(path)) continue;
      const isRemoved = steps.slice(at + 1).some(({ removes }) => removes.some((gone) => covers(gone, path)));
      if (isRemoved) continue;
      // What a build makes in its own folders is its own affair, and so are the folders around them.
      const isBuild = buildFolders.some((folder) => isWithin(path, folder) || isWithin(folder, path));
      if (isBuild && !(isNamed(path) || (owned.has(path) && !buildFolders.includes(path)))) continue;
      if (isBuild && buildFolders.includes(path)) continue;
      if (step.program.command.conditional) {
        block('conditional-file', `Whether ${path} is there is known only when it is built.`, {
          line: step.instruction.line,
        });
      }
      if (step.kind === 'download') distribution ??= `${path}, which was downloaded and may need its libraries`;
      const owner = owned.get(path) ?? ownerAround(steps.slice(at + 1), path);
      const reason =
        step.program.name === 'mkdir' ? 'a folder that the file makes' : `what \`${step.program.name}\` makes`;
      copies.set(path, {
        path,
        isFolder: path !== written || folders.has(path),
        reason,
        ...(owner === undefined ? {} : { owner }),
      });
    }
  });
  const outer = [...copies.values()].filter(
    ({ path }) => ![...copies.keys()].some((other) => other !== path && isWithin(path, other)),
  );
  return { copies: outer, owned, ...(distribution === undefined ? {} : { distribution }) };
}

/** Whether removing what a path or a pattern names removes a path, itself or with a folder around it. */
function covers(pattern: string, path: string): boolean {
  if (!/[*?[]/.test(pattern)) return isWithin(path, pattern);
  const expression = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${expression}(?:/|$)`).test(path);
}

/** `cp a b` writes `b`, or `b/a` where `b` is a folder: one of both goes, by what is known to be a folder. */
export function settled(writes: readonly string[], folders: ReadonlySet<string>): readonly string[] {
  return writes.filter((path) => {
    const inside = writes.filter(
      (other) => other.startsWith(`${path}/`) && !other.slice(path.length + 1).includes('/'),
    );
    if (inside.length > 0) return !folders.has(path);
    const around = writes.find((other) => path.startsWith(`${other}/`) && !path.slice(other.length + 1).includes('/'));
    return around === undefined || folders.has(around);
  });
}

/** Who is given all that is below a folder around a path; a copy keeps the owners of what is in a folder, not its own. */
function ownerAround(later: readonly Step[], path: string): string | undefined {
  const step = later.findLast(
    ({ program: { name, args }, writes }) =>
      name === 'chown' &&
      args.some(({ text }) => /^(?:-[a-zA-Z]*R|--recursive)/.test(text)) &&
      writes.some((folder) => isWithin(path, folder)),
  );
  const owner = step && splitArguments(step.program.args).operands[0]?.value;
  return owner === undefined || isRoot(owner) ? undefined : owner;
}

/** Who owns what, by the `chown`s of the stage that name it. */
function ownersOf(steps: readonly Step[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { program, writes } of steps) {
    if (program.name === 'install') {
      const at = program.args.findIndex(({ text }) => text === '-o' || text === '--owner');
      const owner = program.args[at + 1]?.value;
      if (at >= 0 && owner !== undefined) for (const path of writes) owners.set(path, owner);
    }
    if (program.name !== 'chown') continue;
    const owner = splitArguments(program.args).operands[0]?.value;
    if (owner !== undefined && !isRoot(owner)) for (const path of writes) owners.set(path, owner);
  }
  return owners;
}

/** Tests whether a path is named by an instruction of the run stage or by somebody outside. */
function namedOutside(subject: Subject, { argv, programs }: Start): (path: string) => boolean {
  const texts = subject.stage.instructions
    .filter(({ keyword }) => keyword === 'ENV' || keyword === 'VOLUME')
    .map((instruction) => subject.argumentsOf(instruction));
  const words = [
    ...argv,
    ...programs.flatMap(({ args }) => args),
    ...subject.project.consumers.flatMap(({ mounts, workingDir }) => [
      ...mounts,
      ...(workingDir === undefined ? [] : [workingDir]),
    ]),
  ];
  return (path) =>
    words.some((word) => word === path || word.startsWith(`${path}/`)) || texts.some((text) => text.includes(path));
}
