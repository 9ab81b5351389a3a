import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { buildTools } from '../../../src/core/waste/build-tools.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'compiler, its files, and make',
    {
      '/usr/bin/gcc-12': 3,
      '/usr/bin/x86_64-linux-gnu-ld.bfd': 4,
      '/usr/bin/make': 2,
      '/usr/bin/ldd': 9,
      '/usr/bin/python3': 9,
      '/usr/lib/gcc/x86_64-linux-gnu/12/cc1': 20,
    },
    ['check /usr/bin 9', 'check /usr/lib/gcc 20'],
    { entrypoint: ['/app/server'] },
  ],
  [
    'shared libraries among them stay',
    { '/usr/lib/llvm-14/bin/opt': 5, '/usr/lib/llvm-14/lib/libLLVM-14.so.1': 90 },
    ['check /usr/lib/llvm-14 5'],
    { entrypoint: ['/app/server'] },
  ],
  [
    'what a JDK has for developers',
    {
      '/opt/jdk/bin/java': 1,
      '/opt/jdk/jmods/java.base.jmod': 7,
      '/opt/jdk/lib/src.zip': 5,
      '/opt/jdk/lib/modules': 9,
      '/app/src.zip': 9,
    },
    ['check /opt/jdk 12'],
    { entrypoint: ['java', '-jar', 'a.jar'] },
  ],
  ['an image that starts a shell', { '/usr/bin/gcc': 3 }, [], { cmd: ['bash'] }],
  ['an image that starts nothing', { '/usr/bin/gcc': 3 }, []],
  ['an image that starts a compiler', { '/usr/bin/gcc': 3 }, [], { entrypoint: ['gcc'] }],
  ['an image of an interpreter', { '/usr/bin/gcc': 3 }, [], { cmd: ['python3'] }],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(buildTools, files, config)).toEqual(expected);
});
