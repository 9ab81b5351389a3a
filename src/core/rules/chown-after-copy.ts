import type { Instruction } from '../dockerfile/model.ts';
import type { TextEdit } from '../text.ts';
import type { Rule } from './rule.ts';
import { wordTexts } from './scene/program.ts';
import type { Scene } from './scene/scene.ts';
import { addFlag, holdsOnlyCopies, isTopFolder, isUnpacked, type RewriteHit, rewrites } from './treeRewritten.ts';

export const chownAfterCopy: Rule<RewriteHit> = {
  id: 'chown-after-copy',
  title: '`chown` of copied files',
  why: 'A layer holds whole files. `RUN chown -R` on files of an earlier layer writes every one of them a second time, so the image carries the tree twice. `COPY --chown` sets the owner while copying. The fix moves the owner there and leaves a `chown` of the folder itself, which costs nothing; it is offered where nothing but `COPY` wrote into the folder and the user exists by then.',

  detect: (scene) =>
    rewrites(
      scene,
      'chown',
      'This writes all files of the copied tree a second time. COPY --chown sets the owner while copying.',
    ).filter(({ recursive }) => recursive !== undefined),

  fix(hit, scene) {
    const { value, recursive, program, copies, run, targets } = hit;
    const owner = ownerFlag(value.value);
    if (owner === undefined || value.text !== value.value || program.command.conditional || run.script.kind !== 'shell')
      return undefined;
    // Only a plain -R, a word of its own, can be taken out; a wildcard behind it would then miss what is below.
    if (!/^(?:-R|--recursive)$/.test(recursive!.text) || program.args.some(({ glob }) => glob)) return undefined;
    if (targets.some(isTopFolder) || !holdsOnlyCopies(scene, hit) || copies.some(isUnpacked)) return undefined;
    if (
      copies.some(
        ({ destination }) => !targets.some((target) => destination === target || destination.startsWith(`${target}/`)),
      )
    )
      return undefined;
    const edits: TextEdit[] = [];
    for (const { instruction } of copies) {
      const own = instruction.flags.find(({ name }) => name === 'chown')?.value;
      if (own !== undefined && own !== owner && own !== value.value) return undefined;
      if (instruction.flags.some(({ name }) => name === 'link') && !/^[\d:]+$/.test(owner)) return undefined;
      if (instruction.stage !== scene.stage.index || !existsAt(scene, owner, instruction)) return undefined;
      if (own === undefined) edits.push(addFlag(instruction, `chown=${owner}`));
    }
    const { text } = scene.dockerfile;
    let end = recursive!.span.end;
    while (text[end] === ' ') end++;
    edits.push({ start: recursive!.span.start, end, newText: '' });
    return { title: 'Set the owner in COPY --chown', confidence: 'likely', edits };
  },
};

/**
 * The value of `--chown` that does what `chown` does. Where `chown` names a user only, the group stays root’s, whereas
 * `--chown` would take the user’s number for the group too.
 */
function ownerFlag(value: string | undefined): string | undefined {
  if (value === undefined || !/^[\w][\w.-]*(?::[\w][\w.-]*)?$/.test(value)) return undefined;
  return value.includes(':') ? value : `${value}:0`;
}

/** True if nothing between the copy and the `chown` makes the user or the group: then they are there when it copies. */
function existsAt(scene: Scene, owner: string, copy: Instruction): boolean {
  const names = owner.split(':').filter((name) => !/^\d+$/.test(name));
  if (names.length === 0) return true;
  return !scene
    .once(userChanges)
    .some(({ instruction, named }) => instruction.index > copy.index && names.some((name) => named.has(name)));
}

/** The calls in a stage that make or change users and groups, with the words that they name them by. */
function userChanges({ runs }: Scene): readonly { instruction: Instruction; named: ReadonlySet<string> }[] {
  return runs.flatMap(({ instruction, programs }) =>
    programs
      .filter(({ name }) => /^(?:useradd|adduser|groupadd|addgroup|usermod|groupmod)$/.test(name))
      .map(({ args }) => ({ instruction, named: new Set(wordTexts(args)) })),
  );
}
