import { baseName } from '../../program/fileSystem.ts';
import { familyOf } from '../../base/family.ts';
import { buildPackages } from '../../rules/build-tools-left.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { isRoot } from '../../rules/scene/user.ts';
import { readC } from './c.ts';
import { block } from './blocked.ts';
import type { Build, Ecosystem, Plan, PlannedCopy } from './ecosystem.ts';
import { applicationCopies, searchedFolders } from './interpreted.ts';
import { neededByName } from './neededByName.ts';
import { readNodeCommand } from './node.ts';
import { readPerl } from './perl.ts';
import { readPython } from './python.ts';
import { installedTo } from './pythonEnvironment.ts';
import { pythonNeeds } from './pythonNeeds.ts';
import { bundledFolders, configuredPlaces, readRuby } from './ruby.ts';
import { rubyNeeds } from './rubyNeeds.ts';
import { releaseImage } from './release.ts';
import { readStart } from './start.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

const interpreters =
  /^(?:perl|python[\d.]*|node|nodejs|npm|ruby|bundle|php[\d.]*|lua[\d.]*|Rscript|java|tclsh[\d.]*|guile|gunicorn|uvicorn|flask|celery|gawk|awk|jq|bash|sh)$/;

/**
 * A toolchain in a distribution's own image, for an interpreter that is one of its packages: the run stage installs what runs,
 * and takes over what was built, and all of `/usr/local`, which is empty in these images until a file installs something.
 */
export const generic: Ecosystem = {
  id: 'generic',
  name: 'toolchain',

  detect(subject) {
    if (familyOf(subject.image)?.kind !== 'distribution') return false;
    const installs = subject.scene.runs.some((run) =>
      run.programs.some(
        ({ name, args }) =>
          /^(?:apt|apt-get|apk|dnf|yum|microdnf)$/.test(name) &&
          args.some(({ value }) => value !== undefined && buildPackages.test(value)),
      ),
    );
    if (!installs) return false;
    const [first = ''] = readStart(subject).argv;
    return interpreters.test(baseName(first)) || /\.(?:pl|py|js|rb|sh)$/.test(first);
  },

  read(program, where) {
    const readers = [readC, readPerl, readPython, readRuby];
    for (const read of readers) {
      const reading = read(program, where);
      if (reading !== undefined) return reading;
    }
    return readNodeCommand(program);
  },

  plan(build) {
    const { subject, steps } = build;
    const base = releaseImage(subject);
    const inProject = steps
      .filter(({ kind, program }) => kind === 'fetch' && /^(?:npm|yarn|pnpm|bun)$/.test(program.name))
      .map(({ folder }) => folder);
    const { copies: packaged, tail } = languagePackages(build);
    const application = applicationCopies(build, new Set(['compile']), [...inProject, ...bundledFolders(steps)]);
    const isInside = (path: string): boolean => application.some((copy) => isWithin(path, copy.path));
    const made = steps
      .filter(({ kind }) => kind === 'compile')
      .flatMap(({ writes }) => writes.filter((path) => !isInside(path) && !path.startsWith('/usr/local/')));
    const installs =
      steps.some(({ kind }) => kind === 'fetch' || kind === 'toolchain') ||
      steps.some(({ program }) => program.name === 'make' && program.args.some(({ value }) => value === 'install')) ||
      steps.some(({ writes }) => writes.some((path) => path.startsWith('/usr/local/')));
    const local: PlannedCopy[] = installs
      ? ['bin', 'lib', 'share'].map((name) => ({
          path: `/usr/local/${name}/`,
          isFolder: true,
          reason: 'what the file installs beside the packages',
        }))
      : [];
    const copies = [
      ...application,
      ...packaged.filter(({ path }) => !isInside(path)),
      ...made.map((path): PlannedCopy => ({ path, isFolder: false, reason: 'what was compiled' })),
      ...local,
    ];
    const plan: Plan = {
      program: {
        kind: 'image',
        bases: [base],
        computed: [...searchedFolders(copies), ...made],
      },
      copies,
      tail,
      packages: [...neededByName(build, base, pythonNeeds), ...neededByName(build, base, rubyNeeds)],
      buildFolders: [...application, ...packaged].map(({ path }) => path).concat('/usr/local'),
      // Python's setuptools stay: packages read their own names with them.
      buildPackages: /^(?:python3-(?:pip|dev|venv|wheel)|cpanminus|ruby-dev|npm|node-gyp|libtool-bin)$/,
    };
    return plan;
  },
};

