import { cacheLeft, verbOf } from './cacheLeft.ts';

const verbs = new Set(['install', 'add', 'update', 'sync']);

export const poetryCacheLeft = cacheLeft({
  id: 'poetry-cache-left',
  title: 'Cache of Poetry',
  why: 'Poetry keeps the archive of every package that it installs, and what it read of the index, in `~/.cache/pypoetry`, beside the virtual environments. Remove `cache` and `artifacts` there in the same `RUN`, never the whole folder, or mount a cache on it, which makes the next build faster as well.',
  message: 'Poetry keeps the archives of all that it installs in this layer. Remove them in the same RUN.',
  writes: (program) =>
    program.name === 'poetry' ? verbOf(program, verbs, /^(?:-C|--directory|-P|--project)$/) : undefined,
  places: ['~/.cache/pypoetry/artifacts', '~/.cache/pypoetry/cache'],
  variables: [['POETRY_CACHE_DIR', 'artifacts']],
  cleans: ({ name, args, command }) =>
    (name === 'poetry' && args[0]?.value === 'cache' && args[1]?.value === 'clear') ||
    (name === 'rm' && command.words.some(({ text }) => text.includes('POETRY_CACHE_DIR'))),
  mend: {
    command: (program, run) => {
      const folder =
        run.variable(program, 'POETRY_CACHE_DIR') === undefined ? '~/.cache/pypoetry' : '"$POETRY_CACHE_DIR"';
      return `rm -rf ${folder}/artifacts ${folder}/cache`;
    },
    title: 'Remove the archives of Poetry in this RUN',
  },
});
