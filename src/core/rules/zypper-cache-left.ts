import { cacheLeft, verbOf } from './cacheLeft.ts';

const verbs = new Set([
  'install',
  'in',
  'update',
  'up',
  'dist-upgrade',
  'dup',
  'patch',
  'refresh',
  'ref',
  'source-install',
  'si',
]);

export const zypperCacheLeft = cacheLeft({
  id: 'zypper-cache-left',
  title: 'Cache of zypper',
  why: 'zypper keeps the metadata of all repositories below `/var/cache/zypp`. `zypper clean --all` in the same `RUN` removes it; a cache mount keeps it out.',
  hadolint: ['DL3036'],
  message: 'zypper’s metadata and packages stay in this layer. Clean its cache in the same RUN.',
  writes: (program) =>
    program.name === 'zypper'
      ? verbOf(program, verbs, /^(?:-c|--config|-R|--root|-D|--reposd-dir|-C|--cache-dir|-p|--plus-repo)$/)
      : undefined,
  places: ['/var/cache/zypp'],
  cleans: ({ name, args }) => name === 'zypper' && args.some(({ value }) => value === 'clean' || value === 'cc'),
  mend: { command: () => 'zypper clean --all', title: 'Clean the cache in this RUN' },
});
