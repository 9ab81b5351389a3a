import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { gradleCaches } from '../../../src/core/waste/gradle-caches.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  [
    'in a home',
    { '/root/.gradle/caches/a.jar': 3, '/root/.gradle/wrapper/dists/g': 2, '/root/.gradle/gradle.properties': 1 },
    ['safe /root/.gradle/caches 3', 'safe /root/.gradle/wrapper 2'],
  ],
  [
    'where a variable puts it',
    { '/cache/gradle/caches/a': 3 },
    ['safe /cache/gradle/caches 3'],
    { env: ['GRADLE_USER_HOME=/cache/gradle'] },
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(gradleCaches, files, config)).toEqual(expected);
});
