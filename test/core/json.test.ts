import { expect, it } from 'vitest';
import { isObject, parseJson } from '../../src/core/json.ts';

it.each([
  ['{"a": 1}', { a: 1 }],
  ['null', null],
  ['{"a": ', undefined],
  ['', undefined],
])('%s', (text, expected) => {
  expect(parseJson(text)).toEqual(expected);
});

it.each([
  ['{}', true],
  ['[]', false],
  ['null', false],
  ['"text"', false],
])('%s is an object: %s', (text, expected) => {
  expect(isObject(parseJson(text))).toBe(expected);
});
