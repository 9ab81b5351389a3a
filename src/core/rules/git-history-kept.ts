import type { ShellWord } from '../dockerfile/shellScript.ts';
import { insertWord } from './edit/words.ts';
import type { Hit, Rule } from './rule.ts';
import { hasArgument, type Program, splitArguments } from './scene/program.ts';
import { folderOf } from './scene/folder.ts';
import { removedBy } from './scene/removal.ts';
import type { Run } from './scene/run.ts';

interface CloneHit extends Hit {
  readonly run: Run;
  readonly program: Program;
  readonly verb: ShellWord;
}

/** Options of git, before its verb and of `clone`, that take the next word. */
const takingBefore = /^(?:-C|-c|--git-dir|--work-tree|--namespace)$/;
const taking =
  /^(?:-b|--branch|-o|--origin|--depth|--reference|--config|-c|-j|--jobs|--template|--filter|--separate-git-dir|--shallow-since|--revision)$/;

export const gitHistoryKept: Rule<CloneHit> = {
  id: 'git-history-kept',
  title: 'A whole history cloned',
  why: '`git clone` fetches every version that every file ever had, and keeps it in `.git` beside the files. `--depth 1` fetches the last one; removing `.git` in the same `RUN` leaves the files only. Nothing is reported where a later command of the file works with the history or checks out something else, where `.git` or the clone is removed in the same `RUN`, and in a stage that does not ship.',

  detect(scene) {
    if (!scene.ships) return [];
    return scene.runs.flatMap((run) =>
      run.programs.flatMap((program): CloneHit[] => {
        const verb = cloneVerb(program);
        if (!verb || hasArgument(program, /^(?:--depth|--shallow-|--bare$|--mirror$|--filter|--revision)/)) return [];
        const [url, given] = splitArguments(program.args.slice(program.args.indexOf(verb) + 1), taking).operands;
        if (url === undefined) return [];
        const name = (given?.value ?? url.value ?? url.text)
          .replace(/\/+$/, '')
          .replace(/\.git$/, '')
          .split(/[/:]/)
          .at(-1)!;
        if (run.after(program).some((later) => removesClone(later, name) || usesHistory(later))) return [];
        if (scene.someRunAfter(run.instruction, usesHistoryIn)) return [];
        const folder = scene.absolute(given?.value ?? name, folderOf(scene, run, program));
        if (folder !== undefined && run.isMounted(folder)) return [];
        const saves = folder === undefined ? undefined : scene.evidence.bytesAt(run.instruction, [`${folder}/.git`]);
        const message =
          'The whole history comes with this clone and stays in the layer. --depth 1 fetches the last version only.';
        return [{ instruction: run.instruction, run, program, verb, span: program.command.span, message, saves }];
      }),
    );
  },

  fix: ({ run, verb }) =>
    run.script.kind !== 'shell'
      ? undefined
      : {
          title: 'Clone the last version only',
          confidence: 'likely',
          edits: [insertWord(run.script, verb, '--depth 1')],
        },
};

function cloneVerb({ name, args }: Program): ShellWord | undefined {
  if (name !== 'git') return undefined;
  const verb = splitArguments(args, takingBefore).operands[0];
  return verb?.value === 'clone' ? verb : undefined;
}

function removesClone(program: Program, name: string): boolean {
  return removedBy(program).some((path) => {
    const last = path.replace(/\/+$/, '').split('/').at(-1)!;
    return last === name || last.startsWith('.git') || last === '*' || path.includes('$');
  });
}

/** Other versions, names of versions and modules need more than the last commit. */
function usesHistory({ name, args }: Program): boolean {
  const verb = name === 'git' ? splitArguments(args, takingBefore).operands[0]?.value : undefined;
  return verb === undefined ? name === 'git' : !/^(?:clone|config|init|lfs|status|--version|version)$/.test(verb);
}

function usesHistoryIn({ programs }: Run): boolean {
  return programs.some(usesHistory);
}
