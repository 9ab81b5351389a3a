import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type GridState, gridAction, type KeyPress } from '../../../src/webview/grid/keyboard.ts';

const plain = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false };
const at: GridState = { selected: 10, rowCount: 100, pageRows: 20, isTyping: false };

function check(key: string, state: Partial<GridState>, more: Partial<KeyPress> = {}): unknown {
  return gridAction({ ...plain, key, ...more }, { ...at, ...state });
}

test.each([
  ['ArrowDown', {}, { kind: 'select', row: 11 }],
  ['ArrowDown', { selected: 99 }, { kind: 'select', row: 99 }],
  ['ArrowDown', { selected: -1 }, { kind: 'select', row: 0 }],
  ['ArrowUp', {}, { kind: 'select', row: 9 }],
  ['ArrowUp', { selected: 0 }, { kind: 'select', row: 0 }],
  ['ArrowUp', { selected: -1 }, { kind: 'select', row: 99 }],
  ['PageDown', {}, { kind: 'select', row: 30 }],
  ['PageDown', { selected: 95 }, { kind: 'select', row: 99 }],
  ['PageUp', {}, { kind: 'select', row: 0 }],
  ['Home', {}, { kind: 'select', row: 0 }],
  ['End', {}, { kind: 'select', row: 99 }],
  ['End', { rowCount: 0, selected: -1 }, undefined],
  ['ArrowRight', { expanded: false }, { kind: 'expand' }],
  ['ArrowRight', { expanded: true }, { kind: 'select', row: 11 }],
  ['ArrowRight', {}, undefined],
  ['ArrowLeft', { expanded: true }, { kind: 'collapse' }],
  ['ArrowLeft', { expanded: false }, { kind: 'parent' }],
  ['ArrowLeft', {}, { kind: 'parent' }],
  [' ', { expanded: false }, { kind: 'expand' }],
  [' ', { expanded: true }, { kind: 'collapse' }],
  [' ', { isTyping: true }, { kind: 'type', text: ' ' }],
  ['*', {}, { kind: 'expand-below' }],
  ['-', {}, { kind: 'collapse-below' }],
  ['Enter', {}, { kind: 'activate' }],
  ['Enter', { selected: -1 }, undefined],
  ['ContextMenu', {}, { kind: 'menu' }],
  ['n', {}, { kind: 'type', text: 'n' }],
  ['ü', { selected: -1 }, { kind: 'type', text: 'ü' }],
  ['Tab', {}, undefined],
  ['Escape', {}, undefined],
])('%s with %j', (key, state, expected) => {
  expect(check(key, state)).toEqual(expected);
});

test.each([
  ['c', { ctrlKey: true }, { kind: 'copy' }],
  ['c', { metaKey: true }, { kind: 'copy' }],
  ['f', { ctrlKey: true }, { kind: 'find' }],
  ['F10', { shiftKey: true }, { kind: 'menu' }],
  ['F10', {}, undefined],
  ['p', { ctrlKey: true }, undefined],
  ['n', { altKey: true }, undefined],
])('%s with %j held', (key, held, expected) => {
  expect(check(key, {}, held)).toEqual(expected);
});

test('no key leads out of the list', () => {
  const keys = fc.constantFrom('ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'ArrowRight');
  const sizes = fc.record({ rowCount: fc.integer({ min: 1, max: 50 }), pageRows: fc.integer({ min: 1, max: 80 }) });
  fc.assert(
    fc.property(sizes, fc.array(fc.tuple(keys, fc.boolean())), (size, presses) => {
      let selected = -1;
      for (const [key, expanded] of presses) {
        const action = gridAction({ ...plain, key }, { ...size, selected, expanded, isTyping: false });
        if (action?.kind !== 'select') continue;
        selected = action.row;
        expect(selected).toBeGreaterThanOrEqual(0);
        expect(selected).toBeLessThan(size.rowCount);
      }
    }),
  );
});
