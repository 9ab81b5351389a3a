import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { gemCache } from '../../../src/core/waste/gem-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'archives of installed gems',
    {
      '/usr/local/bundle/specifications/a.gemspec': 1,
      '/usr/local/bundle/gems/a/lib/a.rb': 2,
      '/usr/local/bundle/cache/a.gem': 3,
    },
    ['safe /usr/local/bundle/cache 3'],
  ],
  ["another program's specifications", { '/srv/specifications/a': 1, '/srv/cache/b': 3 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(gemCache, files, config)).toEqual(expected);
});
