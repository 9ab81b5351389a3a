import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { headers } from '../../../src/core/waste/headers.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'without a compiler',
    {
      '/usr/include/stdio.h': 3,
      '/usr/local/include/python3.12/Python.h': 2,
      '/usr/local/include/python3.12/pyconfig.h': 9,
    },
    ['safe /usr/include 3', 'safe /usr/local/include 2'],
    { entrypoint: ['/app/server'] },
  ],
  [
    'with one',
    { '/usr/include/stdio.h': 3, '/usr/bin/gcc': 1 },
    ['check /usr/include 3'],
    { entrypoint: ['/app/server'] },
  ],
  ['an image to build in', { '/usr/include/stdio.h': 3 }, [], { cmd: ['bash'] }],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(headers, files, config)).toEqual(expected);
});
