import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { coreDumps } from '../../../src/core/waste/core-dumps.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'by their numbers',
    { '/app/core.123': 5000, '/app/core.123.js': 5000, '/app/hs_err_pid7.log': 10 },
    ['safe /app/core.123 5000', 'safe /app/hs_err_pid7.log 10'],
  ],
  [
    'a large file named core where programs run',
    { '/app/core': 5000, '/lib/core': 5000 },
    ['check /app/core 5000'],
    { workingDir: '/app' },
  ],
  ['a small one is none', { '/core': 100 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(coreDumps, files, config)).toEqual(expected);
});
