import { splitArguments, type Program } from '../../rules/scene/program.ts';
import { lineBreakAt } from '../../rules/edit/lines.ts';
import type { TextEdit } from '../../text.ts';
import { block } from './blocked.ts';
import type { Build, Ecosystem, Plan, PlannedCopy, Where } from './ecosystem.ts';
import { baseName } from './gates.ts';
import { applicationCopies } from './interpreted.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';
import { slimVariant } from './variants.ts';

/** Where dependencies go that the file installs into the interpreter itself. */
const environment = '/opt/venv';

/** Packages that install others, or build them: the run stage needs none of them. */
const installers =
  /^(?:pip|setuptools|wheel|poetry|poetry-core|pipenv|pip-tools|uv|pdm|hatch|build|virtualenv|flit|twine|cython)(?:[[<>=~!].*)?$/i;
const managers = new Set(['pip', 'poetry', 'pipenv', 'uv', 'pdm']);

/** Applications in Python: a virtual environment goes along with them, onto the slim variant of the same interpreter. */
export const python: Ecosystem = {
  id: 'python',
  name: 'Python',

  detect(subject) {
    return (
      subject.image === 'python' &&
      subject.scene.runs.some((run) => run.programs.some(({ name }) => managers.has(name)))
    );
  },

  read: readPython,

  plan(build) {
    const { subject, steps } = build;
    const variant = slimVariant(subject);
    if (variant === undefined)
      block('unknown-base', 'What this image of Python brings is not known.', { line: subject.stage.from.line });
    checkStart(build);
    const installs = steps.filter((step) => step.kind === 'fetch');
    if (installs.length === 0)
      block('no-benefit', 'Nothing is installed that could stay behind.', { line: subject.stage.from.line });
    if (variant.reference === subject.base.text && !hasBuildTools(steps)) {
      block('no-benefit', 'The base is slim already, and only what runs is installed.', {
        line: subject.stage.from.line,
      });
    }
    const place = environmentOf(build, installs);
    const application = applicationCopies(build, new Set(['compile']));
    const isInside = application.some(({ path, isFolder }) => isFolder && place.path.startsWith(`${path}/`));
    const venv: PlannedCopy[] = isInside
      ? []
      : [{ path: place.path, isFolder: true, reason: 'the virtual environment with all dependencies' }];
    const plan: Plan = {
      program: { kind: 'image', bases: [variant], computed: [`${place.path}/`] },
      copies: [...venv, ...application],
      edits: place.edits,
      buildFolders: [...application.map(({ path }) => path), place.path],
      environment: { PATH: `${place.path}/bin:$PATH` },
      buildOnly: /^(?:PIP_\w*|POETRY_\w*|PIPENV_\w*|UV_\w*|PDM_\w*|VIRTUAL_ENV)$/,
      buildPackages:
        /^(?:python3?(?:-dev|-pip|-venv|-setuptools|-wheel)|cython3?|swig|rustc|cargo|libffi-dev|gfortran)$/,
      ...(place.command === undefined ? {} : { command: place.command }),
    };
    return plan;
  },
};

function verbOf({ args }: Program): string {
  return args.find(({ text }) => !text.startsWith('-'))?.value ?? '';
}

export function readPython(program: Program, { run }: Where): Reading | undefined {
  const { name, args } = program;
  const verb = verbOf(program);
  const words = args.map(({ value, text }) => value ?? text);
  switch (name) {
    case 'pip':
      if (verb === 'install') return { kind: isInstaller(program) ? 'toolchain' : 'fetch' };
      return /^(?:wheel|download)$/.test(verb) ? { kind: 'compile' } : { kind: 'neutral' };
    case 'pipx':
    case 'conda':
    case 'mamba':
    case 'micromamba':
      return block('other-environment', `${name} keeps environments of its own, which are not followed.`, {
        line: run.instruction.line,
      });
    case 'poetry':
    case 'pdm':
      return { kind: /^(?:install|sync)$/.test(verb) ? 'fetch' : verb === 'build' ? 'compile' : 'neutral' };
    case 'pipenv':
      return { kind: /^(?:install|sync)$/.test(verb) ? 'fetch' : 'neutral' };
    case 'uv':
      return {
        kind:
          verb === 'sync' || (verb === 'pip' && words.includes('install'))
            ? 'fetch'
            : verb === 'build'
              ? 'compile'
              : 'neutral',
      };
    case 'venv':
    case 'virtualenv':
      return {
        kind: 'files',
        writes: splitArguments(args, /^(?:-p|--python|--prompt)$/).operands.flatMap(({ value }) => value ?? []),
      };
    case 'compileall':
    case 'pybabel':
      return { kind: 'compile' };
    case 'pytest':
    case 'unittest':
    case 'mypy':
    case 'ruff':
    case 'flake8':
    case 'black':
    case 'tox':
    case 'nox':
      return { kind: 'test' };
    case 'spacy':
      return verb === 'download' ? { kind: 'fetch' } : undefined;
    case 'activate':
      return { kind: 'neutral' };
    default:
      break;
  }
  if (!/^python[\d.]*$/.test(name)) return undefined;
  if (words.some((word) => /^(?:-V|--version)$/.test(word))) return { kind: 'neutral' };
  const script = splitArguments(args, /^-[cmWX]$/).operands[0]?.value ?? '';
  if (script === 'setup.py')
    return { kind: words.includes('develop') || words.includes('install') ? 'fetch' : 'compile' };
  // Of Django's commands those that write only what is served.
  if (baseName(script) === 'manage.py')
    return words.some((word) => /^(?:collectstatic|compilemessages|compress|check|tailwind|makemessages)$/.test(word))
      ? { kind: 'compile' }
      : undefined;
  if (words.includes('-c') && /^\s*(?:import|from)\s[\w.,\s]+$/.test(words[words.indexOf('-c') + 1] ?? ''))
    return { kind: 'test' };
  return undefined;
}

/** True if all that is installed only installs or builds. */
function isInstaller({ args }: Program): boolean {
  const { operands } = splitArguments(
    args,
    /^(?:-r|-c|-e|-t|-i|--requirement|--constraint|--editable|--target|--index-url|--extra-index-url|--prefix|--root|--find-links|-f|--trusted-host|--timeout|--retries)$/,
  );
  const names = operands.slice(1).map(({ value }) => value ?? '');
  return (
    names.length > 0 &&
    names.every((name) => installers.test(name)) &&
    !args.some(({ text }) => /^(?:-r|--requirement|-e|--editable)/.test(text))
  );
}

/** What is started must be found in the environment, and must not install anything. */
function checkStart({ start }: Build): void {
  for (const { name, args, by } of start.programs) {
    if (/^\/usr\/local\/bin\/(?!python)/.test(name)) {
      block('absolute-script', `${by} starts ${name}, which will be in the virtual environment.`, {
        line: start.line,
        unblock: `Start it by its name: ${baseName(name)}.`,
      });
    }
    if (/^(?:jupyter|jupyter-lab|jupyter-notebook|ipython)$/.test(baseName(name)) || args.includes('jupyter')) {
      block('interactive', 'Notebooks are for working in: anything of the image may be used.', { line: start.line });
    }
  }
}

function hasBuildTools(steps: readonly Step[]): boolean {
  const tools = steps.some(({ packages = [] }) =>
    packages.some((name) => /^(?:build-essential|build-base|gcc|g\+\+|make|git|.*-dev|rustc|cargo)$/.test(name)),
  );
  return (
    tools ||
    steps.some(
      ({ kind, program }) =>
        kind === 'toolchain' && program.args.some(({ value }) => /^(?:poetry|pipenv|uv|pdm)/.test(value ?? '')),
    )
  );
}

interface EnvironmentPlace {
  /** Absolute. */
  readonly path: string;
  readonly edits: readonly TextEdit[];
  readonly command?: readonly string[];
}

/** Where the dependencies are, or what makes them go to a virtual environment. */
function environmentOf(build: Build, installs: readonly Step[]): EnvironmentPlace {
  const { subject, steps } = build;
  for (const { program, instruction } of installs) {
    const words = program.args.map(({ value, text }) => value ?? text);
    if (words.some((word) => /^(?:--user|--target|-t|--prefix|--root)(?:=|$)/.test(word))) {
      block(
        'other-place',
        'Packages are installed to a place of their own, from which they cannot be moved for sure.',
        { line: instruction.line, unblock: 'Install them into a virtual environment.' },
      );
    }
  }
  const own = steps.find(({ program }) => program.name === 'venv' || program.name === 'virtualenv');
  const command = withoutRunner(build);
  if (own?.writes[0] !== undefined) return { path: own.writes[0], edits: [], ...command };
  const uv = installs.find(({ program }) => program.name === 'uv' && verbOf(program) === 'sync');
  if (uv !== undefined) {
    const set = subject.scene.run(uv.instruction).variable(uv.program, 'UV_PROJECT_ENVIRONMENT');
    return { path: subject.absolute(set ?? '.venv', uv.folder), edits: [uvSettings(subject, uv)], ...command };
  }
  const inProject = installs.find(({ program, instruction }) => {
    const run = subject.scene.run(instruction);
    return (
      run.variable(program, 'POETRY_VIRTUALENVS_IN_PROJECT') !== undefined ||
      run.variable(program, 'PIPENV_VENV_IN_PROJECT') !== undefined
    );
  });
  if (inProject !== undefined) return { path: subject.absolute('.venv', inProject.folder), edits: [], ...command };
  return { path: environment, edits: [newEnvironment(subject, installs), ...withoutSystem(installs)], ...command };
}

/** The same interpreter must be found in both stages, so none may be downloaded; and links into a cache would lead nowhere. */
function uvSettings({ dockerfile }: Subject, { instruction }: Step): TextEdit {
  const at = instruction.span.start;
  return {
    start: at,
    end: at,
    newText: `ENV UV_PYTHON_DOWNLOADS=0 UV_LINK_MODE=copy${lineBreakAt(dockerfile.text, at)}`,
  };
}

/** Makes the environment before the first package of the application is installed; those who install stay outside of it. */
function newEnvironment(subject: Subject, installs: readonly Step[]): TextEdit {
  const [first] = installs;
  const { instruction } = first!;
  const user = subject.scene.userAt(instruction);
  if (user !== undefined && !/^(?:root|0)(?::.*)?$/.test(user)) {
    block('not-root', `Packages are installed as ${user}, who may not write to ${environment}.`, {
      line: instruction.line,
      unblock: 'Install them before USER, or into a virtual environment.',
    });
  }
  const lineBreak = lineBreakAt(subject.dockerfile.text, instruction.span.start);
  const lines = [
    `RUN python -m venv ${environment}`,
    `ENV VIRTUAL_ENV=${environment} PATH=${environment}/bin:$PATH`,
    '',
  ];
  subject.note(
    'changed',
    `Packages are installed into a virtual environment in ${environment}, which is copied as it is.`,
    instruction.line,
  );
  const at = instruction.span.start;
  return { start: at, end: at, newText: lines.join(lineBreak) };
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

/** `poetry run x` starts `x` of the environment, which is the first in PATH. */
function withoutRunner({ subject, start }: Build): { readonly command?: readonly string[] } {
  const [first, verb, ...rest] = start.argv;
  if (first === undefined || !/^(?:poetry|pipenv|uv|pdm)$/.test(baseName(first))) return {};
  const command = rest[0]?.startsWith('-') === true ? undefined : rest;
  if (verb !== 'run' || command === undefined || command.length === 0 || start.entrypoint !== undefined) {
    return block('package-manager-start', `${baseName(first)} starts the container, and it is not in the run stage.`, {
      line: start.line,
      unblock: 'Start the program itself.',
    });
  }
  subject.note(
    'changed',
    `CMD is \`${command.join(' ')}\`: the virtual environment is first in PATH, and ${baseName(first)} is not in the run stage.`,
    start.line,
  );
  return { command };
}
