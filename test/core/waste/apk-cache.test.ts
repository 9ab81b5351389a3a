import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { apkCache } from '../../../src/core/waste/apk-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'the cache, not the database',
    { '/var/cache/apk/APKINDEX.tar.gz': 7, '/lib/apk/db/installed': 9 },
    ['safe /var/cache/apk 7'],
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(apkCache, files, config)).toEqual(expected);
});
