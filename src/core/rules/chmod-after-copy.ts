import type { TextEdit } from '../text.ts';
import { removeCommand } from './edit/remove.ts';
import type { Rule } from './rule.ts';
import { needsBuildKit } from './scene/buildKit.ts';
import { addFlag, holdsOnlyCopies, isTopFolder, isUnpacked, type RewriteHit, rewrites } from './treeRewritten.ts';

export const chmodAfterCopy: Rule<RewriteHit> = {
  id: 'chmod-after-copy',
  title: '`chmod` of copied files',
  why: 'A layer holds whole files. `RUN chmod` on files of an earlier layer writes every one of them a second time. `COPY --chmod` sets the mode while copying; it needs BuildKit, so where nothing else in the file does, the fix asks.',

  detect: (scene) =>
    rewrites(scene, 'chmod', 'This writes the copied files a second time. COPY --chmod sets the mode while copying.'),

  fix(hit, scene) {
    const { copies, program, value, recursive, run, targets } = hit;
    const mode = modeFlag(value.value, recursive !== undefined);
    if (
      mode === undefined ||
      value.text !== value.value ||
      copies.some(isUnpacked) ||
      program.args.some(({ glob }) => glob)
    )
      return undefined;
    if (
      copies.some(
        ({ instruction: { flags, stage } }) =>
          stage !== scene.stage.index || flags.some(({ name }) => name === 'chmod'),
      )
    )
      return undefined;
    const edits: TextEdit[] = copies.map(({ instruction }) => addFlag(instruction, `chmod=${mode}`));
    if (recursive !== undefined) {
      if (!/^(?:-R|--recursive)$/.test(recursive.text) || targets.some(isTopFolder) || !holdsOnlyCopies(scene, hit))
        return undefined;
      if (
        copies.some(
          ({ destination }) =>
            !targets.some((target) => destination === target || destination.startsWith(`${target}/`)),
        )
      )
        return undefined;
      let end = recursive.span.end;
      while (scene.dockerfile.text[end] === ' ') end++;
      edits.push({ start: recursive.span.start, end, newText: '' });
    } else {
      // Every file that is copied along gets the mode: each must be one of those that chmod names, and the other way round.
      const copied = copies.flatMap((copy) =>
        copy.sources.length === 1 || copy.isFolder ? copy.places.slice(-1 * copy.sources.length) : [],
      );
      const isSame = copies.every(
        (copy) => copy.sources.every(isPlainFile) && copy.places.some((path) => targets.includes(path)),
      );
      if (!isSame || copied.length !== targets.length || copies.some((copy) => copy.sources.length !== 1))
        return undefined;
      const removal = removeCommand(scene.dockerfile, run, program.command);
      if (!removal) return undefined;
      edits.push(removal);
    }
    return { title: 'Set the mode in COPY --chmod', confidence: needsBuildKit(scene) ? 'likely' : 'ask', edits };
  },
};

/** Only numbers; `+x` is that of a file which everybody may read, and of nothing else. */
function modeFlag(value: string | undefined, recursive: boolean): string | undefined {
  if (value !== undefined && /^[0-7]{3,4}$/.test(value)) return value;
  return !recursive && value !== undefined && /^a?\+x$/.test(value) ? '755' : undefined;
}

/** A source that is a file by its look: it has an ending, or a name as scripts have it, and no wildcard. */
function isPlainFile(source: string): boolean {
  return !/[*?[]/.test(source) && /(?:^|\/)[^/]*(?:\.\w+|entrypoint[^/]*)$/.test(source);
}
