import { expect, it } from 'vitest';
import { contextFiles } from '../../../../src/core/estimate/context/contextFiles.ts';
import type { ContextTree } from '../../../../src/core/estimate/context/contextTree.ts';
import { treeOf } from '../../../helpers/contextTree.ts';

/** A walked context of these files, each of as many bytes as its path is long. */
function tree(...paths: string[]): ContextTree {
  return treeOf(Object.fromEntries(paths.map((path) => [path, path.length])));
}

it('names what is sent, nearest first', () => {
  const { files, complete } = contextFiles(tree('b/c/d', 'a', 'b/e', 'log/x'), 'log', 10);
  expect(files).toEqual([
    { path: 'a', bytes: 1 },
    { path: 'b/e', bytes: 3 },
    { path: 'b/c/d', bytes: 5 },
  ]);
  expect(complete).toBe(true);
});

it('what an ignored folder keeps by an exception is sent', () => {
  expect(contextFiles(tree('log/x', 'log/keep'), 'log\n!log/keep', 10).files).toEqual([{ path: 'log/keep', bytes: 8 }]);
});

it.each<[string, string[], string, string[]]>([
  ['ignored ones too', ['compose.yaml', 'deploy/compose.yaml'], '*', ['compose.yaml', 'deploy/compose.yaml']],
  [
    'not those of other people',
    ['node_modules/x/docker-compose.yml', 'vendor/y/Makefile', 'Makefile'],
    '',
    ['Makefile'],
  ],
])('files that may use the image: %s', (_title, paths, ignore, expected) => {
  expect(contextFiles(tree(...paths), ignore, 10).consumers).toEqual(expected);
});

it.each<[string, (walked: ContextTree) => void, string, number, boolean]>([
  ['all of it', () => undefined, '', 2, true],
  ['more than are named', () => undefined, '', 1, false],
  ['a walk that goes on', (walked) => (walked.complete = false), '', 2, false],
  ['a walk that was cut', (walked) => (walked.truncated = true), '', 2, false],
  ['a closed folder', (walked) => walked.setUnreadable('closed'), '', 2, false],
  ['a closed folder that is ignored', (walked) => walked.setUnreadable('closed'), 'closed', 2, true],
])('complete: %s', (_title, change, ignore, most, complete) => {
  const walked = tree('a', 'b');
  change(walked);
  expect(contextFiles(walked, ignore, most).complete).toBe(complete);
});
