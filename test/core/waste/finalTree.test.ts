import { describe, expect, test } from 'vitest';
import { finalTreeOf } from '../../../src/core/waste/finalTree.ts';
import { stackOf } from '../../helpers/finalTree.ts';

describe('the final file system of a stack', () => {
  const stacked = stackOf(
    { '/a/file': 5, '/a/gone': 7, '/a/link': '-> file', '/b/one': 11, '/lonely': '=> /b/one' },
    { '/a/.wh.gone': 0, '/c/two': '=> /b/one', '/d/x': 3 },
    { '/.wh.lonely': 0 },
  );
  const tree = finalTreeOf(stacked);

  test.each([
    ['/', 0],
    ['/a/gone', -1],
    ['/lonely', -1],
    ['/nowhere/at/all', -1],
    // Symbolic links are not followed.
    ['/a/link/x', -1],
  ])('find %s', (path, node) => expect(tree.find(path)).toBe(node));

  test.each([
    ['/a/file', 5, 0],
    ['/a/link', 0, 0],
    ['/b/one', 11, 0],
    ['/d/x', 3, 1],
  ])('%s has %d bytes of layer %d', (path, size, layer) => {
    const node = tree.find(path);
    expect([tree.path(node), tree.size(node), tree.layer(node)]).toEqual([path, size, layer]);
  });

  test('names of one file know each other, those that are gone do not count', () => {
    const [one, two] = [tree.find('/b/one'), tree.find('/c/two')];
    expect(tree.linkGroup(one)).toBe(tree.linkGroup(two));
    expect(tree.linkCount(tree.linkGroup(one))).toBe(2);
    expect(tree.linkGroup(tree.find('/a/file'))).toBe(-1);
  });

  test('children are what is there', () => {
    expect([...tree.children(tree.find('/a'))].map((node) => tree.nameText(node)).sort()).toEqual(['file', 'link']);
  });
});
