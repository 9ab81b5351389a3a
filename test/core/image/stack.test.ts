import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LayerIndexer } from '../../../src/core/image/indexer.ts';
import { EntryKind, type LayerIndex, NONE } from '../../../src/core/image/layerIndex.ts';
import { stackLayers } from '../../../src/core/image/stack.ts';
import {
  entryAt,
  fateOf,
  findNode,
  NO_LAYER,
  presentChildren,
  presentKind,
  TOMBSTONE,
  tombstones,
  treePath,
  type StackedTree,
} from '../../../src/core/image/stackedTree.ts';
import { contentPairs, efficiency, wasteRows } from '../../../src/core/image/waste.ts';
import { randomLayers } from '../../helpers/randomLayers.ts';
import { tar, type Member, type TarDialect } from '../../helpers/tar.ts';
import { referenceStack } from './referenceStack.ts';

const dialects: TarDialect[] = ['v7', 'ustar', 'gnu', 'pax'];

function indexOf(members: readonly Member[], dialect: TarDialect = 'pax'): LayerIndex {
  const indexer = new LayerIndexer();
  indexer.push(tar(members, { dialect }));
  return indexer.finish().index;
}

function stack(layers: readonly (readonly Member[])[], dialect: TarDialect = 'pax'): StackedTree {
  return stackLayers(layers.map((members) => indexOf(members, dialect)));
}

const kindNames = Object.fromEntries(Object.entries(EntryKind).map(([name, value]) => [value, name]));

function finalPaths(tree: StackedTree): string[] {
  const paths: string[] = [];
  for (let node = 1; node < tree.paths.count; node++) {
    const kind = presentKind(tree, node);
    if (kind !== undefined) paths.push(`${kindNames[kind]} ${treePath(tree, node)}`);
  }
  return paths.sort();
}

function rowsOf(tree: StackedTree): string[] {
  return wasteRows(tree).map((row) => `${row.cause} ${row.path} ${row.bytes} ${row.layer}<${row.byLayer}`);
}

/** What must hold of every tree, whatever went in. */
function checkSound(tree: StackedTree): void {
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
  expect(sum(tree.fileBytes)).toBe(tree.finalBytes + sum(tree.wastedBytes));
  const rows = wasteRows(tree);
  expect(sum(rows.map((row) => row.bytes))).toBe(sum(tree.wastedBytes));
  tree.wastedBytes.forEach((wasted, layer) => {
    expect(sum(rows.filter((row) => row.layer === layer).map((row) => row.bytes))).toBe(wasted);
  });
  const faults: string[] = [];
  const seen = new Set<number>();
  for (let node = 0; node < tree.paths.count; node++) {
    const children = presentChildren(tree, node);
    const gone = tombstones(tree, node);
    let below = children.length;
    for (const child of [...children, ...gone]) {
      if (tree.paths.parent[child] !== node || seen.has(child)) faults.push(`${child} is no child of ${node}`);
      seen.add(child);
    }
    for (const child of children) {
      if (tree.kind[child] === TOMBSTONE) faults.push(`${child} is gone`);
      below += tree.descendants[child]!;
    }
    for (const child of gone) if (tree.kind[child] !== TOMBSTONE) faults.push(`${child} is present`);
    const entry = tree.entry[node]!;
    if (entry !== NONE) {
      if (tree.nodeOf[entry] !== node) faults.push(`entry ${entry} did not stand at ${node}`);
      if (tree.contentOf[entry] !== tree.content[node]) faults.push(`content of entry ${entry}`);
      if ((tree.lostIn[entry] === NO_LAYER) !== (tree.kind[node] !== TOMBSTONE)) faults.push(`fate of entry ${entry}`);
    }
    if (tree.kind[node] === EntryKind.directory) {
      if (tree.bytes[node] !== sum([...children].map((child) => tree.bytes[child]!))) faults.push(`bytes of ${node}`);
      if (tree.descendants[node] !== below) faults.push(`descendants of ${node}`);
    } else if (children.length > 0) {
      faults.push(`${node} is no directory and has children`);
    }
  }
  if (seen.size !== tree.paths.count - 1) faults.push('nodes without a parent');
  expect(faults).toEqual([]);
}

interface Case {
  readonly layers: readonly (readonly Member[])[];
  readonly final: readonly string[];
  readonly rows: readonly string[];
  readonly problems?: number;
}

const file = (name: string, content: number, more: Partial<Member> = {}): Member => ({ name, content, ...more });

