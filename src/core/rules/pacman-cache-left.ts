import { cacheLeft } from './cacheLeft.ts';

export const pacmanCacheLeft = cacheLeft({
  id: 'pacman-cache-left',
  title: 'Package cache of pacman',
  why: 'pacman keeps every package that it installs in `/var/cache/pacman/pkg`. Remove them in the same `RUN`; `pacman -Scc --noconfirm` does not, because it takes no for the answer to its own question.',
  message: 'The packages that pacman installed stay in this layer as archives too. Remove them in the same RUN.',
  writes: ({ name, args }) =>
    name === 'pacman' ? args.find(({ value }) => value !== undefined && /^-S(?!.*[csgilp])/.test(value)) : undefined,
  places: ['/var/cache/pacman/pkg'],
  cleans: ({ name, args }) => name === 'pacman' && args.some(({ value }) => (value ?? '').startsWith('-Sc')),
  mend: { command: () => 'rm -rf /var/cache/pacman/pkg/*', title: 'Remove the archives in this RUN' },
});
