import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { zypperCache } from '../../../src/core/waste/zypper-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  ['the cache', { '/var/cache/zypp/raw/a': 1, '/var/lib/zypp/b': 2 }, ['safe /var/cache/zypp 1']],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(zypperCache, files, config)).toEqual(expected);
});
