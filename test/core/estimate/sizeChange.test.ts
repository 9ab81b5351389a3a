import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { sizeChange, type WeighedText } from '../../../src/core/estimate/sizeChange.ts';
import { type Weight, WeightBuilder } from '../../../src/core/estimate/weight.ts';
import type { Basis } from '../../../src/core/size.ts';

/** `RUN make 5` adds 5 bytes, `RUN make 5?` at least 5; a base's tag is its size. */
function weighed(text: string, basis: Basis = 'estimated'): WeighedText {
  const dockerfile = parseDockerfile(text);
  const weights = new Map<number, Weight>();
  for (const { index, keyword, span } of dockerfile.instructions) {
    const [, bytes, unknown] = /(\d+)(\??)$/.exec(dockerfile.text.slice(span.start, span.end)) ?? [];
    if (keyword !== 'RUN' || bytes === undefined) continue;
    const builder = new WeightBuilder(basis);
    builder.add(Number(bytes), []);
    if (unknown === '?') builder.lack('command', 'make');
    weights.set(index, builder.build());
  }
  const base = /FROM x:(\d+)/.exec(text)?.[1];
  return { dockerfile, weights, ...(base === undefined ? {} : { base: { bytes: Number(base), basis: 'measured' } }) };
}

test.each<[title: string, before: string, after: string, change: number | undefined]>([
  ['nothing', 'FROM x:1\nRUN make 5', 'FROM x:1\nRUN make 5', 0],
  ['a comment', 'FROM x:1\nRUN make 5', '# one\nFROM x:1\n\nRUN make 5', 0],
  ['one more', 'FROM x:1\nRUN make 5', 'FROM x:1\nRUN make 5\nRUN make 7', 7],
  ['one less', 'FROM x:1\nRUN make 5\nRUN make 7', 'FROM x:1\nRUN make 7', -5],
  ['another', 'FROM x:1\nRUN make 5', 'FROM x:1\nRUN make 3', -2],
  ['the same twice', 'FROM x:1\nRUN make 5', 'FROM x:1\nRUN make 5\nRUN make 5', 5],
  ['another base', 'FROM x:100\nRUN make 5', 'FROM x:40\nRUN make 5', -60],
  ['a base that nobody knows', 'FROM x:100\nRUN make 5', 'FROM y\nRUN make 5', undefined],
  ['one that nobody can weigh', 'FROM x:1', 'FROM x:1\nRUN make 5?', undefined],
  ['beside one that nobody can weigh', 'FROM x:1\nRUN make 5?', 'FROM x:1\nRUN make 5?\nRUN make 7', 7],
  ['in a stage below', 'FROM x:1 AS a\nRUN make 5\nFROM a', 'FROM x:1 AS a\nRUN make 8\nFROM a', 3],
  ['in a stage that is not shipped', 'FROM x:1 AS a\nFROM x:1', 'FROM x:1 AS a\nRUN make 8\nFROM x:1', 0],
  ['without a stage', 'FROM x:1\nRUN make 5', '', undefined],
])('%s', (_, before, after, change) => {
  expect(sizeChange(weighed(before), weighed(after))).toBe(change);
});

test('a layer that was measured and is estimated now is no change', () => {
  const text = 'FROM x:1\nRUN make 5';
  const after = weighed(`${text}\nRUN make 7`);
  expect(sizeChange(weighed(text, 'measured'), after)).toBe(7);
});
