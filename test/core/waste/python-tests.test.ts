import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { pythonTests } from '../../../src/core/waste/python-tests.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'of packages',
    {
      '/v/lib/python3.12/site-packages/numpy/tests/test_a.py': 3,
      '/v/lib/python3.12/site-packages/numpy/testing/b.py': 9,
    },
    ['check /v/lib/python3.12/site-packages/numpy/tests 3'],
  ],
  [
    'of the standard library',
    {
      '/usr/local/lib/python3.12/os.py': 1,
      '/usr/local/lib/python3.12/test/a.py': 3,
      '/usr/local/lib/python3.12/idlelib/a.py': 2,
    },
    ['safe /usr/local/lib/python3.12/idlelib 2', 'safe /usr/local/lib/python3.12/test 3'],
  ],
  ["a program's own", { '/app/tests/test_a.py': 3 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(pythonTests, files, config)).toEqual(expected);
});
