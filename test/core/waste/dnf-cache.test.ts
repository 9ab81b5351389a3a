import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { dnfCache } from '../../../src/core/waste/dnf-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'dnf and yum',
    { '/var/cache/dnf/a': 1, '/var/cache/yum/b': 2, '/var/cache/libdnf5/c': 3, '/var/lib/dnf/history.sqlite': 9 },
    ['safe /var/cache/dnf 1', 'safe /var/cache/libdnf5 3', 'safe /var/cache/yum 2'],
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(dnfCache, files, config)).toEqual(expected);
});
