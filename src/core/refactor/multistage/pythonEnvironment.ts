import { baseName } from '../../program/fileSystem.ts';
import { lineBreakAt } from '../../rules/edit/lines.ts';
import { wordTexts } from '../../rules/scene/program.ts';
import type { TextEdit } from '../../text.ts';
import { block } from './blocked.ts';
import type { Build } from './ecosystem.ts';
import { calledProgram, hasWord, searchPath, verb } from './pythonCalls.ts';
import { checkInterpreter, newEnvironment, newPlace, uvSettings } from './pythonNewEnvironment.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

/** Where the interpreter of the image keeps what is installed into it. */
const interpreterPlaces = new Set(['/usr/local', '/usr']);

/** The virtual environment that goes along. */
export interface EnvironmentPlace {
  /** Absolute; the same in both stages, because scripts name their interpreter by its whole path. */
  readonly path: string;
  /** It is the conversion that makes it, so that nothing of the file has it in `PATH`. */
  readonly isNew: boolean;
  /** What makes packages go there. */
  readonly edits: readonly TextEdit[];
}

/**
 * Where the packages of the application are: in the environment that the file makes, or in one that the edits make, since what is
 * in the interpreter itself cannot be told apart from the interpreter. Blocks where packages go to several places.
 */
export function environmentOf(build: Build, installs: readonly Step[]): EnvironmentPlace {
  const { subject } = build;
  const own = ownEnvironments(build);
  const targets = new Map(installs.map((step) => [step, targetOf(subject, step, build.steps, own)]));
  const places = new Set(targets.values());
  const [place] = places;
  if (places.size > 1 || (place === undefined && own.some(({ path }) => isUsed(build, path)))) {
    const stray = installs.find((step) => targets.get(step) === undefined) ?? installs[0]!;
    block(
      'mixed-environments',
      'Packages go to more than one place: into a virtual environment, and beside it or into another one.',
      {
        line: stray.instruction.line,
        unblock: `Install all of them into one environment, and name its programs by ENV PATH: a RUN forgets what the one before has activated.`,
      },
    );
  }
  if (place !== undefined) {
    const isManaged = installs.some(({ program }) => program.name === 'uv');
    return { path: place, isNew: false, edits: isManaged ? [managedSettings(subject, installs)] : [] };
  }
  checkInterpreter(build, installs);
  return { path: newPlace, isNew: true, edits: newEnvironment(build, installs) };
}

/** The environment that one installation goes into; undefined for the interpreter itself. Blocks where it is neither. */
export function installedTo(build: Build, step: Step): string | undefined {
  return targetOf(build.subject, step, build.steps, ownEnvironments(build));
}

/** The environments that the file makes with a command of its own. */
function ownEnvironments({ steps }: Build): readonly { readonly path: string }[] {
  return steps
    .filter(
      ({ program: { name, args } }) => /^(?:venv|virtualenv)$/.test(name) || (name === 'uv' && verb(args) === 'venv'),
    )
    .flatMap(({ writes }) => writes.slice(0, 1).map((path) => ({ path })));
}

/** Whether the start command names an environment, or its programs are found there. */
function isUsed({ subject, start }: Build, path: string): boolean {
  const last = subject.stage.instructions.at(-1)!;
  return (
    searchPath(subject, last).includes(`${path}/bin`) ||
    start.programs.some(({ name, args }) => [name, ...args].some((word) => word.includes(`${path}/`))) ||
    subject.scene.runs.some((run) =>
      run.programs.some(({ args }) => args.some(({ value }) => isActivation(value, path))),
    )
  );
}

function isActivation(value: string | undefined, path: string): boolean {
  return value?.endsWith('/bin/activate') === true && `/${value}`.includes(`/${baseName(path)}/bin/`);
}

/** The environment that a step installs into; undefined for the interpreter itself, or a place that the tool chooses. */
function targetOf(
  subject: Subject,
  step: Step,
  steps: readonly Step[],
  own: readonly { readonly path: string }[],
): string | undefined {
  const { program, instruction, folder } = step;
  const run = subject.scene.run(instruction);
  checkPlace(subject, step);
  const set = (name: string): string | undefined => run.variable(program, name);
  const found = own.find(({ path }) => isActive(subject, step, steps, path))?.path;
  const isTrue = (name: string): boolean => /^(?:1|true|yes|on)$/i.test(set(name) ?? '');
  switch (program.name) {
    case 'poetry':
      if (found !== undefined && isEntered(subject, step, steps, found)) return found;
      return isTrue('POETRY_VIRTUALENVS_IN_PROJECT') || configures(steps, step, 'in-project')
        ? subject.absolute('.venv', folder)
        : undefined;
    case 'pipenv':
      if (found !== undefined && isEntered(subject, step, steps, found)) return found;
      return isTrue('PIPENV_VENV_IN_PROJECT') && !hasWord(program, '--system')
        ? subject.absolute('.venv', folder)
        : undefined;
    case 'uv': {
      if (verb(program.args) === 'pip') {
        if (hasWord(program, '--system') || isTrue('UV_SYSTEM_PYTHON')) return undefined;
        return found ?? own.find(({ path }) => baseName(path) === '.venv')?.path;
      }
      const named = set('UV_PROJECT_ENVIRONMENT');
      const path = subject.absolute(named ?? '.venv', folder);
      return interpreterPlaces.has(path) ? undefined : path;
    }
    default:
      return found;
  }
}

