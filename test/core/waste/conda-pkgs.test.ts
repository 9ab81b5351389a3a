import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { condaPkgs } from '../../../src/core/waste/conda-pkgs.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'unpacked packages that are no links',
    { '/opt/conda/conda-meta/a.json': 1, '/opt/conda/pkgs/a.conda': 30 },
    ['safe /opt/conda/pkgs 30'],
  ],
  [
    'only what is no link of an environment counts',
    {
      '/opt/conda/conda-meta/a.json': 1,
      '/opt/conda/pkgs/a/lib': 30,
      '/opt/conda/pkgs/a.conda': 4,
      '/opt/conda/lib': '=> /opt/conda/pkgs/a/lib',
    },
    ['safe /opt/conda/pkgs 4'],
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(condaPkgs, files, config)).toEqual(expected);
});
