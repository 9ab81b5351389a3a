import fc from 'fast-check';
import { expect, test } from 'vitest';
import { groupChildren, orderByName, rankNames, sortByKey } from '../../../src/core/explorer/order.ts';
import { stringText, type StringTable } from '../../../src/core/image/layerIndex.ts';

function tableOf(strings: readonly (string | Uint8Array)[]): StringTable {
  const parts = strings.map((text) => (typeof text === 'string' ? new TextEncoder().encode(text) : text));
  const offsets = new Uint32Array(parts.length + 1);
  parts.forEach((part, at) => (offsets[at + 1] = offsets[at]! + part.length));
  const bytes = new Uint8Array(offsets[parts.length]!);
  parts.forEach((part, at) => bytes.set(part, offsets[at]));
  return { bytes, offsets, count: parts.length };
}

function ranked(strings: readonly string[]): string[] {
  const table = tableOf(strings);
  const rank = rankNames(table);
  return strings
    .map((_, at) => at)
    .sort((a, b) => rank[a]! - rank[b]!)
    .map((at) => stringText(table, at));
}

test.each<[title: string, names: string[], expected: string[]]>([
  ['letters whatever their case', ['b', 'A', 'a', 'C'], ['A', 'a', 'b', 'C']],
  ['a beginning before the whole', ['library', 'lib', 'libraries'], ['lib', 'libraries', 'library']],
  [
    'alike in their first six bytes',
    ['abcdefZ', 'abcdefa', 'abcdef', 'ABCDEFa'],
    ['abcdef', 'ABCDEFa', 'abcdefa', 'abcdefZ'],
  ],
  ['digits and dots before letters', ['x', '.x', '1x', '_x'], ['.x', '1x', '_x', 'x']],
  ['beyond ASCII by bytes', ['é', 'z', 'a'], ['a', 'z', 'é']],
  ['the empty name first', ['a', ''], ['', 'a']],
])('names: %s', (_, names, expected) => {
  expect(ranked(names)).toEqual(expected);
});

test('names are in the same order as by comparing them one with another', () => {
  const fold = (bytes: Uint8Array) => bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));
  const compare = (a: Uint8Array, b: Uint8Array) => Buffer.compare(fold(a), fold(b)) || Buffer.compare(a, b);
  const name = fc.uint8Array({ maxLength: 12 }).map((bytes) => bytes.map((byte) => 0x3e + (byte % 40)));
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 60, selector: (bytes) => bytes.join() }), (names) => {
      const rank = rankNames(tableOf(names));
      const byRank = names.map((_, at) => at).sort((a, b) => rank[a]! - rank[b]!);
      const byCompare = names.map((_, at) => at).sort((a, b) => compare(names[a]!, names[b]!));
      expect(byRank).toEqual(byCompare);
    }),
    { numRuns: 300 },
  );
});

test('many names that are alike for long are in that order, too, in any case and more than once', () => {
  const names = Array.from({ length: 30_000 }, (_, i) => {
    const number = String((i * 7919) % 10_007);
    return `node_modules-component-${i % 3 === 0 ? number : `X${number}`}${i % 2 === 0 ? '.js' : '.JS'}`;
  });
  const compare = (a: string, b: string): number => {
    const [low, high] = [a.toLowerCase(), b.toLowerCase()];
    return low < high ? -1 : low > high ? 1 : a < b ? -1 : a > b ? 1 : 0;
  };
  expect(ranked(names)).toEqual([...names].sort(compare));
});

test('a stable sort by any whole numbers, up and down', () => {
  const key = fc.oneof(
    fc.integer({ min: -5, max: 5 }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.constantFrom(0, 2 ** 32, 2 ** 32 - 1, 2 ** 40, 65536, 65535),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40 }), fc.boolean(), (keys, descending) => {
      // Beyond 2^53 apart differences do not count.
      const values = keys.map((value) => Math.trunc(value / 4));
      const order = Uint32Array.from(values, (_, at) => at);
      const expected = [...order].sort((a, b) => (descending ? values[b]! - values[a]! : values[a]! - values[b]!));
      expect([...sortByKey(order, Float64Array.from(values), descending)]).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['no number', [1, NaN, 2], [0, 1, 2]],
  ['endless', [1, -Infinity, 2, Infinity], [1, 0, 2, 3]],
])('keys that are hostile: %s', (_, keys, expected) => {
  const order = Uint32Array.from(keys, (_key, at) => at);
  const sorted = [...sortByKey(order, Float64Array.from(keys), false)];
  expect([...sorted].sort()).toEqual([...order]);
  expect(sorted.slice(0, expected.length)).toEqual(expected);
});

test('nodes are handed out to their parents in order', () => {
  const paths = { parent: Uint32Array.of(0, 0, 0, 1, 1, 2), name: Uint32Array.of(0, 1, 0, 2, 1, 0), count: 6 };
  const order = orderByName(paths, tableOf(['a', 'b', 'c']));
  const { first, nodes } = groupChildren(paths, order);
  const of = (node: number) => [...nodes.subarray(first[node], first[node + 1])];
  expect([of(0), of(1), of(2), of(3)]).toEqual([[2, 1], [4, 3], [5], []]);
});
