import { expect, test } from 'vitest';
import { matchPattern } from '../../../src/core/explorer/namePattern.ts';
import { nodePath } from '../../../src/core/image/layerIndex.ts';
import { stackOf } from '../../helpers/finalTree.ts';

const paths = [
  '/etc/apt/sources.list',
  '/etc/passwd',
  '/srv/app/node_modules/left/index.js',
  '/srv/app/Index.JS',
  '/srv/app/src/a.ts',
  '/srv/app/src/deep/b.ts',
  '/usr/lib/libz.so.1',
  '/usr/share/[x]',
  '/var/Straße',
];
const tree = stackOf(Object.fromEntries(paths.map((path) => [path, 1])));

function matched(text: string): string[] {
  const { direct } = matchPattern(text, tree.paths, tree.strings);
  return [...direct.keys()]
    .filter((node) => direct[node] === 1)
    .map((node) => nodePath(tree.paths, tree.strings, node))
    .sort();
}

test.each<[text: string, expected: string[]]>([
  ['passwd', ['/etc/passwd']],
  ['INDEX', ['/srv/app/Index.JS', '/srv/app/node_modules/left/index.js']],
  ['.ts', ['/srv/app/src/a.ts', '/srv/app/src/deep/b.ts']],
  ['straße', ['/var/Straße']],
  ['nothing', []],
  ['app/src', ['/srv/app/src']],
  ['pp/sr', ['/srv/app/src']],
  ['pp/app', []],
  ['/etc/ap', ['/etc/apt']],
  ['/apt', []],
  ['src/deep/b', ['/srv/app/src/deep/b.ts']],
  ['src/dee/b', []],
  ['deep/', ['/srv/app/src/deep/b.ts']],
  ['*.ts', ['/srv/app/src/a.ts', '/srv/app/src/deep/b.ts']],
  ['*.TS', []],
  ['?.ts', ['/srv/app/src/a.ts', '/srv/app/src/deep/b.ts']],
  ['*.so*', ['/usr/lib/libz.so.1']],
  ['[ab].ts', ['/srv/app/src/a.ts', '/srv/app/src/deep/b.ts']],
  ['[!a].ts', ['/srv/app/src/deep/b.ts']],
  ['[a-a].ts', ['/srv/app/src/a.ts']],
  ['/srv/*/src', ['/srv/app/src']],
  ['/srv/*/*.ts', []],
  ['/srv/**/*.ts', ['/srv/app/src/a.ts', '/srv/app/src/deep/b.ts']],
  ['**/src/**/*.ts', ['/srv/app/src/a.ts', '/srv/app/src/deep/b.ts']],
  ['src/*.ts', ['/srv/app/src/a.ts']],
  ['node_modules/**', ['/srv/app/node_modules/left', '/srv/app/node_modules/left/index.js']],
  ['**/**/*.js', ['/srv/app/node_modules/left/index.js']],
  ['[x', []],
  ['*[*', ['/usr/share/[x]']],
])('%s', (text, expected) => {
  expect(matched(text)).toEqual(expected);
});

test('what is in a directory that is named fits, too', () => {
  const { direct, fits } = matchPattern('src', tree.paths, tree.strings);
  const of = (column: Uint8Array) => [...column.keys()].filter((node) => column[node] === 1).length;
  expect([of(direct), of(fits)]).toEqual([1, 4]);
});

test.each([
  `${'a/'.repeat(200)}b`,
  `/${'**/a/'.repeat(200)}*`,
  '*'.repeat(500),
  `${'*a'.repeat(300)}b`,
  '['.repeat(300),
])('a pattern that nobody types ends in time', (text) => {
  const start = performance.now();
  matchPattern(text, tree.paths, tree.strings);
  expect(performance.now() - start).toBeLessThan(1000);
});
