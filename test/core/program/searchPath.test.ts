import { expect, it } from 'vitest';
import { defaultPathsOf } from '../../../src/core/program/searchPath.ts';

it.each([
  [
    'curl',
    ['/usr/local/sbin/curl', '/usr/local/bin/curl', '/usr/sbin/curl', '/usr/bin/curl', '/sbin/curl', '/bin/curl'],
  ],
  ['/opt/app/run', ['/opt/app/run']],
  ['./run', ['./run']],
])('%s', (name, expected) => {
  expect(defaultPathsOf(name)).toEqual(expected);
});
