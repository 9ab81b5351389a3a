import { cacheLeft, verbOf } from './cacheLeft.ts';
import { hasArgument } from './scene/program.ts';
import type { Run } from './scene/run.ts';

const verbs = new Set(['install', 'download', 'wheel']);

function switchesOff({ programs }: Run): boolean {
  return programs.some(
    ({ name, args }) =>
      name === 'pip' && args[0]?.value === 'config' && args.some(({ text }) => text.includes('no-cache-dir')),
  );
}

export const pipCacheLeft = cacheLeft({
  id: 'pip-cache-left',
  title: 'Cache of pip',
  why: 'pip keeps every wheel that it downloads or builds in `~/.cache/pip`, beside the installed packages. `--no-cache-dir` keeps it from doing so; `ENV PIP_NO_CACHE_DIR=1` does for a whole stage, and a cache mount on `~/.cache/pip` makes the next build faster as well.',
  hadolint: ['DL3042'],
  message: 'pip keeps what it downloads and builds in this layer. --no-cache-dir prevents it.',
  writes: (program) =>
    program.name === 'pip' ? verbOf(program, verbs, /^--(?:proxy|python|log|cache-dir)$/) : undefined,
  places: ['~/.cache/pip'],
  variables: [
    ['PIP_CACHE_DIR', ''],
    ['XDG_CACHE_HOME', 'pip'],
  ],
  isOff: (program, run, scene) =>
    hasArgument(program, /^--no-(?:cache-dir|index)$/) ||
    // pip takes any value for yes, `off` and `0` too: _handle_no_cache_dir in pip/_internal/cli/cmdoptions.py.
    (run.variable(program, 'PIP_NO_CACHE_DIR') ?? '') !== '' ||
    run.once(switchesOff) ||
    scene.someRunBefore(run.instruction, switchesOff),
  cleans: ({ name, args }) => name === 'pip' && args[0]?.value === 'cache' && args[1]?.value === 'purge',
  mend: { flag: '--no-cache-dir', title: 'Add --no-cache-dir' },
});
