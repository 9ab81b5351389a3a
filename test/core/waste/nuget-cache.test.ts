import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { nugetCache } from '../../../src/core/waste/nuget-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'an image that runs a published program',
    { '/root/.nuget/packages/a': 3, '/app/a.dll': 9 },
    ['safe /root/.nuget/packages 3'],
    { entrypoint: ['dotnet', 'a.dll'] },
  ],
  [
    'an image that builds when it starts',
    { '/root/.nuget/packages/a': 3 },
    ['check /root/.nuget/packages 3'],
    { cmd: ['dotnet', 'run'] },
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(nugetCache, files, config)).toEqual(expected);
});