const table: Record<string, Case> = {
  'a directory deleted later': {
    layers: [[file('d/a', 10), file('d/e/b', 5), file('c', 1)], [{ name: '.wh.d' }]],
    final: ['file /c'],
    rows: ['deleted /d 15 0<1'],
  },
  'a directory deleted that two layers filled': {
    layers: [[file('d/a', 10)], [file('d/b', 5)], [{ name: '.wh.d' }]],
    final: [],
    rows: ['deleted /d 10 0<2', 'deleted /d 5 1<2'],
  },
  'an opaque directory': {
    layers: [
      [file('d/a', 10), file('d/e/b', 2)],
      [{ name: 'd/' }, { name: 'd/.wh..wh..opq' }, file('d/c', 1)],
    ],
    final: ['directory /d', 'file /d/c'],
    rows: ['opaque /d 12 0<1'],
  },
  'an opaque mark after the new entries': {
    layers: [[file('d/a', 10)], [file('d/a', 3), { name: 'd/.wh..wh..opq' }]],
    final: ['directory /d', 'file /d/a'],
    rows: ['opaque /d 10 0<1'],
  },
  'an opaque root': {
    layers: [
      [file('d/a', 10), file('b', 1)],
      [{ name: '.wh..wh..opq' }, file('c', 1)],
    ],
    final: ['file /c'],
    rows: ['opaque / 11 0<1'],
  },
  'a directory replaced by a symbolic link': {
    layers: [[file('lib/a', 10)], [{ name: 'lib', type: '2', link: 'usr/lib' }]],
    final: ['symlink /lib'],
    rows: ['replaced /lib 10 0<1'],
  },
  'a directory replaced by a file': {
    layers: [[file('d/a', 10)], [file('d', 3)]],
    final: ['file /d'],
    rows: ['replaced /d 10 0<1'],
  },
  'a file replaced by a directory': {
    layers: [[file('d', 10)], [{ name: 'd/' }]],
    final: ['directory /d'],
    rows: ['replaced /d 10 0<1'],
  },
  'a file replaced by an implied directory': {
    layers: [[file('d', 10)], [file('d/x', 1)]],
    final: ['directory /d', 'file /d/x'],
    rows: ['replaced /d 10 0<1'],
  },
  'a file replaced by a symbolic link': {
    layers: [[file('f', 10)], [{ name: 'f', type: '2', link: 'g' }]],
    final: ['symlink /f'],
    rows: ['replaced /f 10 0<1'],
  },
  'a directory over a directory merges': {
    layers: [
      [{ name: 'd/', mode: 0o700 }, file('d/a', 10)],
      [{ name: 'd/', mode: 0o755 }, file('d/b', 1)],
    ],
    final: ['directory /d', 'file /d/a', 'file /d/b'],
    rows: [],
  },
  'a whiteout of nothing, then a real overwrite': {
    layers: [[file('a', 10)], [{ name: '.wh.nothing' }, { name: 'x/y/.wh.z' }, file('a', 10, { mtime: 5 })]],
    final: ['file /a'],
    rows: ['overwritten /a 10 0<1'],
  },
  'a whiteout and the same path in one layer, either order': {
    layers: [
      [file('a', 10), file('b', 10)],
      [{ name: '.wh.a' }, file('a', 1), file('b', 1), { name: '.wh.b' }],
    ],
    final: ['file /a', 'file /b'],
    rows: ['deleted /a 10 0<1', 'deleted /b 10 0<1'],
  },
  'a whiteout does not hide its own layer': {
    layers: [[file('d/a', 10), { name: '.wh.d' }, { name: 'd/.wh..wh..opq' }]],
    final: ['directory /d', 'file /d/a'],
    rows: [],
  },
  'a changed mode': {
    layers: [[file('a', 10, { mode: 0o644 })], [file('a', 10, { mode: 0o755 })]],
    final: ['file /a'],
    rows: ['metadata-only /a 10 0<1'],
  },
  'a changed owner, twice': {
    layers: [[file('a', 10)], [file('a', 10, { uid: 5 })], [file('a', 10, { uid: 5, gid: 6 })]],
    final: ['file /a'],
    rows: ['metadata-only /a 10 0<1', 'metadata-only /a 10 1<2'],
  },
  'a changed time': {
    layers: [[file('a', 10)], [file('a', 10, { mtime: 7, mode: 0o700 })]],
    final: ['file /a'],
    rows: ['overwritten /a 10 0<1'],
  },
  'a small file replaced by a large one': {
    layers: [[file('a', 1)], [file('a', 100)]],
    final: ['file /a'],
    rows: ['overwritten /a 1 0<1'],
  },
  'a path three times in one layer': {
    layers: [[file('a', 1), file('a', 2), file('a', 3)]],
    final: ['file /a'],
    rows: ['overwritten /a 2 0<0', 'overwritten /a 1 0<0'],
  },
  'a directory and then a file in one layer': {
    layers: [[{ name: 'd/' }, file('d/x', 4), file('d', 1)]],
    final: ['file /d'],
    rows: ['replaced /d 4 0<0'],
  },
  'one of two names overwritten costs nothing': {
    layers: [[file('a', 10), { name: 'b', type: '1', link: 'a' }], [file('b', 1)]],
    final: ['file /a', 'file /b'],
    rows: [],
  },
  'the name that ships is overwritten, the other lives': {
    layers: [[file('a', 10), { name: 'b', type: '1', link: 'a' }], [file('a', 1)]],
    final: ['file /a', 'file /b'],
    rows: [],
  },
  'the last name goes': {
    layers: [[file('a', 10), { name: 'd/b', type: '1', link: './a' }], [file('a', 1)], [{ name: '.wh.d' }]],
    final: ['file /a'],
    rows: ['deleted /d 10 0<2'],
  },
  'two names in one deleted directory': {
    layers: [[file('d/a', 10), { name: 'd/b', type: '1', link: '/d/a' }], [{ name: '.wh.d' }]],
    final: [],
    rows: ['deleted /d 10 0<1'],
  },
  'a link to a lower layer shares its content': {
    layers: [[file('a', 10)], [{ name: 'b', type: '1', link: 'a' }], [{ name: '.wh.a' }]],
    final: ['file /b'],
    rows: [],
  },
  'a link before its target': {
    layers: [[{ name: 'b', type: '1', link: 'a' }, file('a', 10)], [{ name: '.wh.a' }]],
    final: ['file /b'],
    rows: [],
  },
  'a link before its target, overwritten before the target comes': {
    layers: [[{ name: 'b', type: '1', link: 'a' }, file('b', 3), file('a', 10)]],
    final: ['file /a', 'file /b'],
    rows: [],
  },
  'a link to nothing': {
    layers: [
      [
        { name: 'b', type: '1', link: 'a' },
        { name: 'c', type: '1', link: 'd' },
        { name: 'd', type: '1', link: 'c' },
      ],
    ],
    final: ['file /b', 'file /c', 'file /d'],
    rows: [],
    problems: 3,
  },
  'a link to a directory': {
    layers: [[{ name: 'd/' }, { name: 'b', type: '1', link: 'd' }]],
    final: ['directory /d', 'file /b'],
    rows: [],
    problems: 1,
  },
  'a link to itself': {
    layers: [[file('a', 10), { name: 'a', type: '1', link: 'a' }]],
    final: ['file /a'],
    rows: [],
  },
  'a link to a symbolic link': {
    layers: [
      [
        { name: 'a', type: '2', link: 'd' },
        { name: 'b', type: '1', link: 'a' },
      ],
      [file('b/x', 2)],
      [file('d/x', 3)],
    ],
    final: ['directory /d', 'file /d/x', 'symlink /a', 'symlink /b'],
    rows: ['overwritten /d/x 2 1<2'],
  },
  'the same name linked anew': {
    layers: [
      [file('a', 10), { name: 'b', type: '1', link: 'a' }],
      [{ name: 'b', type: '1', link: 'a' }],
      [{ name: '.wh.a' }],
    ],
    final: ['file /b'],
    rows: [],
  },
  'a file replaced by a link to another': {
    layers: [[file('a', 10), file('b', 4)], [{ name: 'b', type: '1', link: 'a' }]],
    final: ['file /a', 'file /b'],
    rows: ['overwritten /b 4 0<1'],
  },
  'through a symbolic link of a lower layer': {
    layers: [[{ name: 'lib', type: '2', link: 'usr/lib' }, file('usr/lib/x', 10)], [file('lib/x', 3)]],
    final: ['directory /usr', 'directory /usr/lib', 'file /usr/lib/x', 'symlink /lib'],
    rows: ['overwritten /usr/lib/x 10 0<1'],
  },
  'through an absolute link, one with dots, one that climbs beyond the root': {
    layers: [
      [
        { name: 'a', type: '2', link: '/t/./' },
        { name: 'd/b', type: '2', link: '../a' },
        { name: 'c', type: '2', link: '../../../t' },
        file('t/x', 10),
      ],
      [file('a/x', 1)],
      [file('d/b/x', 2)],
      [file('c/x', 3)],
    ],
    final: ['directory /d', 'directory /t', 'file /t/x', 'symlink /a', 'symlink /c', 'symlink /d/b'],
    rows: ['overwritten /t/x 10 0<1', 'overwritten /t/x 2 2<3', 'overwritten /t/x 1 1<2'],
  },
  'through a link to nothing: its target is made': {
    layers: [[{ name: 'a', type: '2', link: 'b/c' }], [file('a/x', 1)]],
    final: ['directory /b', 'directory /b/c', 'file /b/c/x', 'symlink /a'],
    rows: [],
  },
  'through links in a circle: a directory takes the place': {
    layers: [
      [
        { name: 'a', type: '2', link: 'b' },
        { name: 'b', type: '2', link: 'a' },
      ],
      [file('a/x', 1)],
    ],
    final: ['directory /a', 'file /a/x', 'symlink /b'],
    rows: [],
  },
  'through a link to a file: a directory takes the place': {
    layers: [[file('f', 5), { name: 'a', type: '2', link: 'f' }], [file('a/x', 1)]],
    final: ['directory /a', 'file /a/x', 'file /f'],
    rows: [],
  },
  'a whiteout through a symbolic link': {
    layers: [[{ name: 'lib', type: '2', link: 'usr/lib' }, file('usr/lib/x', 10)], [{ name: 'lib/.wh.x' }]],
    final: ['directory /usr', 'directory /usr/lib', 'symlink /lib'],
    rows: ['deleted /usr/lib/x 10 0<1'],
  },
  'a new opaque directory in place of a symbolic link hides nothing behind it': {
    layers: [
      [{ name: 'd', type: '2', link: 'e' }, file('e/x', 10)],
      [{ name: 'd/' }, { name: 'd/.wh..wh..opq' }, { name: 'd/.wh.x' }, file('d/y', 1)],
    ],
    final: ['directory /d', 'directory /e', 'file /d/y', 'file /e/x'],
    rows: [],
  },
  "aufs' bookkeeping is not there, but holds what is linked to it": {
    layers: [
      [
        file('.wh..wh.plnk/12.34', 10),
        file('.wh..wh.aufs', 5),
        { name: 'a', type: '1', link: '.wh..wh.plnk/12.34' },
        { name: 'b', type: '1', link: '.wh..wh.plnk/12.34' },
      ],
      [file('a', 1)],
      [file('b', 1)],
    ],
    final: ['file /a', 'file /b'],
    rows: ['overwritten /b 10 0<2'],
  },
  'deleted, written, deleted again': {
    layers: [[file('a', 1)], [{ name: '.wh.a' }], [file('a', 2)], [{ name: '.wh.a' }]],
    final: [],
    rows: ['deleted /a 2 2<3', 'deleted /a 1 0<1'],
  },
  'devices and pipes weigh nothing': {
    layers: [
      [
        { name: 'a', type: '3' },
        { name: 'b', type: '6' },
      ],
      [{ name: 'a', type: '6' }, { name: '.wh.b' }],
    ],
    final: ['fifo /a'],
    rows: [],
  },
  'a file where the root is': {
    layers: [[file('./', 3, { type: '0' }), file('a', 1)], [{ name: './', mode: 0o700 }]],
    final: ['file /a'],
    rows: [],
  },
  'no layers': { layers: [], final: [], rows: [] },
  'an empty layer': { layers: [[], [file('a', 1)], []], final: ['file /a'], rows: [] },
};

