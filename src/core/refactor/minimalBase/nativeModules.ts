import { baseName } from '../../program/fileSystem.ts';
import { fileWith } from '../project.ts';
import { failed, passed, unproven, type Verdict } from './baseSwap.ts';
import { isProgramOfItsOwn } from './compatibility.ts';
import { nativeNodeModules, readNodeLock } from './nodeModules.ts';
import { installedPackages } from './runs.ts';
import { readPythonPackages } from './pythonPackages.ts';
import type { SwapSubject, Target } from './subject.ts';

/** Whether modules with compiled parts can be installed, and run, on the other base; by lock files. */
export function nativeVerdicts(subject: SwapSubject, target: Target): readonly Verdict[] {
  const { facts } = subject;
  const language = facts.language?.name;
  const changesLibc = facts.libc !== target.facts.libc;
  const losesTools = facts.shell !== false && losesCompiler(subject, target);
  const isOther = subject.image !== target.image;
  // What a compiled program needs is looked at by itself.
  if (isProgramOfItsOwn(target) || (!changesLibc && !losesTools && !isOther)) {
    return [passed('native-modules', 'What is compiled is compiled as before.')];
  }
  const needs: Needs = { changesLibc, losesTools, hasToolchain: hasToolchain(subject) };
  switch (language) {
    case 'Node.js':
    case 'Bun':
      return [nodeVerdict(subject, target, needs)];
    case 'Python':
      return [pythonVerdict(subject, target, needs)];
    case 'Ruby':
    case 'PHP':
    case 'Perl':
    case 'Elixir':
    case 'Erlang':
      return [scriptVerdict(subject, language, needs)];
    case 'Java':
      return [javaVerdict(target, needs)];
    case '.NET':
      return [dotnetVerdict(subject, needs)];
    default:
      return [buildVerdict(subject, needs)];
  }
}

interface Needs {
  readonly changesLibc: boolean;
  /** The present base has a compiler and headers, and the other one has none. */
  readonly losesTools: boolean;
  /** The stage installs a compiler itself. */
  readonly hasToolchain: boolean;
}

function losesCompiler({ image, base }: SwapSubject, target: Target): boolean {
  const isReduced = (words: readonly string[]): boolean =>
    words.includes('slim') || words.some((word) => word.startsWith('alpine'));
  const own = (base.reference.tag ?? '').split('-');
  const theirs = (target.reference.tag ?? '').split('-');
  const isFull = /^(?:node|python|ruby|perl|gcc|golang|rust|php|erlang|elixir|haskell)$/.test(image);
  return isFull && !isReduced(own) && (isReduced(theirs) || target.image !== image);
}

function hasToolchain(subject: SwapSubject): boolean {
  return installedPackages(subject).some((name) => /^(?:build-essential|build-base|gcc|g\+\+)$/.test(name));
}

function runs({ runs: all, scenes, above }: SwapSubject, program: RegExp): boolean {
  const copied = above.flatMap(({ stage }) => stage.dependsOn).flatMap((index) => scenes.all[index]?.runs ?? []);
  return [...all, ...copied].some(({ programs }) => programs.some(({ name }) => program.test(name)));
}

function nodeVerdict(
  subject: SwapSubject,
  target: Target,
  { changesLibc, losesTools, hasToolchain: hasTools }: Needs,
): Verdict {
  if (!runs(subject, /^(?:npm|npx|yarn|pnpm|bun|corepack)$/)) {
    return passed('native-modules', 'No modules are installed.');
  }
  const lock = readNodeLock(subject.project);
  if (lock === undefined) {
    return unproven('native-modules', 'Without a lock file nobody knows which modules have compiled parts.', {
      unblock: 'Add package-lock.json, yarn.lock or pnpm-lock.yaml to the build context.',
    });
  }
  const hasGit = target.config?.programs.git === true || installedPackages(subject).includes('git');
  if (lock.usesGit && !hasGit && target.hasShell) {
    return failed(
      'native-modules',
      `${lock.path} has modules that are fetched with git, which ${target.written} does not have.`,
      {
        unblock: 'Install git in the stage.',
      },
    );
  }
  const native = nativeNodeModules(lock);
  if (native.length === 0) return passed('native-modules', `${lock.path} has no modules with compiled parts.`);
  const named = native.slice(0, 4).join(', ');
  const unblock = `Keep the distribution for ${native[0]!}, or do without it.`;
  if (changesLibc)
    return failed('native-modules', `${lock.path} has modules with compiled parts: ${named}.`, { unblock });
  if (losesTools && !hasTools)
    return unproven('native-modules', `${named} may have to be compiled, and ${target.written} has no compiler.`, {
      unblock,
    });
  return target.hasShell
    ? passed('native-modules', `${named} are compiled for the same C library.`)
    : unproven('native-modules', `${named} may need libraries that ${target.written} does not have.`, { unblock });
}

