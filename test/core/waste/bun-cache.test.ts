import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { bunCache } from '../../../src/core/waste/bun-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'the cache, not what is installed globally',
    { '/root/.bun/install/cache/a': 3, '/root/.bun/install/global/b': 9 },
    ['safe /root/.bun/install/cache 3'],
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(bunCache, files, config)).toEqual(expected);
});
