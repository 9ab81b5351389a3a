import { baseName } from '../../program/fileSystem.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { type Program, programOf, splitArguments, wordTexts } from '../../rules/scene/program.ts';
import { isStartCommand } from '../whatStarts.ts';
import { block } from './blocked.ts';
import type { Build, Ecosystem, Plan, PlannedCopy, Where } from './ecosystem.ts';
import { applicationCopies, searchedFolders } from './interpreted.ts';
import { hasWord, searchPath, verb } from './pythonCalls.ts';
import { editableFolders, environmentOf } from './pythonEnvironment.ts';
import { readNodeCommand } from './node.ts';
import { neededByName, ownPrograms } from './neededByName.ts';
import { pythonNeeds } from './pythonNeeds.ts';
import { collectedFiles } from './pythonSettings.ts';
import type { Reading, Step } from './step.ts';
import { checkSlimmer, slimVariant } from './variants.ts';

/** Packages that install what a whole project needs, into an environment apart from their own. */
const managers = /^(?:poetry|pipenv|uv|pdm|hatch|pip-tools|virtualenv|twine|tox|nox)(?:[[<>=~!@].*)?$/i;
/** What is often brought up to date beside them. */
const installers = /^(?:pip|setuptools|wheel)(?:[[<>=~!].*)?$/i;
const tools = new Set(['pip', 'poetry', 'pipenv', 'uv', 'pdm']);

/** Applications in Python: a virtual environment goes along with them, onto the slim variant of the same interpreter. */
export const python: Ecosystem = {
  id: 'python',
  name: 'Python',

  detect(subject) {
    return (
      subject.image === 'python' &&
      subject.scene.runs.some((run) =>
        run.programs.some(({ name, args }) => tools.has(name) || args[0]?.value === 'setup.py'),
      )
    );
  },

  read(program, where) {
    return readPython(program, where) ?? readNodeCommand(program);
  },

  plan(build) {
    const { subject, steps } = build;
    const { line } = subject.stage.from;
    const variant = slimVariant(subject, 'Python');
    const command = withoutRunner(build);
    checkStart(build, command);
    const fetches = steps.filter((step) => step.kind === 'fetch');
    const installs = fetches.filter(({ program }) => readNodeCommand(program) === undefined);
    if (installs.length === 0) block('no-benefit', 'Nothing is installed that could stay behind.', { line });
    checkSlimmer(subject, variant, hasBuildTools(steps));
    const place = environmentOf(build, installs);
    const scripts = fetches.filter((step) => !installs.includes(step)).map(({ folder }) => folder);
    const application = applicationCopies(build, new Set(['compile']), scripts);
    const isInside = (path: string): boolean => application.some((copy) => copy.isFolder && isWithin(path, copy.path));
    const edited = editableFolders(subject, installs)
      .filter((path) => !isInside(path))
      .map((path): PlannedCopy => ({ path, isFolder: true, reason: 'the project that is installed to be edited' }));
    const system = edited.find(
      ({ path }) => path.split('/').length < 3 && /^\/(?:usr|tmp|var|etc|opt|root|home|srv)?$/.test(path),
    );
    if (system !== undefined) {
      block('application-in-system', `The application is in ${system.path}, among what belongs to the system.`, {
        line,
        unblock: 'Give it a folder of its own with WORKDIR.',
      });
    }
    const venv: PlannedCopy[] = isInside(place.path)
      ? []
      : [{ path: place.path, isFolder: true, reason: 'the virtual environment with all dependencies' }];
    const collected = collectedFiles(build)
      .filter((path) => !isInside(path))
      .map((path): PlannedCopy => ({ path, isFolder: true, reason: 'the files that Django collects' }));
    const copies = [...venv, ...edited, ...application, ...collected];
    const isFirst = searchPath(subject, subject.stage.instructions.at(-1)!).includes(`${place.path}/bin`);
    const plan: Plan = {
      program: {
        kind: 'image',
        bases: [variant],
        computed: [...new Set([`${place.path}/`, ...searchedFolders(copies)])].filter(
          (path, _, all) => !all.some((other) => other !== path && path.startsWith(other)),
        ),
      },
      copies,
      edits: place.edits,
      buildFolders: [...application, ...edited].map(({ path }) => path).concat(place.path),
      environment: (place.isNew || command !== undefined) && !isFirst ? { PATH: `${place.path}/bin:$PATH` } : {},
      provided: ownPrograms(build.start),
      packages: neededByName(build, variant, pythonNeeds),
      buildOnly: /^(?:PIP_\w*|POETRY_\w*|PIPENV_\w*|UV_\w*|PDM_\w*)$/,
      buildPackages: /^(?:python3?(?:-dev|-pip|-venv|-setuptools|-wheel)|cython3?|swig|rustc|cargo|gfortran)$/,
      ...command,
    };
    return plan;
  },
};

export function readPython(program: Program, where: Where): Reading | undefined {
  const { name, args } = program;
  const { run } = where;
  const first = verb(args);
  const words = wordTexts(args);
  switch (name) {
    case 'pip':
      if (first === 'install') return { kind: isInstaller(program, where) ? 'toolchain' : 'fetch' };
      return { kind: /^(?:wheel|download)$/.test(first) ? 'toolchain' : 'neutral' };
    case 'pipx':
    case 'conda':
    case 'mamba':
    case 'micromamba':
    case 'pdm':
      return block('other-environment', `${name} keeps environments of its own, which are not followed.`, {
        line: run.instruction.line,
      });
    case 'poetry':
    case 'pipenv':
      if (first === 'run') return readInner(program, where);
      if (first === 'build') return { kind: 'compile' };
      if (first === 'shell') return undefined;
      return { kind: /^(?:install|sync|add|update|upgrade)$/.test(first) ? 'fetch' : 'neutral' };
    case 'uv':
      return readUv(program, where);
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
      return first === 'download' ? { kind: 'fetch' } : undefined;
    case 'activate':
      return { kind: 'neutral' };
    default:
      break;
  }
  if (isFedInstaller(program, where)) return { kind: 'toolchain' };
  if (!/^python[\d.]*$/.test(name)) return undefined;
  if (words.some((word) => /^(?:-V|-VV|--version)$/.test(word))) return { kind: 'neutral' };
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

/** `curl … | python3 -`: the installers that Poetry and uv have for themselves. */
function isFedInstaller({ name, args }: Program, { run }: Where): boolean {
  return (
    /^(?:python[\d.]*|sh|bash)$/.test(name) &&
    args.every(({ text }) => /^(?:-|-s|--|-e)$/.test(text)) &&
    run.script.commands.some(
      ({ words, next }) =>
        next?.operator === '|' &&
        words.some(({ value }) => /^https:\/\/(?:install\.python-poetry\.org\/?$|astral\.sh\/uv\/)/.test(value ?? '')),
    )
  );
}

function readUv(program: Program, where: Where): Reading | undefined {
  const { args } = program;
  const [first = '', second = ''] = splitArguments(args).operands.map(({ value }) => value ?? '');
  switch (first) {
    case 'sync':
    case 'add':
      return { kind: 'fetch' };
    case 'pip':
      return { kind: /^(?:install|sync)$/.test(second) ? 'fetch' : 'neutral' };
    case 'venv':
      return { kind: 'files', writes: [second === '' ? '.venv' : second] };
    case 'run':
      return readInner(program, where);
    case 'build':
      return { kind: 'compile' };
    case 'python':
    case 'tool':
      return block(
        'other-environment',
        `\`uv ${first}\` keeps programs at a place of its own, which is not followed.`,
        {
          line: where.run.instruction.line,
        },
      );
    default:
      return { kind: 'neutral' };
  }
}

/** What `poetry run` and its like start: as if it was started without them. */
function readInner(program: Program, where: Where): Reading | undefined {
  const { command } = program;
  const at = command.words.findIndex(({ value }) => value === 'run');
  const from = command.words.findIndex(({ value, text }, index) => index > at && !(value ?? text).startsWith('-'));
  if (from < 0) return undefined;
  const inner = programOf({ ...command, words: command.words.slice(from) });
  return inner && (readPython(inner, where) ?? undefined);
}

const pipTaking =
  /^(?:-r|-c|-e|-t|-i|--requirement|--constraint|--editable|--target|--index-url|--extra-index-url|--prefix|--root|--find-links|-f|--trusted-host|--timeout|--retries|--no-binary|--only-binary|--root-user-action|--progress-bar|--cache-dir|--cert|--proxy|--upgrade-strategy)$/;

/**
 * True if all that is installed only installs a project: it stays outside of the project's environment. Bringing pip itself up to
 * date is part of that only where another tool installs the project.
 */
function isInstaller({ args }: Program, { subject }: Where): boolean {
  const { operands } = splitArguments(args, pipTaking);
  const names = operands.slice(1).map(({ value }) => value ?? '');
  if (names.length === 0 || args.some(({ text }) => /^(?:-r|--requirement|-e|--editable)/.test(text))) return false;
  if (!names.every((name) => managers.test(name) || installers.test(name))) return false;
  return (
    names.some((name) => managers.test(name)) ||
    subject.scene.runs.some((other) =>
      other.programs.some(
        (one) => /^(?:poetry|uv)$/.test(one.name) && /^(?:install|sync)$/.test(verb(one.args)) && !isForSystem(subject),
      ),
    )
  );
}

/** Poetry is told to install into the interpreter, where it finds what pip has put there. */
function isForSystem({ stage, scene }: Where['subject']): boolean {
  return (
    stage.instructions.some(
      (instruction) =>
        instruction.keyword === 'ENV' && scene.argumentsOf(instruction).includes('POETRY_VIRTUALENVS_CREATE'),
    ) || scene.runs.some((run) => run.programs.some((program) => hasWord(program, 'virtualenvs.create')))
  );
}

/** What is started must not be what installs, and no workshop. */
function checkStart({ start }: Build, command: Replacement | undefined): void {
  for (const program of start.programs) {
    const { name, args, by } = program;
    const called = baseName(name);
    const isMain = isStartCommand(program) && command !== undefined;
    if (/^(?:poetry|pipenv|uv|uvx|pdm)$/.test(called) && !isMain) {
      block('package-manager-start', `${by} starts ${called}, which is not in the run stage.`, {
        line: start.line,
        unblock: 'Start the program itself.',
      });
    }
    if (/^(?:jupyter(?:-\w+)?|ipython)$/.test(called) || args.includes('jupyter')) {
      block('interactive', 'Notebooks are for working in: anything of the image may be used.', { line: start.line });
    }
  }
}

function hasBuildTools(steps: readonly Step[]): boolean {
  return steps.some(
    ({ packages = [], kind, program }) =>
      packages.some((name) =>
        /^(?:build-essential|build-base|gcc|g\+\+|make|git|.*-dev|rustc|cargo|nodejs|npm)$/.test(name),
      ) ||
      (kind === 'toolchain' && program.args.some(({ value }) => managers.test(value ?? ''))),
  );
}

/** What starts in the place of a tool that starts it. */
type Replacement = Pick<Plan, 'command' | 'entrypoint'>;

/** Options of `run` that only say what is not to be installed first. */
const runOptions = /^--(?:no-sync|frozen|locked|no-dev|offline|quiet)$/;

/** `poetry run x` starts `x` of the environment, which is the first in PATH. */
function withoutRunner({ subject, start }: Build): Replacement | undefined {
  const [first] = start.argv;
  if (first === undefined || !/^(?:poetry|pipenv|uv|pdm)$/.test(baseName(first))) return undefined;
  const { entrypoint, cmd } = start;
  const instruction = entrypoint ?? cmd;
  const plain = start.shellUsers.find((user) => user.plain?.instruction === instruction)?.plain?.words;
  const words = instruction?.json ?? plain;
  const refuse = (): never =>
    block('package-manager-start', `${baseName(first)} starts the container, and it is not in the run stage.`, {
      line: start.line,
      unblock: 'Start the program itself.',
    });
  if (words?.[0] !== first || words[1] !== 'run') return refuse();
  const behind = words.slice(2);
  while (behind[0] !== undefined && runOptions.test(behind[0])) behind.shift();
  // With the tool alone for an entry point, CMD says what it runs.
  const takesCmd = behind.length === 0 && entrypoint !== undefined && cmd?.json !== undefined;
  const started = takesCmd ? cmd.json : behind;
  const [program] = started;
  if (program === undefined || (program.startsWith('-') && program !== '-m') || program.includes('://'))
    return refuse();
  const isForPython = baseName(first) === 'uv' && (program === '-m' || program.endsWith('.py'));
  const command = isForPython ? ['python', ...started] : started;
  subject.note(
    'changed',
    `\`${command.join(' ')}\` is started: the virtual environment is first in PATH, and ${baseName(first)} is not in the run stage.`,
    start.line,
  );
  if (entrypoint === undefined) return { command };
  return takesCmd ? { entrypoint: [], command } : { entrypoint: command };
}
