import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { pipCache } from '../../../src/core/waste/pip-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'in any home',
    { '/root/.cache/pip/http/a': 1, '/home/me/.cache/uv/b': 2, '/root/.cache/other/c': 9 },
    ['safe /home/me/.cache/uv 2', 'safe /root/.cache/pip 1'],
  ],
  [
    'where a variable puts it',
    { '/opt/pip-cache/a': 4 },
    ['safe /opt/pip-cache 4'],
    { env: ['PIP_CACHE_DIR=/opt/pip-cache'] },
  ],
  ['a variable that names a shared folder', { '/srv/a': 4 }, [], { env: ['PIP_CACHE_DIR=/srv'] }],
  ['the root folder is never a cache', { '/srv/cache': 4 }, [], { env: ['PIP_CACHE_DIR=/'] }],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(pipCache, files, config)).toEqual(expected);
});