/** Blocks where an option or a variable sends packages to a place from which they cannot be moved. */
function checkPlace(subject: Subject, { program, instruction }: Step): void {
  const run = subject.scene.run(instruction);
  const words = wordTexts(program.args);
  const option = words.find((word) =>
    /^(?:--user|--target|-t|--prefix|--root|--python|-p|--project|--directory|-C|--active)(?:=|$)/.test(word),
  );
  const variable = ['PIP_USER', 'PIP_TARGET', 'PIP_PREFIX', 'PIP_ROOT', 'PYTHONUSERBASE', 'UV_PYTHON'].find(
    (name) => run.variable(program, name) !== undefined,
  );
  if (option !== undefined || variable !== undefined) {
    block('other-place', 'Packages are installed to a place of their own, from which they cannot be moved for sure.', {
      line: instruction.line,
      unblock: `Leave ${option ?? variable!} out, or install into a virtual environment.`,
    });
  }
}

/** Whether a step's program is the one of an environment: named by its path, activated before, or the first in `PATH`. */
function isActive(subject: Subject, step: Step, steps: readonly Step[], path: string): boolean {
  const called = calledProgram(step.program);
  if (called?.includes('/') === true) return subject.absolute(called, step.folder).startsWith(`${path}/bin/`);
  if (isActivatedBefore(subject, step, steps, path)) return true;
  const folders = searchPath(subject, step.instruction);
  const at = folders.indexOf(`${path}/bin`);
  const system = folders.findIndex((folder) => folder === '/usr/local/bin' || folder === '/usr/bin');
  return at >= 0 && (system < 0 || at < system);
}

/** Whether tools that look for an environment that somebody has entered find this one. */
function isEntered(subject: Subject, step: Step, steps: readonly Step[], path: string): boolean {
  const set = subject.scene.run(step.instruction).variable(step.program, 'VIRTUAL_ENV');
  return set === undefined
    ? isActivatedBefore(subject, step, steps, path)
    : subject.absolute(set, step.folder) === path;
}

function isActivatedBefore(subject: Subject, step: Step, steps: readonly Step[], path: string): boolean {
  return steps
    .slice(0, steps.indexOf(step))
    .some(
      ({ instruction, folder, program: { name, args, command } }) =>
        instruction === step.instruction &&
        (name === '.' || name === 'source') &&
        !command.conditional &&
        command.subshell === step.program.command.subshell &&
        args[0]?.value !== undefined &&
        subject.absolute(args[0].value, folder) === `${path}/bin/activate`,
    );
}

function configures(steps: readonly Step[], before: Step, name: string): boolean {
  return steps
    .slice(0, steps.indexOf(before))
    .some(
      ({ program }) => program.name === 'poetry' && hasWord(program, `virtualenvs.${name}`) && hasWord(program, 'true'),
    );
}

function managedSettings({ dockerfile }: Subject, installs: readonly Step[]): TextEdit {
  const at = installs.find(({ program }) => program.name === 'uv')!.instruction.span.start;
  return { start: at, end: at, newText: `ENV ${uvSettings.join(' ')}${lineBreakAt(dockerfile.text, at)}` };
}

/** The folders of projects that are installed to be edited: what is installed only points to them. */
export function editableFolders(subject: Subject, installs: readonly Step[]): readonly string[] {
  return installs.flatMap(({ program, folder }) => {
    if (program.name === 'poetry' || (program.name === 'uv' && verb(program.args) !== 'pip')) {
      return hasWord(program, '--no-root') || hasWord(program, '--no-install-project') ? [] : [folder];
    }
    return program.args.flatMap(({ value, text }, at) => {
      const word = value ?? text;
      const named =
        /^--editable=(.*)$/.exec(word)?.[1] ??
        (/^(?:-e|--editable)$/.test(word) ? program.args[at + 1]?.value : undefined);
      return named === undefined || named.includes('://') ? [] : [subject.absolute(named.replace(/\[.*$/, ''), folder)];
    });
  });
}
