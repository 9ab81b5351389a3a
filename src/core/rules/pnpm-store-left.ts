import { cacheLeft, verbOf } from './cacheLeft.ts';

const verbs = new Set(['install', 'i', 'add', 'update', 'up', 'fetch', 'deploy']);

export const pnpmStoreLeft = cacheLeft({
  id: 'pnpm-store-left',
  title: 'Store of pnpm',
  why: 'pnpm keeps packages in a store and links `node_modules` to it. What the store holds besides, and all of it once a later `RUN` installs from it, ships for nothing. `pnpm store prune` removes what nothing links to; a cache mount on the store keeps all of it out and makes the next build faster.',
  message: 'The store of pnpm stays in this layer. Prune it in the same RUN, or mount a cache on it.',
  writes: (program) =>
    program.name === 'pnpm'
      ? verbOf(program, verbs, /^(?:--filter|-F|--dir|-C|--prefix|--reporter|--store-dir)$/)
      : undefined,
  isLinkedTo: true,
  places: ['~/.local/share/pnpm/store', '~/.pnpm-store', '/pnpm/store'],
  variables: [
    ['PNPM_HOME', 'store'],
    ['npm_config_store_dir', ''],
    ['PNPM_STORE_DIR', ''],
  ],
  isOff: (program, run) => {
    const at = program.args.findIndex(({ value }) => value === '--store-dir');
    const moved = at < 0 ? undefined : program.args[at + 1]?.value;
    return moved !== undefined && (run.isMounted(moved) || run.emptiesAfter(program, moved));
  },
  cleans: ({ name, args }) => name === 'pnpm' && args[0]?.value === 'store' && args[1]?.value === 'prune',
  mend: {
    command: () => 'pnpm store prune',
    title: 'Prune the store of pnpm in this RUN',
    neededBy: ({ programs }) =>
      programs.some(
        ({ name, args }) =>
          name === 'pnpm' && args.some(({ value }) => /^(?:--offline|--prefer-offline)$/.test(value ?? '')),
      ),
  },
});
