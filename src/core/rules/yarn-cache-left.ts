import { cacheLeft } from './cacheLeft.ts';
import { hasArgument, type Program } from './scene/program.ts';
import type { Scene } from './scene/scene.ts';

export const yarnCacheLeft = cacheLeft({
  id: 'yarn-cache-left',
  title: 'Cache of Yarn',
  why: 'Yarn 1 keeps every package that it installs a second time in its cache. Empty it in the same `RUN` with `yarn cache clean`, or mount a cache on it. Yarn 2 and later keep packages where the program finds them when it runs; where a file shows that it uses one, nothing is reported.',
  hadolint: ['DL3060'],
  message: 'Yarn keeps a second copy of all that it installs in this layer. Empty its cache in the same RUN.',
  writes(program) {
    if (program.name !== 'yarn' || hasArgument(program, /^(?:--version|-v|--help|-h|--immutable|--offline)$/))
      return undefined;
    const operands = program.args.filter(({ value, text }) => !(value ?? text).startsWith('-'));
    const [first, second] = operands;
    if (first === undefined) return program.nameWord;
    if (first.value === 'install' || first.value === 'add') return first;
    return first.value === 'global' && second?.value === 'add' ? second : undefined;
  },
  places: ['/usr/local/share/.cache', '~/.cache/yarn', '~/.yarn'],
  variables: [
    ['YARN_CACHE_FOLDER', ''],
    ['XDG_CACHE_HOME', 'yarn'],
  ],
  isOff: (program, run, scene) => {
    const folder = program.args.findIndex(({ value }) => value === '--cache-folder');
    const moved = folder < 0 ? undefined : program.args[folder + 1]?.value;
    return isBerry(scene) || (moved !== undefined && (run.isMounted(moved) || run.emptiesAfter(program, moved)));
  },
  cleans: ({ name, args }) => name === 'yarn' && args[0]?.value === 'cache' && args[1]?.value === 'clean',
  mend: {
    command: () => 'yarn cache clean',
    title: 'Empty the cache of Yarn in this RUN',
    // In Yarn 2 the same command would remove what the program needs: only a sign of Yarn 1 makes it safe.
    confidence: (program, _run, scene) => (isClassic(program, scene) ? 'safe' : 'ask'),
  },
});

/** Signs of Yarn 2 or later. */
function isBerry(scene: Scene): boolean {
  const { text } = scene.dockerfile;
  return (
    /\.yarnrc\.yml|\.pnp\.|\.yarn\/|COPY [^\n]*\.yarn[ /]|yarn set version|yarn workspaces focus|yarn@(?:[2-9]|berry|stable)|yarn plugin/.test(
      text,
    ) || scene.evidence.context?.has('.yarnrc.yml') === true
  );
}

function isClassic(program: Program, scene: Scene): boolean {
  if (scene.evidence.context?.has('.yarnrc.yml') === false) return true;
  return (
    hasArgument(program, /^--(?:frozen-lockfile|production|prod|pure-lockfile|non-interactive|network-timeout)/) ||
    program.args.some(({ value }) => value === 'global')
  );
}
