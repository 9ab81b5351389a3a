import { expect, test } from 'vitest';
import { englishStrings, fill } from '../../src/protocol/strings.ts';

test.each([
  ['no places', 'plain', [], 'plain'],
  ['in order', '{0} of {1}', [1, 2], '1 of 2'],
  ['out of order', '{1} before {0}', ['a', 'b'], 'b before a'],
  ['one twice', '{0} and {0}', ['x'], 'x and x'],
  ['nothing given', 'layer {0}', [], 'layer {0}'],
  ['a value with a place in it', '{0} {1}', ['{1}', 'y'], '{1} y'],
  ['a value with a replacement pattern', '{0}', ['$&'], '$&'],
])('fill: %s', (_, text, values, expected) => {
  expect(fill(text, ...values)).toBe(expected);
});

test('every text has its places numbered from 0 without gaps', () => {
  for (const [name, text] of Object.entries(englishStrings)) {
    const places = [...new Set([...text.matchAll(/\{(\d+)\}/g)].map(([, digits]) => Number(digits)))].sort();
    expect(places, name).toEqual(places.map((_, index) => index));
  }
});
