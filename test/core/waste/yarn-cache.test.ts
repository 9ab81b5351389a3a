import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { yarnCache } from '../../../src/core/waste/yarn-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'the cache of all projects',
    { '/usr/local/share/.cache/yarn/v6/a': 3, '/root/.yarn/berry/cache/b.zip': 2 },
    ['safe /root/.yarn/berry/cache 2', 'safe /usr/local/share/.cache/yarn 3'],
  ],
  [
    "a project's cache beside node_modules",
    { '/app/.yarn/cache/a.zip': 3, '/app/node_modules/a/index.js': 1 },
    ['check /app/.yarn/cache 3'],
  ],
  [
    "Plug'n'Play needs it",
    { '/app/.yarn/cache/a.zip': 3, '/app/node_modules/.x': 1, '/app/.pnp.cjs': 9 },
    [],
    { env: ['YARN_CACHE_FOLDER=/app/.yarn/cache'] },
  ],
  ['a project that may install at start', { '/app/.yarn/cache/a.zip': 3 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(yarnCache, files, config)).toEqual(expected);
});
