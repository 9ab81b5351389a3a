import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { temporaryFiles } from '../../../src/core/waste/temporary-files.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'what is left',
    { '/tmp/a': 3, '/var/tmp/b': 2, '/app/node_modules/.cache/x': 1 },
    ['safe /app/node_modules/.cache 1', 'safe /tmp 3', 'safe /var/tmp 2'],
  ],
  ['the image starts from there', { '/tmp/app': 3 }, ['check /tmp 3'], { entrypoint: ['/tmp/app'] }],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(temporaryFiles, files, config)).toEqual(expected);
});
