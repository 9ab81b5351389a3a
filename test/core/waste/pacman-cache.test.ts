import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { pacmanCache } from '../../../src/core/waste/pacman-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'packages and databases, not what is installed',
    { '/var/cache/pacman/pkg/a.zst': 1, '/var/lib/pacman/sync/core.db': 2, '/var/lib/pacman/local/x': 3 },
    ['safe /var/cache/pacman/pkg 1', 'safe /var/lib/pacman/sync 2'],
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(pacmanCache, files, config)).toEqual(expected);
});