describe.each(dialects)('truth table, %s', (dialect) => {
  test.each(Object.entries(table))('%s', (_, { layers, final, rows, problems = 0 }) => {
    const tree = stack(layers, dialect);
    expect(finalPaths(tree)).toEqual(final);
    expect(rowsOf(tree)).toEqual(rows);
    expect(tree.problems.length).toBe(problems);
    checkSound(tree);
  });
});

/** More by hand: `RUNS=100000 vitest …`. */
const runs = Number(process.env.RUNS ?? 1000);

describe('random stacks equal the reference model', () => {
  test(
    'final paths, bytes, and every row',
    () => {
      fc.assert(
        fc.property(randomLayers, (stackOfLayers) => {
          const expected = referenceStack(stackOfLayers);
          const tree = stack(stackOfLayers);
          expect(finalPaths(tree)).toEqual(expected.paths);
          expect([...tree.fileBytes]).toEqual(expected.fileBytes);
          expect([...tree.wastedBytes]).toEqual(expected.wastedBytes);
          expect(tree.finalBytes).toBe(expected.finalBytes);
          expect(tree.problems.length).toBe(expected.problems);
          const text = (rows: readonly object[]): string[] =>
            rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort();
          expect(text(wasteRows(tree))).toEqual(text(expected.rows));
          checkSound(tree);
        }),
        { numRuns: runs },
      );
    },
    10 * runs + 10_000,
  );
});

