import { cacheDetector } from './places.ts';

/** The store's files are hard links of those in `node_modules` where both are in one layer; then they free nothing. */
export const pnpmStore = cacheDetector({
  id: 'pnpm-store',
  title: 'Store of pnpm',
  why: 'Downloaded packages. What is installed in node_modules has its own copy or link of each file.',
  places: {
    anywhere: ['.local/share/pnpm/store', '.pnpm-store', '.cache/pnpm'],
    variables: [['PNPM_HOME', 'store']],
  },
  advice:
    'Use `RUN --mount=type=cache,target=/root/.local/share/pnpm/store`, or end the RUN with `rm -rf "$(pnpm store path)"`.',
});
