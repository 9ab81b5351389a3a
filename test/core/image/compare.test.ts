import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changes } from '../../../src/core/image/change.ts';
import { comparedRows, compareTrees, sharedLayers, type CompareOptions } from '../../../src/core/image/compare.ts';
import { LayerIndexer } from '../../../src/core/image/indexer.ts';
import { NONE, nodePath } from '../../../src/core/image/layerIndex.ts';
import { stackLayers } from '../../../src/core/image/stack.ts';
import { tar, type Member } from '../../helpers/tar.ts';

interface Image {
  readonly layers: readonly (readonly Member[])[];
  readonly diffIds?: readonly (string | undefined)[];
}

function treeOf({ layers, diffIds }: Image) {
  const tree = stackLayers(
    layers.map((members) => {
      const indexer = new LayerIndexer();
      indexer.push(tar(members));
      return indexer.finish().index;
    }),
  );
  return { tree, diffIds: diffIds ?? layers.map(() => undefined) };
}

function compare(a: Image, b: Image, options: CompareOptions = {}) {
  const [first, second] = [treeOf(a), treeOf(b)];
  return { comparison: compareTrees(first, second, options), first: first.tree, second: second.tree };
}

/** `change /path`, all but the root, by path. */
function changesOf({ comparison: { paths, strings, change } }: ReturnType<typeof compare>): string[] {
  return Array.from({ length: paths.count - 1 }, (_, i) => i + 1)
    .map((node) => `${nodePath(paths, strings, node)} ${changes[change[node]!]!}`)
    .sort();
}

const file = (name: string, content: number, more: Partial<Member> = {}): Member => ({
  name,
  content,
  mtime: 1,
  mode: 0o644,
  uid: 0,
  gid: 0,
  ...more,
});
const link = (name: string, target: string, more: Partial<Member> = {}): Member => ({
  name,
  type: '2',
  link: target,
  mtime: 1,
  ...more,
});
const one = (...members: Member[]): Image => ({ layers: [members] });

describe('one path', () => {
  const table: [title: string, a: Member[], b: Member[], expected: string[]][] = [
    ['nothing on both sides', [], [], []],
    ['equal files', [file('f', 3)], [file('f', 3)], ['/f same']],
    ['only the first has it', [file('f', 3)], [], ['/f removed']],
    ['only the second has it', [], [file('f', 3)], ['/f added']],
    ['another length', [file('f', 3)], [file('f', 4)], ['/f changed']],
    ['another time', [file('f', 3)], [file('f', 3, { mtime: 2 })], ['/f time']],
    ['another mode', [file('f', 3)], [file('f', 3, { mode: 0o755 })], ['/f metadata']],
    ['another owner', [file('f', 3)], [file('f', 3, { uid: 1 })], ['/f metadata']],
    ['another group', [file('f', 3)], [file('f', 3, { gid: 1 })], ['/f metadata']],
    ['another attribute', [file('f', 3)], [file('f', 3, { xattrs: { 'user.a': 'b' } })], ['/f metadata']],
    ['another mode and time', [file('f', 3)], [file('f', 3, { mode: 0o755, mtime: 2 })], ['/f changed']],
    ['another mode and length', [file('f', 3)], [file('f', 4, { mode: 0o755 })], ['/f changed']],
    ['a file that became a link', [file('f', 3)], [link('f', 'x')], ['/f changed']],
    ['a file that became a directory', [file('f', 3)], [file('f/x', 1)], ['/f changed', '/f/x added']],
    ['equal links', [link('l', 'x')], [link('l', 'x')], ['/l same']],
    ['another target', [link('l', 'x')], [link('l', 'xy')], ['/l changed']],
    ['another target of equal length', [link('l', 'x')], [link('l', 'y')], ['/l changed']],
    ['another mode of a link', [link('l', 'x')], [link('l', 'x', { mode: 0o777 })], ['/l same']],
    ['another owner of a link', [link('l', 'x')], [link('l', 'x', { uid: 5 })], ['/l metadata']],
    ['another time of a link', [link('l', 'x')], [link('l', 'x', { mtime: 2 })], ['/l time']],
    ['equal directories', [{ name: 'd/', mtime: 1 }], [{ name: 'd/', mtime: 1 }], ['/d same']],
    ['another mode of a directory', [{ name: 'd/', mode: 0o755 }], [{ name: 'd/', mode: 0o700 }], ['/d metadata']],
    ['another time of a directory', [{ name: 'd/', mtime: 1 }], [{ name: 'd/', mtime: 2 }], ['/d time']],
    [
      'a directory that one side only implies',
      [file('d/f', 1)],
      [{ name: 'd/' }, file('d/f', 1)],
      ['/d same', '/d/f same'],
    ],
    ['a link to nothing', [{ name: 'h', type: '1', link: 'no' }], [{ name: 'h', type: '1', link: 'no' }], ['/h same']],
  ];
  test.each(table)('%s', (_, a, b, expected) => {
    expect(changesOf(compare(one(...a), one(...b)))).toEqual(expected);
  });
});