describe('asking the tree', () => {
  const layers = [
    [file('d/a', 10), file('d/b', 20), file('keep', 5), { name: 'link', type: '1', link: 'keep' }],
    [file('d/a', 1), { name: 'd/.wh.b' }],
    [{ name: '.wh.d' }],
  ];
  const tree = stack(layers);
  test('what becomes of an entry, forwards', () => {
    expect(fateOf(tree, 0, 0)).toEqual({ layer: 1, cause: 'overwritten' });
    expect(fateOf(tree, 0, 1)).toEqual({ layer: 1, cause: 'deleted' });
    expect(fateOf(tree, 1, 0)).toEqual({ layer: 2, cause: 'deleted' });
    expect(fateOf(tree, 0, 2)).toBeUndefined();
  });
  test('paths and places', () => {
    const node = findNode(tree, '/link')!;
    expect(entryAt(tree, tree.entry[node]!)).toEqual({ layer: 0, entry: 3 });
    expect(entryAt(tree, tree.content[node]!)).toEqual({ layer: 0, entry: 2 });
    expect([tree.bytes[node], tree.bytes[findNode(tree, 'keep')!]]).toEqual([0, 5]);
    expect(findNode(tree, '/nowhere')).toBeUndefined();
    expect(findNode(tree, '/')).toBe(0);
  });
  test('tombstones know the layer that took them away', () => {
    const gone = findNode(tree, '/d/a')!;
    expect([tree.kind[gone], tree.layer[gone], presentKind(tree, gone)]).toEqual([TOMBSTONE, 2, undefined]);
    expect([...tombstones(tree, 0)].map((node) => treePath(tree, node))).toEqual(['/d']);
  });
  test('implied directories have no entry', () => {
    const implied = stack([[file('x/y', 1)]]);
    expect(implied.entry[findNode(implied, '/x')!]).toBe(NONE);
  });
  test('a layer that could not be read counts as empty', () => {
    const partial = stackLayers([indexOf(layers[0]!), undefined, indexOf(layers[2]!)]);
    expect(rowsOf(partial)).toEqual(['deleted /d 30 0<2']);
    checkSound(partial);
  });
});

