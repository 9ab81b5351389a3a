import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { cargoCache } from '../../../src/core/waste/cargo-cache.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'registry and git',
    { '/usr/local/cargo/registry/a': 3, '/home/me/.cargo/git/b': 2, '/usr/local/cargo/bin/cargo': 9 },
    ['safe /home/me/.cargo/git 2', 'safe /usr/local/cargo/registry 3'],
  ],
  [
    'what a build leaves beside the program',
    {
      '/src/target/CACHEDIR.TAG': 1,
      '/src/target/release/app': 50,
      '/src/target/release/.fingerprint/f': 2,
      '/src/target/release/deps/lib.rlib': 7,
      '/src/target/release/build/b': 3,
    },
    [
      'check /src/target/release/.fingerprint 2',
      'check /src/target/release/build 3',
      'check /src/target/release/deps 7',
    ],
  ],
  [
    'a cross build',
    { '/src/target/.rustc_info.json': 1, '/src/target/x86_64-unknown-linux-musl/release/.fingerprint/f': 2 },
    ['check /src/target/x86_64-unknown-linux-musl/release/.fingerprint 2'],
  ],
  [
    "another tool's target folder",
    { '/src/target/classes/A.class': 5, '/src/target/release/deps/x': 3, '/src/target/release/.fingerprint/f': 3 },
    [],
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(cargoCache, files, config)).toEqual(expected);
});
