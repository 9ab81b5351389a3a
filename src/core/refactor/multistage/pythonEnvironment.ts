import type { Instruction } from '../../dockerfile/model.ts';
import { defaultPath } from '../../program/searchPath.ts';
import { lineBreakAt } from '../../rules/edit/lines.ts';
import { baseName } from '../../program/fileSystem.ts';
import { type Program, splitArguments } from '../../rules/scene/program.ts';
import { isRoot } from '../../rules/scene/user.ts';
import type { TextEdit } from '../../text.ts';
import { block } from './blocked.ts';
import type { Build } from './ecosystem.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

/** Where dependencies go that the file installs into the interpreter itself. */
const newPlace = '/opt/venv';
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
  const words = program.args.map(({ value, text }) => value ?? text);
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

/** The folders in which a program is looked for before an instruction, the base's own where nothing else is said. */
export function searchPath(subject: Subject, before: Instruction): readonly string[] {
  let path = subject.config?.env.PATH ?? defaultPath;
  for (const { instruction, value } of pathSettings(subject)) {
    if (instruction.index >= before.index && instruction !== before) break;
    path = subject.scene.expanded(instruction, value.replace(/\$(?:PATH\b|\{PATH\})/g, path)) ?? path;
  }
  return path.split(':');
}

/** What `ENV` sets `PATH` to, in order; as written. */
function pathSettings({ stage }: Subject): readonly { readonly instruction: Instruction; readonly value: string }[] {
  return stage.instructions.flatMap((instruction) => {
    if (instruction.keyword !== 'ENV') return [];
    const { words } = instruction;
    if (words[0]?.text === 'PATH')
      return [
        {
          instruction,
          value: words
            .slice(1)
            .map(({ text }) => text)
            .join(' '),
        },
      ];
    return words
      .filter(({ text }) => text.startsWith('PATH='))
      .map(({ text }) => ({ instruction, value: text.slice('PATH='.length) }));
  });
}

/** What is called: `pip`, `/opt/venv/bin/pip`, or the interpreter of `python -m pip`. */
function calledProgram({ command, nameWord }: Program): string | undefined {
  const { words } = command;
  const at = words.indexOf(nameWord);
  const isModule = words[at - 1]?.value?.startsWith('-') === true;
  const called = isModule
    ? words.slice(0, at).findLast(({ value }) => /^python[\d.]*$/.test(baseName(value ?? '')))
    : nameWord;
  return called?.value;
}

function configures(steps: readonly Step[], before: Step, name: string): boolean {
  return steps
    .slice(0, steps.indexOf(before))
    .some(
      ({ program }) => program.name === 'poetry' && hasWord(program, `virtualenvs.${name}`) && hasWord(program, 'true'),
    );
}

