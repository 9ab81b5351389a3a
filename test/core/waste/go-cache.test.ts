import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { goCache } from '../../../src/core/waste/go-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'modules and objects',
    { '/go/pkg/mod/a': 3, '/root/.cache/go-build/b': 2, '/go/bin/app': 9 },
    ['safe /go/pkg/mod 3', 'safe /root/.cache/go-build 2'],
  ],
  [
    'below GOPATH, which is a list',
    { '/a/pkg/mod/x': 3, '/b/pkg/mod/y': 4 },
    ['safe /a/pkg/mod 3', 'safe /b/pkg/mod 4'],
    { env: ['GOPATH=/a:/b'] },
  ],
  ['an image that starts go', { '/go/pkg/mod/a': 3 }, ['check /go/pkg/mod 3'], { cmd: ['go', 'run', '.'] }],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(goCache, files, config)).toEqual(expected);
});
