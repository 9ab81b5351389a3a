import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { editorFiles } from '../../../src/core/waste/editor-files.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'folders and files',
    { '/app/.vscode/settings.json': 3, '/app/.DS_Store': 2, '/app/.a.txt.swp': 1, '/app/flag.swp': 9 },
    ['safe /app/.DS_Store 2', 'safe /app/.a.txt.swp 1', 'safe /app/.vscode 3'],
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(editorFiles, files, config)).toEqual(expected);
});
