import { baseName } from '../../program/fileSystem.ts';
import { type Program, wordTexts } from '../../rules/scene/program.ts';
import { textsOf } from '../project.ts';
import { block } from './blocked.ts';
import type { Build, Ecosystem, Plan, PlannedCopy, Where } from './ecosystem.ts';
import { applicationCopies, searchedFolders } from './interpreted.ts';
import { neededByName, ownPrograms } from './neededByName.ts';
import { readNodeCommand } from './node.ts';
import { rubyNeeds } from './rubyNeeds.ts';
import type { Reading, Step } from './step.ts';
import { checkSlimmer, slimVariant } from './variants.ts';

/** Where the image of Ruby keeps gems: its GEM_HOME. */
const gemHome = '/usr/local/bundle';

/** Applications in Ruby: their gems and files go along, onto the slim variant of the same interpreter. */
export const ruby: Ecosystem = {
  id: 'ruby',
  name: 'Ruby',

  detect(subject) {
    return (
      subject.image === 'ruby' &&
      subject.scene.runs.some((run) =>
        run.programs.some(
          ({ name, args }) => /^(?:bundle|bundler|gem)$/.test(name) || args.some(({ value }) => value === 'extconf.rb'),
        ),
      )
    );
  },

  read: readRuby,

  plan(build) {
    const { subject, steps } = build;
    const variant = slimVariant(subject, 'Ruby');
    checkSlimmer(subject, variant, hasBuildTools(steps));
    checkStart(build);
    // Bundler writes the versions that it has chosen beside the list of gems, and may put the gems there too.
    const application = applicationCopies(build, new Set(['compile']), bundledFolders(steps));
    const place = subject.scope.get('BUNDLE_PATH');
    const elsewhere: PlannedCopy[] = [place, ...configuredPlaces(build)]
      .filter((path) => path !== undefined)
      .map((path) => ({ path: subject.absolute(path, subject.workingDir), isFolder: true, reason: 'the gems' }));
    const gems: PlannedCopy = {
      path: subject.config?.env.GEM_HOME ?? gemHome,
      isFolder: true,
      reason: 'the gems, and the settings of Bundler',
    };
    const precompiles = steps.some(({ program }) => program.args.some(({ value }) => value === 'assets:precompile'));
    const runsScripts = /\bexecjs\b/.test(textsOf(subject.project, /(?:^|\/)Gemfile\.lock$/).join(''));
    const plan: Plan = {
      program: {
        kind: 'image',
        bases: [variant],
        computed: searchedFolders([gems, ...elsewhere, ...application]),
      },
      copies: [gems, ...elsewhere, ...application],
      // Archives of gems are kept beside what was unpacked from them.
      provided: ownPrograms(build.start),
      packages: neededByName(build, variant, rubyNeeds),
      tail: [`RUN rm -rf ${gems.path}/cache`],
      buildFolders: [...application, ...elsewhere, gems].map(({ path }) => path),
      buildOnly: /^(?:SECRET_KEY_BASE_DUMMY|MAKE|BUNDLE_JOBS|BUNDLE_RETRY)$/,
      ...(precompiles && !runsScripts ? { buildPackages: /^(?:nodejs|npm|yarn|yarnpkg|node-gyp|python3?)$/ } : {}),
    };
    return plan;
  },
};

export function readRuby(program: Program, where: Where): Reading | undefined {
  const { name, args } = program;
  const words = wordTexts(args).filter((word) => !word.startsWith('-'));
  const [verb = ''] = words;
  switch (name) {
    case 'bundle':
    case 'bundler':
      if (verb === 'exec') return readTask(words.slice(1), where);
      return { kind: /^(?:|install|update|package|cache|lock)$/.test(verb) ? 'fetch' : 'neutral' };
    case 'gem':
      return { kind: /^(?:install|i|update)$/.test(verb) ? 'fetch' : 'neutral' };
    case 'rails':
    case 'rake':
      return readTask([name, ...words], where);
    case 'bootsnap':
    case 'make':
      return { kind: 'compile' };
    case 'ruby':
      // The script that writes the Makefile of a module in C; others may do anything.
      return verb === 'extconf.rb' ? { kind: 'compile' } : undefined;
    case 'rspec':
    case 'rubocop':
      return { kind: 'test' };
    default:
      return readNodeCommand(program);
  }
}

/** The folders of the applications that Bundler installs for. */
export function bundledFolders(steps: readonly Step[]): readonly string[] {
  return steps
    .filter(({ kind, program }) => kind === 'fetch' && /^bundler?$/.test(program.name))
    .map(({ folder }) => folder);
}

/** Absolute places that Bundler is told to put gems into; relative ones are in the application's folder. */
export function configuredPlaces({ steps }: Build): readonly string[] {
  return steps
    .filter(({ program }) => /^bundler?$/.test(program.name))
    .flatMap(({ program, instruction }) => {
      const words = wordTexts(program.args);
      const at = words.findIndex((word) => word === 'path' || word === '--path');
      const place = at < 0 ? undefined : words[at + 1];
      if (place === undefined) return [];
      if (/[$~`]/.test(place)) {
        block('other-place', 'Where gems are installed is known only when it is built.', { line: instruction.line });
      }
      return place.startsWith('/') ? [place] : [];
    });
}

/** What is started must not be for working in. */
function checkStart({ subject, start }: Build): void {
  for (const { name, args, by } of start.programs) {
    if (baseName(name) === 'gem' && /^(?:install|i|update)$/.test(args[0] ?? '')) {
      block('needs-toolchain', `${by} installs gems when the container starts.`, {
        line: start.line,
        unblock: 'Install in a RUN.',
      });
    }
    const words = [baseName(name), ...args].map((word) => word.replace(/^.*\//, ''));
    if (words.some((word) => /^(?:irb|pry|guard|rerun|spring)$/.test(word)) || words.includes('console')) {
      block('interactive', `${by} starts a tool to work with: anything of the image may be used.`, {
        line: start.line,
      });
    }
  }
  const environment = subject.scope.get('RAILS_ENV');
  if (environment === 'development' || environment === 'test') {
    block('development-image', `RAILS_ENV is ${environment}: this image is for working in.`, { line: start.line });
  }
}

/** Tasks that only make what is served; others may talk to a database. */
function readTask(words: readonly string[], { run }: Where): Reading | undefined {
  const [name = '', ...rest] = words.map((word) => word.replace(/^.*\//, ''));
  if (/^(?:rspec|rubocop|brakeman)$/.test(name)) return { kind: 'test' };
  if (name === 'bootsnap' || name === 'jekyll') return { kind: 'compile' };
  const task = rest.find((word) => !word.includes('=')) ?? '';
  if (/^(?:assets:precompile|assets:clean|tmp:\w+|webpacker:compile|compile)$/.test(task)) return { kind: 'compile' };
  if (task.startsWith('db:'))
    block('daemon', `${task} needs a database during the build.`, { line: run.instruction.line });
  return undefined;
}

function hasBuildTools(steps: readonly Step[]): boolean {
  return steps.some(({ packages = [] }) =>
    packages.some((name) => /^(?:build-essential|build-base|gcc|g\+\+|make|git|.*-dev|nodejs|npm)$/.test(name)),
  );
}
