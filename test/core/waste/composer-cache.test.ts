import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { composerCache } from '../../../src/core/waste/composer-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'in a home, not what is installed',
    { '/root/.composer/cache/a': 3, '/root/.composer/vendor/b': 9, '/root/.cache/composer/c': 2 },
    ['safe /root/.cache/composer 2', 'safe /root/.composer/cache 3'],
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(composerCache, files, config)).toEqual(expected);
});