describe('rows', () => {
  const tree = stack([
    [file('a', 10), file('b', 10), file('c', 30), file('d', 7)],
    [file('a', 10, { mode: 0o700 }), file('b', 10, { mtime: 3 }), { name: '.wh.c' }, file('d', 8)],
  ]);
  test.each([
    [0, []],
    [1, ['/c']],
    [2, ['/c', '/a']],
    [3, ['/c', '/a', '/b']],
    [9, ['/c', '/a', '/b', '/d']],
  ])('top %i', (top, paths) => {
    expect(wasteRows(tree, { top }).map((row) => row.path)).toEqual(paths);
  });
  test('only contents of equal length can be the same', () => {
    expect(contentPairs(tree)).toEqual([
      { path: '/a', bytes: 10, old: { layer: 0, entry: 0 }, new: { layer: 1, entry: 0 } },
      { path: '/b', bytes: 10, old: { layer: 0, entry: 1 }, new: { layer: 1, entry: 1 } },
    ]);
  });
  test.each([
    [true, 'metadata-only', 'metadata-only'],
    [false, 'overwritten', 'overwritten'],
    [undefined, 'metadata-only', 'overwritten'],
  ])('hashes say same: %s', (same, a, b) => {
    const rows = wasteRows(tree, { sameContent: () => same });
    expect(rows.map((row) => row.cause)).toEqual(['deleted', a, b, 'overwritten']);
  });
  test('efficiency', () => {
    expect(efficiency(tree)).toBeCloseTo(28 / 85);
    expect(efficiency(stack([]))).toBe(1);
  });
});
