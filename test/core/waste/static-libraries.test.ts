import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { staticLibraries } from '../../../src/core/waste/static-libraries.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'without a linker, by folder',
    {
      '/usr/lib/libz.a': 3,
      '/usr/lib/libz.la': 1,
      '/usr/lib/x/liby.a': 2,
      '/usr/lib/libz.so.1': 9,
      '/srv/archive.a': 9,
    },
    ['safe /usr/lib 4', 'safe /usr/lib/x 2'],
    { entrypoint: ['/app/server'] },
  ],
  ['with one', { '/usr/lib/libz.a': 3, '/usr/bin/ld': 1 }, ['check /usr/lib 3'], { entrypoint: ['/app/server'] }],
  ['an image to build in', { '/usr/lib/libz.a': 3 }, [], { cmd: ['sh'] }],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(staticLibraries, files, config)).toEqual(expected);
});
