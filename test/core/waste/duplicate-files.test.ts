import { describe, expect, test } from 'vitest';
import { duplicateCandidates, duplicateFiles } from '../../../src/core/waste/duplicate-files.ts';
import { finalTreeOf } from '../../../src/core/waste/finalTree.ts';
import { type Files, removableOf, stackOf } from '../../helpers/finalTree.ts';

const size = 70_000;

describe('candidates', () => {
  const candidates = (files: Files) => {
    const tree = finalTreeOf(stackOf(files));
    return duplicateCandidates(tree).map((group) => group.map((node) => tree.path(node)));
  };
  test.each<[string, Files, string[][]]>([
    ['of equal length', { '/b': size, '/a': size, '/c': size + 1 }, [['/a', '/b']]],
    [
      'groups in the order of their paths',
      { '/z1': size, '/z2': size, '/y1': 80_000, '/y2': 80_000 },
      [
        ['/y1', '/y2'],
        ['/z1', '/z2'],
      ],
    ],
    ['small ones', { '/a': 100, '/b': 100 }, []],
    ['names of one file', { '/a': size, '/b': '=> /a' }, []],
    ['links and folders', { '/a': size, '/b': '-> a', '/c/': '' }, []],
  ])('%s', (_, files, expected) => expect(candidates(files)).toEqual(expected));
});

describe('duplicates', () => {
  const files = { '/a': size, '/b': size, '/c': size, '/d': size };
  const tree = finalTreeOf(stackOf(files));
  const found = (hashes: Readonly<Record<string, string>>) =>
    removableOf([files], {
      detectors: [duplicateFiles],
      contentHash: (node) => hashes[tree.path(node)],
    }).rows;

  test('every copy but the first, and of which it is one', () => {
    const rows = found({ '/a': 'x', '/b': 'y', '/c': 'x', '/d': 'x' });
    expect(rows.map((row) => [row.path, row.bytes])).toEqual([
      ['/c', size],
      ['/d', size],
    ]);
    expect(rows[0]!.why).toContain('/a');
  });
  test('a file that was not hashed is none', () => expect(found({ '/a': 'x', '/b': 'y' })).toEqual([]));
  test('nobody hashes: nothing is claimed', () => {
    expect(removableOf([files], { detectors: [duplicateFiles] }).rows).toEqual([]);
  });
  test('what another detector has is not asked for', () => {
    const layers = [{ '/tmp/a': size, '/b': size }];
    const asked: number[] = [];
    removableOf(layers, {
      contentHash: (node) => {
        asked.push(node);
        return 'x';
      },
    });
    expect(asked).toEqual([]);
  });
});
