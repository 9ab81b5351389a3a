import { describe, expect, test } from 'vitest';
import { finalTreeOf } from '../../../src/core/waste/finalTree.ts';
import { indexNames } from '../../../src/core/waste/nameIndex.ts';
import { stackOf } from '../../helpers/finalTree.ts';

describe('nodes by the names that someone looks for', () => {
  const tree = finalTreeOf(
    stackOf(
      {
        '/a/.git/x': 1,
        '/b/.git': 1,
        '/c/lib.a': 1,
        '/c/lib.so.a': 1,
        '/d/.env.local': 1,
        '/e/gone.a': 1,
        '/f/naïve.a': 1,
      },
      { '/e/.wh.gone.a': 0 },
    ),
  );
  const index = indexNames(tree, [
    { names: ['.git', 'lib.a', 'nothing'], endings: ['.a'] },
    { names: ['.git'], beginnings: ['.env.'] },
  ]);
  const paths = (nodes: readonly number[]) => nodes.map((node) => tree.path(node)).sort();

  test('whole names, of files and of folders', () =>
    expect(paths(index.named('.git'))).toEqual(['/a/.git', '/b/.git']));
  test('endings; what is gone is not found', () => {
    expect(paths(index.ending('.a'))).toEqual(['/c/lib.a', '/c/lib.so.a', '/f/naïve.a']);
  });
  test('one node in several lists', () => expect(paths(index.named('lib.a'))).toEqual(['/c/lib.a']));
  test('beginnings', () => expect(paths(index.beginning('.env.'))).toEqual(['/d/.env.local']));
  test('a name that is not there', () => expect(index.named('nothing')).toEqual([]));
  test('a name that nobody declared is a bug of the detector', () => {
    expect(() => index.named('.svn')).toThrow(RangeError);
  });
});
