import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { aptLists } from '../../../src/core/waste/apt-lists.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'lists, with what is in their folders',
    { '/var/lib/apt/lists/a': 10, '/var/lib/apt/lists/partial/b': 5, '/var/lib/dpkg/status': 9 },
    ['safe /var/lib/apt/lists 15'],
  ],
  ['an empty folder', { '/var/lib/apt/lists/lock': 0 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(aptLists, files, config)).toEqual(expected);
});
