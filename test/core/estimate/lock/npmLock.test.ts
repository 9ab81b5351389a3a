import { expect, test } from 'vitest';
import { readNpmLock } from '../../../../src/core/estimate/lock/npmLock.ts';

/** As `name@version`, with `d` for development and `o` for optional. */
function read(lock: unknown): string[] | undefined {
  return readNpmLock(typeof lock === 'string' ? lock : JSON.stringify(lock))?.map(
    ({ name, version, development, optional }) => `${name}@${version}${development ? ' d' : ''}${optional ? ' o' : ''}`,
  );
}

const resolved = 'https://registry.example/a.tgz';

test.each<[title: string, lock: unknown, packages: string[] | undefined]>([
  [
    'version 3, one for each place',
    {
      lockfileVersion: 3,
      packages: {
        '': { name: 'app', version: '1.0.0' },
        'node_modules/a': { version: '1.0.0', resolved },
        'node_modules/a/node_modules/@s/b': { version: '2.0.0', dev: true },
        'node_modules/c': { version: '3.0.0', devOptional: true },
        'node_modules/d': { version: '4.0.0', optional: true, os: ['darwin'] },
      },
    },
    ['a@1.0.0', '@s/b@2.0.0 d', 'c@3.0.0 d o', 'd@4.0.0 o'],
  ],
  ['an alias', { packages: { 'node_modules/a': { name: 'real', version: '1.0.0' } } }, ['real@1.0.0']],
  [
    'what is in no registry',
    {
      packages: {
        'packages/own': { version: '1.0.0' },
        'node_modules/own': { link: true, resolved: 'packages/own' },
        'node_modules/git': { version: '1.0.0', resolved: 'git+ssh://git@example.com/x.git#1' },
        'node_modules/file': { version: '1.0.0', resolved: 'file:x.tgz' },
        'node_modules/x/node_modules/inner': { version: '1.0.0', inBundle: true },
      },
    },
    [],
  ],
  [
    'version 1',
    {
      lockfileVersion: 1,
      dependencies: {
        a: { version: '1.0.0', dependencies: { b: { version: '2.0.0', dev: true } } },
        c: { version: 'npm:@s/real@3.0.0', optional: true },
      },
    },
    ['a@1.0.0', 'b@2.0.0 d', '@s/real@3.0.0 o'],
  ],
  ['a file that is being written', '{ "packages": {', undefined],
  ['another file', { name: 'x' }, undefined],
  ['no object', '3', undefined],
  ['entries of any form', { packages: { 'node_modules/a': null, 'node_modules/b': { version: 3 } } }, []],
])('%s', (_, lock, packages) => {
  expect(read(lock)).toEqual(packages);
});
