import { isWithin } from '../../rules/scene/places.ts';
import { type Program, wordTexts } from '../../rules/scene/program.ts';
import { fileWith } from '../project.ts';
import { artefacts } from './artefacts.ts';
import { block } from './blocked.ts';
import { dataFiles } from './dataFiles.ts';
import type { Build, Ecosystem, Plan, Where } from './ecosystem.ts';
import type { Reading } from './step.ts';
import { workFolders } from './workFolders.ts';

/** Programs in Haskell: they link libgmp and what their packages link, which the build stage finds out. */
export const haskell: Ecosystem = {
  id: 'haskell',
  name: 'Haskell',
  calls: {
    isProgram: /\.l?hs$/,
    gate: /^\s*import\s+(?:qualified\s+)?System\.Process\b/m,
    programs:
      /(?<!^\s*import[^\n]*)\b(?:callProcess|spawnProcess|readProcess(?:WithExitCode)?|rawSystem|proc)\s(?!::)/gm,
    shell: /(?<!^\s*import[^\n]*)\b(?:callCommand|spawnCommand|system|shell)\s(?!::)/gm,
  },

  detect(subject) {
    return subject.scene.runs.some((run) =>
      run.programs.some(
        ({ name, args }) =>
          /^(?:stack|cabal)$/.test(name) || (name === 'ghc' && args.some(({ text }) => text.endsWith('.hs'))),
      ),
    );
  },

  read: readHaskell,

  plan(build) {
    const { subject, start, steps } = build;
    const folders = workFolders(
      subject,
      steps.filter(({ kind }) => kind === 'compile'),
    ).filter((at) => at !== '/');
    const installs = steps.filter(({ kind }) => kind === 'compile').flatMap(({ writes }) => writes);
    const programs = artefacts(
      build,
      // What goes into a folder has the name by which it is started.
      [
        ...installs,
        ...installs.flatMap((folder) => start.programs.map(({ name }) => `${folder}/${name.replace(/^.*\//, '')}`)),
      ],
      (path) => folders.some((folder) => isWithin(path, folder)),
    );
    checkPackageData(build);
    const data = dataFiles(subject, {
      start,
      isSource:
        /\.(?:hs|lhs|cabal|hsc|hi|o)$|(?:^|\/)(?:stack\.yaml(?:\.lock)?|cabal\.project(?:\.\w+)?|package\.yaml|Setup\.hs)$|(?:^|\/)(?:dist-newstyle|\.stack-work)\//,
      isProgram: /\.l?hs$/,
    });
    const plan: Plan = {
      program: { kind: 'dynamic', libraries: 'libgcc', computed: programs.map(({ path }) => path) },
      copies: [...programs, ...data],
      // The names of protocols and services, which its network library looks up.
      packages: ['netbase'],
      buildFolders: folders,
      buildOnly: /^(?:STACK_\w*|CABAL_\w*|GHC\w*)$/,
      buildPackages: /^(?:ghc|cabal-install|haskell-stack|libgmp-dev|happy|alex)$/,
    };
    return plan;
  },
};

/** Data of a package are found by an absolute path that is compiled in. */
function checkPackageData({ subject: { project }, start }: Build): void {
  if (
    fileWith(project, /\.cabal$|(?:^|\/)package\.yaml$/, /^\s*data-files\s*:/m) !== undefined &&
    fileWith(project, /\.l?hs$/, /\bimport\s+(?:qualified\s+)?Paths_/) !== undefined
  ) {
    block('package-data', 'The program finds its data in a folder of the package manager, which is not known here.', {
      line: start.line,
      unblock: 'Read them from a path of the image.',
    });
  }
}

function readHaskell({ name, args }: Program, { subject, folder, run }: Where): Reading | undefined {
  const words = wordTexts(args);
  const option = (...names: readonly string[]): string | undefined => {
    const joined = words.find((word) => names.some((each) => word.startsWith(`${each}=`)));
    const at = words.findIndex((word) => names.includes(word));
    return joined?.slice(joined.indexOf('=') + 1) ?? (at < 0 ? undefined : words[at + 1]);
  };
  const verb = words.find((word) => !word.startsWith('-')) ?? '';
  const home = run.instruction.scope.get('HOME') ?? '/root';
  switch (name) {
    case 'stack':
      if (/^(?:setup|update|config|upgrade|path)$/.test(verb)) return { kind: 'toolchain' };
      if (verb === 'test') return { kind: 'test' };
      if (words.includes('--only-dependencies') || words.includes('--dependencies-only')) return { kind: 'fetch' };
      if (verb === 'install' || words.includes('--copy-bins'))
        return {
          kind: 'compile',
          writes: [subject.absolute(option('--local-bin-path') ?? `${home}/.local/bin`, folder)],
        };
      return verb === 'build' ? { kind: 'compile' } : undefined;
    case 'cabal':
      if (/^(?:update|v2-update|new-update|init|configure|check|freeze)$/.test(verb)) return { kind: 'fetch' };
      if (/^(?:v2-|new-)?test$/.test(verb)) return { kind: 'test' };
      if (words.includes('--only-dependencies') || words.includes('--dependencies-only')) return { kind: 'fetch' };
      if (/^(?:v2-|new-)?install$/.test(verb))
        return { kind: 'compile', writes: [subject.absolute(option('--installdir') ?? `${home}/.cabal/bin`, folder)] };
      return /^(?:v2-|new-)?build$|^list-bin$|^exec$/.test(verb) ? { kind: 'compile' } : undefined;
    case 'ghc': {
      const source = words.find((word) => word.endsWith('.hs'));
      const output = option('-o') ?? source?.replace(/\.hs$/, '');
      return { kind: 'compile', writes: output === undefined ? [] : [output] };
    }
    case 'hpack':
    case 'hlint':
      return { kind: 'compile' };
    default:
      return undefined;
  }
}
