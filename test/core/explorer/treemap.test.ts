import fc from 'fast-check';
import { expect, test } from 'vitest';
import { squarify, treemapCells } from '../../../src/core/explorer/treemap.ts';
import { tableOf } from '../../helpers/explorerTable.ts';
import type { Files } from '../../helpers/finalTree.ts';

const box = { x: 0, y: 0, width: 600, height: 400 };

function cellsOf(layers: readonly Files[], most = 500) {
  const table = tableOf(layers);
  return treemapCells(table.view, table.children, 0, box, most);
}

test('the example of the paper', () => {
  const boxes = squarify([6, 6, 4, 3, 2, 2, 1], { x: 0, y: 0, width: 6, height: 4 });
  const rounded = boxes.map(({ x, y, width, height }) =>
    [x, y, width, height].map((value) => Math.round(value * 100) / 100),
  );
  expect(rounded.slice(0, 4)).toEqual([
    [0, 0, 3, 2],
    [0, 2, 3, 2],
    [3, 0, 1.71, 2.33],
    [4.71, 0, 1.29, 2.33],
  ]);
});

test('areas are as the values, within the box, and none overlap', () => {
  const values = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 30 });
  const side = fc.integer({ min: 20, max: 2000 });
  fc.assert(
    fc.property(values, side, side, (made, width, height) => {
      const sorted = made.sort((a, b) => b - a);
      const total = sorted.reduce((sum, value) => sum + value, 0);
      const boxes = squarify(sorted, { x: 5, y: 7, width, height });
      const slack = 1e-6 * Math.max(width, height);
      boxes.forEach((a, at) => {
        const area = (sorted[at]! / total) * width * height;
        expect(Math.abs(a.width * a.height - area)).toBeLessThan(1e-6 * width * height);
        expect(a.x).toBeGreaterThanOrEqual(5 - slack);
        expect(a.y).toBeGreaterThanOrEqual(7 - slack);
        expect(a.x + a.width).toBeLessThanOrEqual(5 + width + slack);
        expect(a.y + a.height).toBeLessThanOrEqual(7 + height + slack);
        for (const b of boxes.slice(at + 1)) {
          const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
          const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
          expect(Math.min(across, down)).toBeLessThanOrEqual(slack);
        }
      });
    }),
    { numRuns: 200 },
  );
});

test('what is in a directory lies within its cell', () => {
  const cells = cellsOf([{ '/usr/lib/a': 500, '/usr/lib/b': 300, '/usr/share/c': 200, '/etc': 100 }]);
  expect(cells.map(({ name, depth }) => [name, depth])).toEqual([
    ['usr', 0],
    ['etc', 0],
    ['lib', 1],
    ['share', 1],
    ['a', 2],
    ['b', 2],
    ['c', 2],
  ]);
  for (const cell of cells) {
    if (cell.parent === undefined) continue;
    const around = cells[cell.parent]!;
    expect(cell.x).toBeGreaterThanOrEqual(around.x);
    expect(cell.y).toBeGreaterThan(around.y);
    expect(cell.x + cell.width).toBeLessThanOrEqual(around.x + around.width + 1e-6);
    expect(cell.y + cell.height).toBeLessThanOrEqual(around.y + around.height + 1e-6);
  }
});

test('wasted bytes have their area, also of what is gone', () => {
  const cells = cellsOf([
    { '/gone': 300, '/kept': 100, '/twice': 50 },
    { '/.wh.gone': 0, '/twice': 50 },
  ]);
  expect(cells.map(({ name, bytes, wastedBytes }) => [name, bytes, wastedBytes])).toEqual([
    ['gone', 300, 300],
    ['kept', 100, 0],
    ['twice', 100, 50],
  ]);
});

test('what is too small to be seen is one rest', () => {
  const cells = cellsOf([
    { '/big': 1e6, ...Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`/small${at}`, 1])) },
  ]);
  expect(cells).toHaveLength(2);
  expect(cells[1]).toMatchObject({ rest: 300, bytes: 300, name: '' });
  expect(cells[1]!.node).toBeUndefined();
});

test('never more cells than asked for, and all bytes are in the outermost', () => {
  const many = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`/d${at % 30}/f${at}`, 1000]));
  for (const most of [2, 10, 100, 1000]) {
    const cells = cellsOf([many], most);
    expect(cells.length).toBeLessThanOrEqual(most);
    const outermost = cells.filter(({ parent }) => parent === undefined);
    expect(outermost.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(900_000);
  }
});

test.each<[string, Files]>([
  ['nothing', {}],
  ['empty files', { '/a': 0, '/b/c': 0 }],
])('%s: no cells', (_, made) => {
  expect(cellsOf([made])).toEqual([]);
});
