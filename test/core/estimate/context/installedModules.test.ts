import { expect, test } from 'vitest';
import { installedModules } from '../../../../src/core/estimate/context/installedModules.ts';
import { treeOf } from '../../../helpers/contextTree.ts';

const tree = treeOf({
  'app/package.json': 1,
  'app/node_modules/.package-lock.json': 9,
  'app/node_modules/a/index.js': 100,
  'app/node_modules/a/lib/x.js': 10,
  'app/node_modules/a/node_modules/b/index.js': 7,
  'app/node_modules/@s/c/index.js': 1000,
  'app/node_modules/linked': -1,
});
const lock = {
  lockfileVersion: 3,
  packages: {
    '': { name: 'app' },
    packages: {},
    'node_modules/a': {},
    'node_modules/a/node_modules/b': { devOptional: true },
    'node_modules/@s/c': { dev: true },
    'node_modules/linked': { link: true },
    'node_modules/other-platform': { optional: true },
  },
};

test('packages by the lock file, each without those inside of it', () => {
  expect(installedModules(tree.root, 'app', JSON.stringify(lock))).toEqual({
    hasLock: true,
    complete: true,
    packages: [
      { name: 'a', bytes: 110, development: false, optional: false },
      { name: 'b', bytes: 7, development: true, optional: true },
      { name: '@s/c', bytes: 1000, development: true, optional: false },
    ],
  });
});

test('a package of the lock file that is not installed', () => {
  const more = { ...lock, packages: { ...lock.packages, 'node_modules/gone': {} } };
  expect(installedModules(tree.root, 'app', JSON.stringify(more))!.complete).toBe(false);
});

test.each([undefined, '', '[]', '{"packages":1}', '{"dependencies":{}}'])(
  'what is installed, with the lock file %s',
  (text) => {
    expect(installedModules(tree.root, 'app', text)).toEqual({
      hasLock: false,
      complete: true,
      packages: [
        { name: 'a', bytes: 117, development: false, optional: false },
        { name: '@s/c', bytes: 1000, development: false, optional: false },
      ],
    });
  },
);

test.each(['', 'elsewhere'])('nothing is installed in %j', (project) => {
  expect(installedModules(tree.root, project, JSON.stringify(lock))).toBeUndefined();
});
