import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { pythonBytecode } from '../../../src/core/waste/python-bytecode.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'orphans only',
    {
      '/usr/lib/python3/dist-packages/a/__pycache__/gone.cpython-311.pyc': 3,
      '/usr/lib/python3/dist-packages/a/__pycache__/kept.cpython-311.pyc': 9,
      '/usr/lib/python3/dist-packages/a/kept.py': 1,
      '/usr/lib/python3/dist-packages/b/__pycache__/gone.cpython-311.opt-1.pyc': 2,
    },
    ['safe /usr/lib/python3/dist-packages 5'],
  ],
  ['in a program', { '/app/__pycache__/gone.cpython-311.pyc': 3 }, ['safe /app 3']],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(pythonBytecode, files, config)).toEqual(expected);
});
