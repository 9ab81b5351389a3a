import type { ShellWord } from '../dockerfile/shellScript.ts';
import { verbOf } from './cacheLeft.ts';
import { insertWord } from './edit/words.ts';
import type { Hit, Rule } from './rule.ts';
import { hasArgument, type Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

interface WeakHit extends Hit {
  readonly run: Run;
  readonly verb: ShellWord;
  readonly flag: string;
}

const verbs = new Set(['install', 'in', 'groupinstall']);
const taking =
  /^(?:-c|--config|--enablerepo|--disablerepo|--releasever|--setopt|-x|--exclude|-d|-e|-R|--repo|--root|-r|--from|--installroot)$/;

export const weakDependencies: Rule<WeakHit> = {
  id: 'weak-dependencies',
  title: 'Weak dependencies of dnf and zypper',
  why: '`dnf install`, `microdnf install` and `zypper install` also install what packages merely recommend. `--setopt=install_weak_deps=False`, or `--no-recommends` for zypper, leaves it out; what is needed all the same is named. Whether something is the file does not show, so the fix asks. A setting in `dnf.conf` or `zypp.conf` that the file writes is honoured.',

  detect: (scene) =>
    scene.runs.flatMap((run) =>
      run.programs.flatMap((program): WeakHit[] => {
        const flag = flagOf(program);
        const verb = flag === undefined ? undefined : verbOf(program, verbs, taking);
        if (flag === undefined || !verb || isTold(program) || run.instruction.index >= scene.once(settledFrom))
          return [];
        const message = `This also installs what the packages merely recommend. ${flag} leaves that out.`;
        return [{ instruction: run.instruction, run, verb, flag, span: program.command.span, message }];
      }),
    ),

  fix: ({ run, verb, flag }) => ({
    title: 'Install without weak dependencies',
    confidence: 'ask',
    edits: [insertWord(run.script, verb, flag)],
  }),
};

function flagOf({ name }: Program): string | undefined {
  switch (name) {
    case 'dnf':
    case 'dnf5':
    case 'dnf-3':
      return '--setopt=install_weak_deps=False';
    case 'microdnf':
      return '--setopt=install_weak_deps=0';
    case 'zypper':
      return '--no-recommends';
    default:
      return undefined;
  }
}

function isTold(program: Program): boolean {
  return hasArgument(program, /install_weak_deps|^--(?:no-)?recommends$|^--downloadonly$|^--download-only$|^-D$/);
}

/** The first instruction from which on a file of settings says it, in this stage or below; infinite where none does. */
function settledFrom({ dockerfile: { text }, below, stage }: Scene): number {
  const found = stage.instructions.find(
    ({ keyword, span }) =>
      (keyword === 'RUN' || keyword === 'COPY') &&
      /install_weak_deps\W{1,4}(?:false|0|no)\b.*(?:dnf\.conf|>>?)|onlyRequires\W{1,4}true/is.test(
        text.slice(span.start, span.end),
      ),
  );
  return Math.min(below?.once(settledFrom) ?? Infinity, found?.index ?? Infinity);
}
