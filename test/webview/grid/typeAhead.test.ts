import { expect, test } from 'vitest';
import {
  isTyping,
  searchFrom,
  type TypeAhead,
  typeAhead,
  typeAheadPause,
} from '../../../src/webview/grid/typeAhead.ts';

function type(...presses: readonly (readonly [key: string, at: number])[]): TypeAhead {
  return presses.reduce<TypeAhead | undefined>((typed, [key, at]) => typeAhead(typed, key, at), undefined)!;
}

test('letters in quick succession are one text', () => {
  expect(type(['n', 0], ['o', 200], ['d', 400]).text).toBe('nod');
});

test('after a pause another text begins', () => {
  expect(type(['n', 0], ['o', typeAheadPause]).text).toBe('o');
});

test('the same letter again goes from one row to the next', () => {
  const typed = type(['n', 0], ['n', 200], ['n', 300]);
  expect(typed.text).toBe('n');
  expect(searchFrom(typed, 5, 100)).toBe(5);
});

test('a longer text may still fit the selected row', () => {
  const typed = type(['n', 0], ['o', 100]);
  expect(searchFrom(typed, 5, 100)).toBe(4);
  expect(searchFrom(typed, 0, 100)).toBe(99);
});

test('without a selected row the first is looked at first', () => {
  expect(searchFrom(type(['n', 0]), -1, 100)).toBe(99);
  expect(searchFrom(type(['n', 0]), -1, 0)).toBe(0);
});

test('typing ends by itself', () => {
  const typed = type(['n', 1000]);
  expect([isTyping(typed, 1500), isTyping(typed, 1000 + typeAheadPause), isTyping(undefined, 0)]).toEqual([
    true,
    false,
    false,
  ]);
});