function pythonVerdict(
  subject: SwapSubject,
  target: Target,
  { changesLibc, losesTools, hasToolchain: hasTools }: Needs,
): Verdict {
  const installs = runs(subject, /^(?:pip|pip3|pipx|poetry|uv|pipenv|pdm|conda|python3?)$/);
  if (!target.hasShell) {
    // Debian's Python looks for modules in other folders than the one of the python image.
    const copies = subject.above.some(({ stage }) => stage.dependsOn.length > 0);
    return installs || copies
      ? failed(
          'native-modules',
          `Modules that were installed for ${subject.base.text} are not found by the Python of ${target.written}.`,
          {
            unblock: 'Make a virtual environment whose python is /usr/bin/python3.13.',
          },
        )
      : passed('native-modules', 'No modules are installed.');
  }
  if (!installs) return passed('native-modules', 'No modules are installed.');
  const packages = readPythonPackages(subject);
  if (packages === undefined) {
    return unproven('native-modules', 'Which Python packages are installed is not known.', {
      unblock: 'Name them in requirements.txt, uv.lock or poetry.lock.',
    });
  }
  const named = (names: readonly string[]): string => names.slice(0, 4).join(', ');
  if (packages.compiled.length > 0 && (changesLibc || (losesTools && !hasTools))) {
    const names = named(packages.compiled);
    return failed('native-modules', `${names} must be compiled, and ${target.written} has not what that needs.`, {
      unblock: `Install a compiler and the headers for ${packages.compiled[0]!} in the stage, or use a wheel.`,
    });
  }
  if (changesLibc && packages.wheels.length > 0) {
    return failed('native-modules', `${named(packages.wheels)} may have wheels for glibc only.`, {
      unblock: 'Lock the packages with uv or Poetry: the lock file says which wheels there are.',
    });
  }
  if (changesLibc && !packages.isLocked) {
    return unproven(
      'native-modules',
      'Without a lock file nobody knows which packages come along with those that are named.',
      {
        unblock: 'Lock the packages with uv or Poetry: the lock file says which wheels there are.',
      },
    );
  }
  if (packages.unknown.length > 0 && (changesLibc || losesTools)) {
    return unproven(
      'native-modules',
      `Whether ${named(packages.unknown)} can be installed without a compiler is not known.`,
      {
        unblock: 'Lock the packages with uv or Poetry: the lock file says which wheels there are.',
      },
    );
  }
  return passed('native-modules', 'All Python packages are there as wheels that fit.');
}

function scriptVerdict(
  subject: SwapSubject,
  language: string,
  { changesLibc, losesTools, hasToolchain: hasTools }: Needs,
): Verdict {
  const installers =
    /^(?:gem|bundle|cpan|cpanm|pecl|docker-php-ext-install|docker-php-ext-configure|install-php-extensions|mix|rebar3)$/;
  if (!runs(subject, installers)) {
    return changesLibc && language === 'PHP'
      ? unproven('native-modules', 'iconv and locales of PHP behave otherwise with musl.')
      : passed('native-modules', 'No modules are installed.');
  }
  if (changesLibc || (losesTools && !hasTools)) {
    return unproven('native-modules', `Modules of ${language} may have to be compiled, and which ones is not known.`, {
      unblock: 'Install a compiler and the headers that they need in the stage.',
    });
  }
  return passed('native-modules', 'What is compiled is compiled as before.');
}

function javaVerdict(target: Target, { changesLibc }: Needs): Verdict {
  if (changesLibc)
    return unproven('native-modules', 'Jars may bring libraries for glibc, such as those of Netty or SQLite.');
  return target.hasShell
    ? passed('native-modules', 'Libraries in jars find the C library that they found before.')
    : passed('native-modules', 'Libraries in jars need glibc, which is there.');
}

function dotnetVerdict(subject: SwapSubject, { changesLibc }: Needs): Verdict {
  const isForGlibc =
    changesLibc && fileWith(subject.project, /\.csproj$/, /RuntimeIdentifier>linux-(?!musl)/) !== undefined;
  if (isForGlibc)
    return failed('native-modules', 'The project is published for glibc.', {
      unblock: 'Publish it for linux-musl-x64.',
    });
  return changesLibc
    ? unproven('native-modules', 'Packages may bring libraries for glibc, such as those of SQLite or Skia.')
    : passed('native-modules', 'Libraries in packages need glibc, which is there.');
}

/** Compilers and plain systems. */
function buildVerdict(subject: SwapSubject, { changesLibc, losesTools }: Needs): Verdict {
  const isGo = subject.image === 'golang';
  const offCgo =
    isGo &&
    subject.runs.every((run) =>
      run.programs.every((program) => program.name !== 'go' || run.variable(program, 'CGO_ENABLED') === '0'),
    );
  const builds = runs(subject, /^(?:go|cargo|rustc|gcc|g\+\+|cc|clang|make|cmake|meson|ninja|ghc|stack|cabal|swift)$/);
  if (!builds || offCgo) return passed('native-modules', 'Nothing is compiled that needs the C library.');
  if (!changesLibc && !losesTools) return passed('native-modules', 'What is compiled is compiled as before.');
  const name = baseName(subject.image);
  return unproven('native-modules', `What ${name} builds may need a C compiler or libraries.`, {
    ...(isGo ? { unblock: 'Set CGO_ENABLED=0 where go build is called, if nothing needs cgo.' } : {}),
  });
}