/** Into the interpreter, packages must come by the way that the new environment takes over. */
function checkInterpreter({ subject, start }: Build, installs: readonly Step[]): void {
  for (const { program, instruction } of installs) {
    const { line } = instruction;
    const user = subject.scene.userAt(instruction);
    if (user !== undefined && !isRoot(user)) {
      block('not-root', `Packages are installed as ${user}, who may not write to ${newPlace}.`, {
        line,
        unblock: 'Install them before USER, or into a virtual environment.',
      });
    }
    const called = calledProgram(program);
    const isLogin = instruction.shell.some(
      (word) => word === '-l' || word === '--login' || /^-[a-z]*l[a-z]*c$/.test(word),
    );
    const isFresh = subject.scene.run(instruction).variable(program, 'VIRTUAL_ENV');
    if (
      called?.includes('/') === true ||
      called?.includes('$') === true ||
      program.prefix !== '' ||
      isLogin ||
      isFresh === ''
    ) {
      block(
        'absolute-program',
        'Packages are installed by a program of a certain place, which passes an environment by.',
        {
          line,
          unblock: `Call it by its name: ${program.name}.`,
        },
      );
    }
    const own = ['UV_SYSTEM_PYTHON', 'UV_PROJECT_ENVIRONMENT', 'PATH', 'VIRTUAL_ENV'].find((name) =>
      program.command.assignments.some((assignment) => assignment.name === name),
    );
    if (own !== undefined)
      block('other-place', `${own} is set for this command alone, and decides where packages go.`, { line });
  }
  const [first] = installs;
  const reset = pathSettings(subject).find(
    ({ instruction, value }) => instruction.index > first!.instruction.index && !/\$(?:PATH\b|\{PATH\b)/.test(value),
  );
  if (reset !== undefined) {
    block(
      'search-path',
      'PATH is set anew behind what is installed, so programs of an environment would not be found.',
      {
        line: reset.instruction.line,
        unblock: 'Put $PATH at the end of it.',
      },
    );
  }
  const named = subject.stage.instructions.find((instruction) =>
    /(?:site|dist)-packages/.test(subject.argumentsOf(instruction)),
  );
  if (named !== undefined) {
    block('site-packages', 'The folder of the installed packages is named, which will be another one.', {
      line: named.line,
      unblock: 'Install into a virtual environment, and name its folder.',
    });
  }
  const absolute = start.programs.find(({ name }) => /^\/usr\/(?:local\/)?bin\//.test(name) && !isSystems(name));
  if (absolute !== undefined) {
    block('absolute-script', `${absolute.by} starts ${absolute.name}, which will be in the virtual environment.`, {
      line: start.line,
      unblock: `Start it by its name: ${baseName(absolute.name)}.`,
    });
  }
}

/** What is of the distribution, whatever Python has. */
function isSystems(name: string): boolean {
  return /^(?:env|sh|bash|dash|tini|dumb-init|gosu|curl|wget|nc|sleep|tail|cat|nice|timeout)$/.test(baseName(name));
}

/** Tools that fetch for a whole project: they are no part of it. */
const projectManagers = /^(?:poetry|pipenv|uv|pdm)$/;

/** Makes the environment before the first package of the application is installed; those who install stay outside of it. */
function newEnvironment({ subject, steps }: Build, installs: readonly Step[]): readonly TextEdit[] {
  const { text } = subject.dockerfile;
  const first = installs[0]!;
  const { instruction, program } = first;
  const run = subject.scene.run(instruction);
  subject.note(
    'changed',
    `Packages are installed into a virtual environment in ${newPlace}, which is copied as it is and comes first in PATH.`,
    instruction.line,
  );
  const more = [
    ...(run.variable(program, 'UV_SYSTEM_PYTHON') === undefined ? [] : ['UV_SYSTEM_PYTHON=0']),
    ...(run.variable(program, 'UV_PROJECT_ENVIRONMENT') === undefined ? [] : [`UV_PROJECT_ENVIRONMENT=${newPlace}`]),
    ...(installs.some((step) => step.program.name === 'uv') ? uvSettings : []),
  ];
  const settings = [`VIRTUAL_ENV=${newPlace}`, ...more].join(' ');
  const lineBreak = lineBreakAt(text, instruction.span.start);
  const at = instruction.span.start;
  const made = `python -m venv ${newPlace}`;
  const installer = steps.find(
    (step) =>
      step.instruction === instruction &&
      step.kind === 'toolchain' &&
      step.program.command.span.start < program.command.span.start,
  );
  const { command } = program;
  if (installer !== undefined && projectManagers.test(program.name)) {
    if (command.conditional || command.subshell || command.loop || command.function !== undefined) {
      block('conditional-installation', 'Whether this is installed, and where, is known only when it is built.', {
        line: instruction.line,
      });
    }
    // What installs is installed in the same RUN, before the environment is there.
    const start = command.span.start;
    return [
      { start, end: start, newText: `${made} && export ${settings} PATH=${newPlace}/bin:$PATH && ` },
      {
        start: instruction.span.end,
        end: instruction.span.end,
        newText: `${lineBreak}ENV ${settings} PATH=${newPlace}/bin:$PATH`,
      },
      ...withoutSystem(installs),
    ];
  }
  const lines = [`RUN ${made}`, `ENV ${settings} PATH=${newPlace}/bin:$PATH`, ''];
  return [{ start: at, end: at, newText: lines.join(lineBreak) }, ...withoutSystem(installs)];
}

/** The same interpreter must be found in both stages, so none may be downloaded; and links into a cache would lead nowhere. */
const uvSettings = ['UV_PYTHON_DOWNLOADS=0', 'UV_LINK_MODE=copy'];

function managedSettings({ dockerfile }: Subject, installs: readonly Step[]): TextEdit {
  const at = installs.find(({ program }) => program.name === 'uv')!.instruction.span.start;
  return { start: at, end: at, newText: `ENV ${uvSettings.join(' ')}${lineBreakAt(dockerfile.text, at)}` };
}

/** `uv pip install --system` would pass the environment by. */
function withoutSystem(installs: readonly Step[]): readonly TextEdit[] {
  return installs.flatMap(({ program }) => {
    if (program.name !== 'uv') return [];
    return program.args
      .filter(({ text }) => text === '--system')
      .map(({ span }) => ({ start: span.start - 1, end: span.end, newText: '' }));
  });
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

export function hasWord({ args }: Program, word: string): boolean {
  return args.some(({ value }) => value === word);
}

/** The first word that is no option. */
export function verb(args: Program['args']): string {
  return splitArguments(args).operands[0]?.value ?? '';
}
