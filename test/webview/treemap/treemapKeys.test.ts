import { expect, test } from 'vitest';
import { siblingsOf, treemapAction } from '../../../src/webview/treemap/treemapKeys.ts';

/** usr (lib (a), bin), app; as the host sends them, outer before inner. */
const cells = [{}, {}, { parent: 0 }, { parent: 0 }, { parent: 2 }];

test.each([
  ['ArrowDown', -1, { kind: 'go', cell: 0 }],
  ['ArrowDown', 0, { kind: 'go', cell: 1 }],
  ['ArrowDown', 1, undefined],
  ['ArrowUp', 1, { kind: 'go', cell: 0 }],
  ['ArrowRight', 0, { kind: 'go', cell: 2 }],
  ['ArrowRight', 1, undefined],
  ['ArrowLeft', 4, { kind: 'go', cell: 2 }],
  ['ArrowLeft', 0, undefined],
  ['Home', 3, { kind: 'go', cell: 2 }],
  ['End', 2, { kind: 'go', cell: 3 }],
  ['Enter', 2, { kind: 'activate' }],
  ['Enter', -1, undefined],
  ['Backspace', -1, { kind: 'out' }],
  ['Escape', 4, { kind: 'out' }],
  ['x', 0, undefined],
] as const)('%s at %d', (key, at, expected) => {
  expect(treemapAction(key, cells, at)).toEqual(expected);
});

test('keys in an empty map do nothing', () => {
  expect(treemapAction('ArrowDown', [], -1)).toBeUndefined();
});

test('siblings, in the order of their cells', () => {
  expect([siblingsOf(cells, undefined), siblingsOf(cells, 0), siblingsOf(cells, 4)]).toEqual([[0, 1], [2, 3], []]);
});
