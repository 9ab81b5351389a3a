import { expect, test } from 'vitest';
import { selectionAfterToggle } from '../../../src/webview/table/selection.ts';

test.each([
  ['above what opens', 3, 5, 10, 3],
  ['the directory itself', 5, 5, 10, 5],
  ['below what opens', 8, 5, 10, 18],
  ['within what closes', 8, 5, -10, 5],
  ['the last within what closes', 15, 5, -10, 5],
  ['the first after what closes', 16, 5, -10, 6],
  ['none', -1, 5, -10, -1],
])('%s', (_title, selected, toggled, growth, expected) => {
  expect(selectionAfterToggle(selected, toggled, growth)).toBe(expected);
});
