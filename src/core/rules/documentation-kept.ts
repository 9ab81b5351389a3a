import type { ShellWord } from '../dockerfile/shellScript.ts';
import { verbOf } from './cacheLeft.ts';
import { insertWord } from './edit/words.ts';
import { lineBreakAt } from './edit/lines.ts';
import type { Hit, Mending, Rule } from './rule.ts';
import { aptCalls, installs } from './scene/apt.ts';
import { hasArgument, type Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';
import { isRoot } from './scene/user.ts';

interface DocumentationHit extends Hit {
  readonly run: Run;
  /** Absent for apt, which has no option for it. */
  readonly verb?: ShellWord;
}

export const documentationKept: Rule<DocumentationHit> = {
  id: 'documentation-kept',
  title: 'Documentation and translations of packages',
  why: 'Manuals, changelogs and messages in languages that nobody reads in a container come with most packages. dpkg leaves them out where a file below `/etc/dpkg/dpkg.cfg.d` says so before anything is installed, as the `-slim` images of Debian have it; the fix writes one that keeps the licences, and asks: what reads its own manual, or speaks another language, then cannot. For dnf it is `--nodocs`, for zypper `rpm.install.excludedocs`. Of apt it is reported where the package graph knows how many bytes it is.',

  detect: (scene) => scene.runs.flatMap((run) => (isTold(scene, run) ? [] : [...aptHits(scene, run), ...rpmHits(run)])),

  fix: (hit, scene) => (hit.verb === undefined ? excludePaths(hit, scene) : addNodocs(hit, hit.verb)),
};

function aptHits(scene: Scene, run: Run): readonly DocumentationHit[] {
  const last = aptCalls(run).findLast(installs);
  if (!last) return [];
  const { instruction } = run;
  const packages = aptCalls(run)
    .filter(installs)
    .flatMap(({ operands }) => operands.map(({ value }) => value ?? ''));
  const saves = scene.evidence.packages({ instruction, manager: 'apt', packages, what: 'documentation' });
  // Without a number it would be said of every install there is.
  if (saves === undefined || saves.bytes === 0) return [];
  const message = 'These packages bring manuals, changelogs and translations that no container reads.';
  return [{ instruction, run, span: last.program.command.span, message, saves }];
}

const verbs = new Set(['install', 'groupinstall', 'reinstall', 'update', 'upgrade']);
const taking = /^(?:-c|--config|--enablerepo|--disablerepo|--releasever|--setopt|-x|--exclude|-d|-e|-R|--repo)$/;

function rpmHits(run: Run): readonly DocumentationHit[] {
  return run.programs.flatMap((program) => {
    const verb = knowsNodocs(program) ? verbOf(program, verbs, taking) : undefined;
    if (!verb || hasArgument(program, /^--nodocs$|tsflags=\w*nodocs|^--downloadonly$/)) return [];
    const message = 'This installs manuals and other documentation, too. --nodocs leaves it out.';
    return [{ instruction: run.instruction, run, verb, span: program.command.span, message }];
  });
}

function knowsNodocs({ name }: Program): boolean {
  return /^(?:dnf|dnf5|microdnf|yum|tdnf)$/.test(name);
}

function addNodocs({ run }: DocumentationHit, verb: ShellWord): Mending {
  return { title: 'Add --nodocs', confidence: 'likely', edits: [insertWord(run.script, verb, '--nodocs')] };
}

/** A file for dpkg, in a `RUN` of its own: it has to be there before the first install, and for all that follow. */
function excludePaths({ run }: DocumentationHit, scene: Scene): Mending | undefined {
  // One file for all installs of the stage: whichever finding is mended, it is the same edit.
  const { instruction } = scene.runs.find((each) => aptCalls(each).some(installs)) ?? run;
  const { text } = scene.dockerfile;
  const user = scene.userAt(instruction);
  // Only root may write there, and who that is nobody knows of every base.
  if (user !== undefined && !isRoot(user)) return undefined;
  if (!isPosix(instruction.shell)) return undefined;
  const start =
    Math.max(text.lastIndexOf('\n', instruction.span.start - 1), text.lastIndexOf('\r', instruction.span.start - 1)) +
    1;
  if (text.slice(start, instruction.span.start).trim() !== '') return undefined;
  const lines = [
    'path-exclude /usr/share/doc/*',
    'path-include /usr/share/doc/*/copyright',
    ...['groff', 'info', 'linda', 'lintian', 'locale', 'man'].map((name) => `path-exclude /usr/share/${name}/*`),
  ];
  const words = lines.map((line) => `'${line}'`).join(' ');
  const added = `RUN printf '%s\\n' ${words} > /etc/dpkg/dpkg.cfg.d/01-no-documentation${lineBreakAt(text, instruction.span.start)}`;
  return {
    title: 'Leave documentation and translations out of what is installed from here on',
    confidence: 'ask',
    edits: [{ start, end: start, newText: added }],
  };
}

function isPosix([program = '']: readonly string[]): boolean {
  return /(?:^|\/)(?:ba|da|a|k|z)?sh$/.test(program);
}

/** The base leaves it out, or something in the file says so. */
function isTold(scene: Scene, run: Run): boolean {
  return run.instruction.index >= scene.once(settledFrom);
}

/** The first instruction from which on a setting says it, in this stage or below; infinite where none does. */
function settledFrom({ dockerfile: { text }, below, stage }: Scene): number {
  const found = stage.instructions.find(
    ({ keyword, span }) =>
      (keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD') &&
      /path-exclude|dpkg\.cfg\.d|tsflags\W{1,4}nodocs|excludedocs/i.test(text.slice(span.start, span.end)),
  );
  return Math.min(below?.once(settledFrom) ?? Infinity, found?.index ?? Infinity);
}
