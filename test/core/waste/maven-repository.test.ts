import { expect, test } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { mavenRepository } from '../../../src/core/waste/maven-repository.ts';
import { type Files, rowsOf } from '../../helpers/finalTree.ts';

test.each<[string, Files, string[], Partial<ImageConfig>?]>([
  ['in a home', { '/root/.m2/repository/a.jar': 3, '/root/.m2/settings.xml': 1 }, ['safe /root/.m2/repository 3']],
  [
    'an image that starts Maven',
    { '/root/.m2/repository/a.jar': 3 },
    ['check /root/.m2/repository 3'],
    { entrypoint: ['./mvnw'], cmd: ['spring-boot:run'] },
  ],
])('%s', (_, files, expected, config) => {
  expect(rowsOf(mavenRepository, files, config)).toEqual(expected);
});
