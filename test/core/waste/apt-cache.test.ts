import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { aptCache } from '../../../src/core/waste/apt-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'archives and computed caches',
    { '/var/cache/apt/archives/x.deb': 10, '/var/cache/apt/pkgcache.bin': 5 },
    ['safe /var/cache/apt 15'],
  ],
  ['copies of dpkg', { '/var/lib/dpkg/status': 4, '/var/lib/dpkg/status-old': 3 }, ['safe /var/lib/dpkg/status-old 3']],
  ['a package elsewhere', { '/opt/x.deb': 10, '/opt/dir.deb/file': 3 }, ['check /opt/x.deb 10']],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(aptCache, files, config)).toEqual(expected);
});
