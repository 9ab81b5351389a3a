import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { npmCache } from '../../../src/core/waste/npm-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'in a home',
    { '/root/.npm/_cacache/content/a': 3, '/root/.npm/_logs/b': 2, '/root/.npm/other': 1 },
    ['safe /root/.npm/_cacache 3', 'safe /root/.npm/_logs 2'],
  ],
  ['an image that starts npx', { '/root/.npm/_npx/a': 3 }, ['check /root/.npm/_npx 3'], { cmd: ['npx', 'serve'] }],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(npmCache, files, config)).toEqual(expected);
});
