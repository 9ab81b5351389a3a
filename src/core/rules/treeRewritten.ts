import type { Instruction } from '../dockerfile/model.ts';
import type { ShellWord } from '../dockerfile/shellScript.ts';
import { sumSizes } from '../size.ts';
import type { TextEdit } from '../text.ts';
import type { Hit } from './rule.ts';
import { folderOf } from './scene/folder.ts';
import { type CopyTarget, copiesBefore, putsBelow, tarName } from './scene/files.ts';
import { isWithin } from './scene/places.ts';
import { type Program, splitArguments } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

/** A `chown` or `chmod` of files that earlier layers hold: each file is written a second time for a change of its attributes. */
export interface RewriteHit extends Hit {
  readonly run: Run;
  readonly program: Program;
  /** The owner or the mode. */
  readonly value: ShellWord;
  /** `-R`; absent where it is not recursive. */
  readonly recursive?: ShellWord;
  /** Absolute. */
  readonly targets: readonly string[];
  /** What put the files there. */
  readonly copies: readonly CopyTarget[];
}

/** The calls of `chown` or `chmod` on what a `COPY` or `ADD` put there, in a layer of its own. */
export function rewrites(scene: Scene, name: 'chown' | 'chmod', message: string): readonly RewriteHit[] {
  return scene.runs.flatMap((run) =>
    run.programs.flatMap((program): RewriteHit[] => {
      if (program.name !== name) return [];
      const { options, operands } = splitArguments(program.args);
      const [value, ...paths] = operands;
      const folder = folderOf(scene, run, program);
      const targets = paths.map(({ value: path }) =>
        path === undefined ? undefined : scene.absolute(path.replace(/\/\*$/, ''), folder),
      );
      if (!value || targets.length === 0 || targets.includes(undefined)) return [];
      const known = targets as string[];
      const recursive = options.find((option) => /^(?:-[a-zA-Z]*R[a-zA-Z]*|--recursive)$/.test(option.value ?? ''));
      const key = `${recursive === undefined ? 'rewritten' : 'rewritten whole'} ${known.join('\0')}`;
      const copies = copiesBefore(scene, run.instruction, key, (copy) =>
        known.some(
          (target) =>
            putsBelow(copy, target) ||
            (recursive !== undefined && isWithin(target, copy.destination) && !isTopFolder(copy.destination)),
        ),
      );
      if (copies.length === 0 || known.some((target) => run.isMounted(target))) return [];
      const measured = scene.evidence.bytesAt(run.instruction, known);
      const sum = measured ?? sumSizes(copies.map(({ instruction }) => scene.evidence.weight(instruction)));
      return [
        {
          ...{
            instruction: run.instruction,
            run,
            program,
            value,
            targets: known,
            copies,
            message,
            span: program.command.span,
          },
          ...(recursive === undefined ? {} : { recursive }),
          saves: sum === undefined ? undefined : { bytes: sum.bytes, basis: sum.basis },
        },
      ];
    }),
  );
}

/** Folders that hold more than what a Dockerfile puts there. */
export function isTopFolder(path: string): boolean {
  return /^\/(?:|bin|boot|dev|etc|home|lib\d*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var|usr\/(?:bin|lib|local|sbin|share|src)|usr\/local\/(?:bin|lib|share)|var\/(?:lib|log|www|cache|tmp|run))$/.test(
    path,
  );
}

/** Programs that write nothing into the folder that they run in. */
const elsewhere =
  /^(?:apt|apt-get|apk|dnf|yum|microdnf|useradd|groupadd|adduser|addgroup|usermod|groupmod|echo|printf|set|true|export|ln|test|\[)$/;

/**
 * True if the targets hold nothing but what the copies put there: no earlier `RUN` worked in them, as far as their
 * commands and folders show. Scripts that cannot be read are not trusted.
 */
export function holdsOnlyCopies(scene: Scene, { run, program, targets }: RewriteHit): boolean {
  const staysOutOf = (other: Run, programs: readonly Program[]): boolean => {
    if (
      other.script.kind === 'foreign' ||
      other.script.problems.length > 0 ||
      other.script.commands.length > programs.length + (other === run ? run.script.commands.length : 0)
    ) {
      return false;
    }
    const folder = scene.folderAt(other.instruction);
    return programs.every((each) => staysOut(each, folder, targets, other === run && each.name === program.name));
  };
  if (!staysOutOf(run, run.programs.slice(0, run.programs.indexOf(program)))) return false;
  for (const earlier of scene.runsBefore(run.instruction)) if (!staysOutOf(earlier, earlier.programs)) return false;
  return true;
}

function staysOut(program: Program, folder: string | undefined, targets: readonly string[], isSame: boolean): boolean {
  const { name, command } = program;
  const words = [...command.words, ...command.redirections.flatMap(({ target }) => target ?? [])];
  const mentions = (target: string): boolean => words.some(({ text, value }) => (value ?? text).includes(target));
  if (name === 'mkdir') {
    const made = splitArguments(program.args, /^-m$/).operands.map(({ value }) => value?.replace(/\/+$/, ''));
    return made.every(
      (path) =>
        path?.startsWith('/') === true && (targets.includes(path) || !targets.some((target) => isWithin(path, target))),
    );
  }
  if (isSame) return true;
  if (targets.some(mentions)) return false;
  return (
    elsewhere.test(name) ||
    (folder !== undefined &&
      !targets.some((target) => isWithin(folder, target)) &&
      !/^(?:cd|pushd|sh|bash|make)$/.test(name))
  );
}

/** Adds a flag to a `COPY` or `ADD`, behind its keyword. */
export function addFlag({ keywordSpan: { end } }: Instruction, flag: string): TextEdit {
  return { start: end, end, newText: ` --${flag}` };
}

/** True for a copy whose files a flag of its own cannot reach: archives that `ADD` unpacks, and what it fetches. */
export function isUnpacked({ instruction, sources }: CopyTarget): boolean {
  return (
    instruction.keyword === 'ADD' &&
    sources.some((source) => tarName.test(source) || /^(?:https?|git|ssh):|^git@|[*?[]/.test(source))
  );
}
