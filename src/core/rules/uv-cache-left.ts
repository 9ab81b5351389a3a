import { cacheLeft, verbOf } from './cacheLeft.ts';
import { hasArgument } from './scene/program.ts';

const verbs = new Set(['pip', 'sync', 'add', 'tool', 'run']);

export const uvCacheLeft = cacheLeft({
  id: 'uv-cache-left',
  title: 'Cache of uv',
  why: 'uv keeps what it downloads and builds in `~/.cache/uv` and links what it installs to it, so that most of it is there once; what it built, what it knows of the index and, with `UV_LINK_MODE=copy` or in another layer, all of it ships for nothing. `--no-cache` or `ENV UV_NO_CACHE=1` keeps it out of the layer; a cache mount on `~/.cache/uv` makes the next build faster as well.',
  message: 'uv keeps what it downloads and builds in this layer. --no-cache prevents it.',
  writes(program) {
    const verb = program.name === 'uv' ? verbOf(program, verbs) : undefined;
    if (verb === undefined) return undefined;
    const second = program.args[program.args.indexOf(verb) + 1]?.value ?? '';
    const fills = verb.value === 'pip' || verb.value === 'tool' ? /^(?:install|sync)$/.test(second) : true;
    return fills ? verb : undefined;
  },
  isLinkedTo: true,
  places: ['~/.cache/uv'],
  variables: [
    ['UV_CACHE_DIR', ''],
    ['XDG_CACHE_HOME', 'uv'],
  ],
  isOff: (program, run) =>
    hasArgument(program, /^(?:--no-cache(?:-dir)?|-n)$/) ||
    !['', '0', 'false'].includes(run.variable(program, 'UV_NO_CACHE') ?? ''),
  cleans: ({ name, args }) =>
    name === 'uv' && args[0]?.value === 'cache' && /^(?:clean|prune)$/.test(args[1]?.value ?? ''),
  mend: { flag: '--no-cache', title: 'Add --no-cache' },
});