test('what a layer of both images has is the same, whatever the rest says', () => {
  const base = [file('f', 3), file('g', 3)];
  const shared = compare(
    { layers: [base], diffIds: ['sha256:a'] },
    { layers: [base, [file('g', 3, { mtime: 9 })]], diffIds: ['sha256:a', 'sha256:b'] },
    { sameContent: () => false },
  );
  expect(changesOf(shared)).toEqual(['/f same', '/g changed']);
});

test.each([
  [true, ['/f time', '/g metadata', '/h same', '/i metadata']],
  [false, ['/f changed', '/g changed', '/h changed', '/i changed']],
  [undefined, ['/f time', '/g metadata', '/h same', '/i changed']],
])('hashes say same: %s', (same, expected) => {
  const a = one(file('f', 3), file('g', 3), file('h', 3), file('i', 3));
  const b = one(file('f', 3, { mtime: 2 }), file('g', 3, { uid: 1 }), file('h', 3), file('i', 3, { uid: 1, mtime: 2 }));
  expect(changesOf(compare(a, b, { sameContent: () => same }))).toEqual(expected);
});

test('what a layer took away is on no side', () => {
  const result = compare({ layers: [[file('f', 3)], [{ name: '.wh.f' }]] }, one(file('g', 1)));
  expect(changesOf(result)).toEqual(['/g added']);
});

test('a hard link is compared by its content, whose bytes count once', () => {
  const result = compare(one(file('a', 5), { name: 'b', type: '1', link: 'a' }), one(file('a', 5), file('b', 5)));
  expect(changesOf(result)).toEqual(['/a same', '/b same']);
  expect(result.comparison.totals[0]).toEqual({ change: 'same', paths: 2, firstBytes: 5, secondBytes: 10 });
});

test('totals say how many paths and bytes there are on either side', () => {
  const { comparison } = compare(
    one(file('d/gone', 7), file('d/kept', 1), file('c', 10), file('t', 4)),
    one(file('d/kept', 1), file('c', 12), file('new', 100), file('t', 4, { mtime: 2 })),
  );
  expect(comparison.totals).toEqual([
    { change: 'same', paths: 1, firstBytes: 1, secondBytes: 1 },
    { change: 'added', paths: 1, firstBytes: 0, secondBytes: 100 },
    { change: 'changed', paths: 1, firstBytes: 10, secondBytes: 12 },
    { change: 'metadata', paths: 0, firstBytes: 0, secondBytes: 0 },
    { change: 'time', paths: 1, firstBytes: 4, secondBytes: 4 },
    { change: 'removed', paths: 1, firstBytes: 7, secondBytes: 0 },
  ]);
});

