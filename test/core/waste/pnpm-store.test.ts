import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { pnpmStore } from '../../../src/core/waste/pnpm-store.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'the store',
    { '/root/.local/share/pnpm/store/v3/a': 3, '/app/node_modules/.pnpm/x/a': 9 },
    ['safe /root/.local/share/pnpm/store 3'],
  ],
  ['below PNPM_HOME', { '/pnpm/store/v10/a': 3 }, ['safe /pnpm/store 3'], { env: ['PNPM_HOME=/pnpm'] }],
  [
    'hard links to what is installed free nothing',
    { '/root/.local/share/pnpm/store/v3/a': 30, '/app/node_modules/a': '=> /root/.local/share/pnpm/store/v3/a' },
    [],
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(pnpmStore, files, config)).toEqual(expected);
});
