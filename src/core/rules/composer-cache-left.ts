import { cacheLeft, verbOf } from './cacheLeft.ts';
import { hasArgument } from './scene/program.ts';

const verbs = new Set(['install', 'i', 'update', 'u', 'upgrade', 'require', 'create-project', 'global']);

export const composerCacheLeft = cacheLeft({
  id: 'composer-cache-left',
  title: 'Cache of Composer',
  why: 'Composer keeps the archive of every package beside `vendor`. `--no-cache` keeps it from doing so, `composer clear-cache` in the same `RUN` empties it, and a cache mount makes the next build faster as well.',
  message: 'Composer keeps the archives of all that it installs in this layer. Empty its cache in the same RUN.',
  writes: (program) =>
    /^composer(?:\.phar)?$/.test(program.name)
      ? verbOf(program, verbs, /^(?:-d|--working-dir)$/)
      : program.name === 'php' && /composer(?:\.phar)?$/.test(program.args[0]?.value ?? '')
        ? verbOf({ ...program, args: program.args.slice(1) }, verbs)
        : undefined,
  places: ['~/.composer/cache', '~/.cache/composer'],
  variables: [
    ['COMPOSER_CACHE_DIR', ''],
    ['COMPOSER_HOME', 'cache'],
    ['XDG_CACHE_HOME', 'composer'],
  ],
  isOff: (program, run) =>
    hasArgument(program, /^--no-cache$/) ||
    run.variable(program, 'COMPOSER_CACHE_DIR') === '/dev/null' ||
    run.variable(program, 'COMPOSER_NO_CACHE') === '1',
  cleans: ({ args, name }) =>
    /composer|php/.test(name) && args.some(({ value }) => /^(?:clear-?cache|cc)$/.test(value ?? '')),
  mend: {
    command: (program) => {
      const called =
        program.name === 'php' ? `${program.nameWord.text} ${program.args[0]!.text}` : program.nameWord.text;
      return `${called} clear-cache`;
    },
    title: 'Empty the cache of Composer in this RUN',
  },
});