describe('rows', () => {
  const result = compare(
    one(file('old/a', 5), file('old/b/c', 6), file('c', 10), file('same', 3), file('m', 4), file('t', 9)),
    one(file('c', 30), file('same', 3), file('new/x', 40), file('m', 4, { uid: 9 }), file('t', 9, { mtime: 2 })),
  );
  const rows = (options: Parameters<typeof comparedRows>[3] = {}) =>
    comparedRows(result.comparison, result.first, result.second, options);
  test('the greatest difference first, one row for a whole directory', () => {
    expect(rows()).toEqual([
      { change: 'added', path: '/new', firstBytes: 0, secondBytes: 40, paths: 2 },
      { change: 'changed', path: '/c', firstBytes: 10, secondBytes: 30, paths: 1 },
      { change: 'removed', path: '/old', firstBytes: 11, secondBytes: 0, paths: 4 },
      { change: 'metadata', path: '/m', firstBytes: 4, secondBytes: 4, paths: 1 },
    ]);
  });
  test('as many as are wanted, of the wanted kinds', () => {
    expect(rows({ top: 1 }).map(({ path }) => path)).toEqual(['/new']);
    expect(rows({ top: 0 })).toEqual([]);
    expect(rows({ changes: ['time'] }).map(({ path }) => path)).toEqual(['/t']);
  });
});

test.each([
  ['none', ['a'], ['b'], []],
  [
    'a prefix',
    ['a', 'b', 'c'],
    ['a', 'b', 'd'],
    [
      [0, 0],
      [1, 1],
    ],
  ],
  ['at other places', ['a', 'b'], ['x', 'b'], [[1, 1]]],
  [
    'one twice, in both',
    ['a', 'a'],
    ['a', 'b', 'a'],
    [
      [0, 0],
      [1, 2],
    ],
  ],
  ['one twice, in the first only', ['a', 'a'], ['a'], [[0, 0]]],
  ['unknown ones', [undefined, 'a'], [undefined, 'a'], [[1, 1]]],
])('layers shared: %s', (_, first, second, expected) => {
  expect(sharedLayers(first, second).map((layer) => [layer.first, layer.second])).toEqual(expected);
});

describe('random images', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
    .map((segments) => segments.join('/'));
  const member: fc.Arbitrary<Member> = fc.oneof(
    fc.record({ name: path, content: fc.integer({ min: 0, max: 3 }), mtime: fc.constantFrom(1, 2) }),
    path.map((name) => ({ name: `${name}/` })),
    fc.record({ name: path, type: fc.constant('1'), link: path }),
    path.map((name) => ({ name: name.replace(/[^/]*$/, '.wh.$&') })),
  );
  const image = fc.array(fc.array(member, { maxLength: 6 }), { maxLength: 3 }).map((layers): Image => ({ layers }));

  test('nothing differs from itself', () => {
    fc.assert(
      fc.property(image, (a) => {
        const { comparison } = compare(a, a);
        expect([...comparison.change].every((code) => code === 0)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('totals add up to both images, and exchange with their sides', () => {
    fc.assert(
      fc.property(image, image, (a, b) => {
        const result = compare(a, b);
        const { totals } = result.comparison;
        expect(totals.reduce((sum, total) => sum + total.firstBytes, 0)).toBe(result.first.finalBytes);
        expect(totals.reduce((sum, total) => sum + total.secondBytes, 0)).toBe(result.second.finalBytes);
        const back = compare(b, a).comparison.totals;
        const exchanged = { added: 'removed', removed: 'added' } as Record<string, string>;
        for (const total of totals) {
          const other = back.find(({ change }) => change === (exchanged[total.change] ?? total.change))!;
          expect([other.paths, other.firstBytes, other.secondBytes]).toEqual([
            total.paths,
            total.secondBytes,
            total.firstBytes,
          ]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('every path of either image is there once, below its directory', () => {
    fc.assert(
      fc.property(image, image, (a, b) => {
        const { comparison, first, second } = compare(a, b);
        const { paths } = comparison;
        const present = (tree: typeof first): number => tree.descendants[0]! + 1;
        const places = (column: Uint32Array): number => column.reduce((sum, node) => sum + Number(node !== NONE), 0);
        expect([places(comparison.first), places(comparison.second)]).toEqual([present(first), present(second)]);
        for (let node = 1; node < paths.count; node++) expect(paths.parent[node]).toBeLessThan(node);
      }),
      { numRuns: 100 },
    );
  });
});
