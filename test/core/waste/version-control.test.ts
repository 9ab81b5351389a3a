import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { versionControl } from '../../../src/core/waste/version-control.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'folders',
    { '/app/.git/objects/a': 3, '/app/.hg/b': 2, '/app/.gitignore': 1 },
    ['safe /app/.git 3', 'safe /app/.hg 2'],
  ],
  ['git is installed', { '/app/.git/objects/a': 3, '/usr/bin/git': 9 }, ['check /app/.git 3']],
  ["a submodule's file", { '/app/.git': 30 }, []],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(versionControl, files, config)).toEqual(expected);
});