/** Where Debian's Ruby puts gems. */
const gems = '/var/lib/gems';

/**
 * Where the tools of languages put what they install, beside `/usr/local`: blocks where that is among the distribution's own
 * files, or in somebody's home.
 */
function languagePackages(build: Build): { readonly copies: readonly PlannedCopy[]; readonly tail: readonly string[] } {
  const installs = build.steps.filter(({ kind }) => kind === 'fetch' || kind === 'toolchain');
  const environments = new Set<string>();
  for (const step of installs) {
    const place = pythonInstallers.test(step.program.name) ? installedTo(build, step) : undefined;
    if (place !== undefined) environments.add(place);
    else checkInstaller(build.subject, step);
  }
  checkPrefixes(build);
  const hasGems = installs.some(({ program }) => rubyInstallers.test(program.name));
  const bundled = configuredPlaces(build);
  const copies = [
    ...[...environments].map((path): PlannedCopy => ({
      path,
      isFolder: true,
      reason: 'the virtual environment with all dependencies',
    })),
    ...bundled.map((path): PlannedCopy => ({ path, isFolder: true, reason: 'the gems' })),
    ...(hasGems ? [{ path: gems, isFolder: true, reason: 'the gems' }] : []),
  ];
  // Nothing may be there, if Bundler puts all of it elsewhere.
  return { copies, tail: hasGems ? [`RUN mkdir -p ${gems}`] : [] };
}

const pythonInstallers = /^(?:pip|uv|poetry|pipenv)$/;
const rubyInstallers = /^(?:gem|bundler?)$/;

/** Blocks where packages of Python or Ruby go among other files than those of an environment. */
function checkInstaller(subject: Subject, { program, instruction, kind }: Step): void {
  const { name } = program;
  const { line } = instruction;
  const isForPython = pythonInstallers.test(name);
  if (isForPython && name !== 'pip' && kind === 'fetch') {
    block('other-environment', `${name} chooses where it installs, which is not known for this base.`, {
      line,
      unblock: 'Install into a virtual environment.',
    });
  }
  if (!isForPython && !rubyInstallers.test(name)) return;
  const user = subject.scene.userAt(instruction);
  if (user !== undefined && !isRoot(user)) {
    block('not-root', `Packages are installed as ${user}, into a home that is not followed.`, { line });
  }
  if (!/^(?:debian|ubuntu)$/.test(subject.facts?.distribution?.name ?? '')) {
    block(
      'packages-in-system',
      `${name} installs among the distribution's own files, where they cannot be told apart.`,
      {
        line,
        unblock: 'Install into a virtual environment, or into the folder of the application.',
      },
    );
  }
}

/** Blocks where something is told to go to a place of its own. */
function checkPrefixes({ steps }: Build): void {
  const named = steps.find(({ program }) =>
    program.args.some(
      ({ value, text }) =>
        /^(?:--prefix|DESTDIR|PREFIX|prefix|--install-dir|-i|--user-install)(?:=(?!\/usr\/local\/?$)|$)/.test(
          value ?? text,
        ) && /^(?:make|gem|configure)$/.test(program.name),
    ),
  );
  if (named !== undefined) {
    block('other-place', 'Something is installed to a place of its own, which is not followed.', {
      line: named.instruction.line,
    });
  }
}
