import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { manPages } from '../../../src/core/waste/man-pages.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'sections and translations',
    { '/usr/share/man/man1/ls.1.gz': 3, '/opt/conda/share/man/de/man1/ls.1.gz': 2 },
    ['safe /opt/conda/share/man 2', 'safe /usr/share/man 3'],
  ],
  ['a folder of another kind', { '/app/man/index.js': 3 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(manPages, files, config)).toEqual(expected);
});
