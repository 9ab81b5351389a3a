import { baseName } from '../../program/fileSystem.ts';
import { lineBreakAt } from '../../rules/edit/lines.ts';
import { isRoot } from '../../rules/scene/user.ts';
import type { TextEdit } from '../../text.ts';
import { block } from './blocked.ts';
import type { Build } from './ecosystem.ts';
import { calledProgram, pathSettings } from './pythonCalls.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

/** Where dependencies go that the file installs into the interpreter itself. */
export const newPlace = '/opt/venv';

/** The same interpreter must be found in both stages, so none may be downloaded; and links into a cache would lead nowhere. */
export const uvSettings = ['UV_PYTHON_DOWNLOADS=0', 'UV_LINK_MODE=copy'];

/** Into the interpreter, packages must come by the way that the new environment takes over. */
export function checkInterpreter({ subject, start }: Build, installs: readonly Step[]): void {
  for (const step of installs) checkInstaller(subject, step);
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

/** Who installs must be root, and call the installer by its name: so it is that of the new environment. */
function checkInstaller(subject: Subject, { program, instruction }: Step): void {
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

/** What is of the distribution, whatever Python has. */
function isSystems(name: string): boolean {
  return /^(?:env|sh|bash|dash|tini|dumb-init|gosu|curl|wget|nc|sleep|tail|cat|nice|timeout)$/.test(baseName(name));
}

/** Tools that fetch for a whole project: they are no part of it. */
const projectManagers = /^(?:poetry|pipenv|uv|pdm)$/;

/** Makes the environment before the first package of the application is installed; those who install stay outside of it. */
export function newEnvironment({ subject, steps }: Build, installs: readonly Step[]): readonly TextEdit[] {
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

/** `uv pip install --system` would pass the environment by. */
function withoutSystem(installs: readonly Step[]): readonly TextEdit[] {
  return installs.flatMap(({ program }) => {
    if (program.name !== 'uv') return [];
    return program.args
      .filter(({ text }) => text === '--system')
      .map(({ span }) => ({ start: span.start - 1, end: span.end, newText: '' }));
  });
}
