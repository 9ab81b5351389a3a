import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { documentation } from '../../../src/core/waste/documentation.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'everything but licenses',
    {
      '/usr/share/doc/a/changelog.gz': 3,
      '/usr/share/doc/a/copyright': 9,
      '/usr/share/doc/b/LICENSE': 9,
      '/usr/share/info/dir': 2,
    },
    ['safe /usr/share/doc 3', 'safe /usr/share/info 2'],
  ],
  ["a project's own folder", { '/app/doc/index.html': 3 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(documentation, files, config)).toEqual(expected);
});
