import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { logs } from '../../../src/core/waste/logs.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'below /var/log',
    { '/var/log/dpkg.log': 3, '/var/log/apt/history.log': 2, '/app/npm-debug.log': 1, '/app/app.log': 9 },
    ['safe /app/npm-debug.log 1', 'safe /var/log 5'],
  ],
  ['a link to standard output is no bytes', { '/var/log/nginx/access.log': '-> /dev/stdout' }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(logs, files, config)).toEqual(expected);
});
