import { cacheLeft, verbOf } from './cacheLeft.ts';

const verbs = new Set(['install', 'i', 'in', 'add', 'ci', 'clean-install', 'install-clean', 'update', 'up', 'upgrade']);

export const npmCacheLeft = cacheLeft({
  id: 'npm-cache-left',
  title: 'Cache of npm',
  why: 'npm keeps the archive of every package that it installs in `~/.npm`, beside `node_modules`. Empty it in the same `RUN` with `npm cache clean --force`, or mount a cache on `~/.npm`, which makes the next build faster as well.',
  message: 'npm keeps the archives of all that it installs in this layer. Empty its cache in the same RUN.',
  writes: (program) =>
    program.name === 'npm' && !program.args.some(({ value }) => /^--(?:dry-run|package-lock-only)$/.test(value ?? ''))
      ? verbOf(program, verbs, /^(?:--prefix|-C|--cache|--registry|--loglevel|-w|--workspace|--userconfig)$/)
      : undefined,
  places: ['~/.npm'],
  variables: [
    ['npm_config_cache', ''],
    ['NPM_CONFIG_CACHE', ''],
  ],
  isOff: (program, run) => {
    const moved = cacheOption(program.args.map(({ value }) => value ?? ''));
    return moved !== undefined && (run.isMounted(moved) || run.emptiesAfter(program, moved));
  },
  cleans: ({ name, args }) =>
    name === 'npm' && args[0]?.value === 'cache' && /^(?:clean|clear|rm|remove)$/.test(args[1]?.value ?? ''),
  mend: { command: () => 'npm cache clean --force', title: 'Empty the cache of npm in this RUN' },
});

/** The value of `--cache`, in either form. */
function cacheOption(args: readonly string[]): string | undefined {
  const at = args.indexOf('--cache');
  return at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith('--cache='))?.slice(8);
}
