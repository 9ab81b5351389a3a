import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { type Weight, WeightBuilder } from '../../../src/core/estimate/weight.ts';
import { barsOf } from '../../../src/editor/weighing/bars.ts';

function bars(sizes: readonly number[], threshold = 0): string[] {
  const dockerfile = parseDockerfile(`FROM x\n${sizes.map((size) => `RUN make ${size}`).join('\n')}`);
  const weights = new Map<number, Weight>(
    sizes.map((size, at) => {
      const builder = new WeightBuilder(size % 2 === 0 ? 'measured' : 'estimated');
      builder.add(size, []);
      return [at + 1, builder.build()];
    }),
  );
  return barsOf({ dockerfile, weights }, threshold).map(
    ({ instruction, steps, isMeasured }) => `${instruction.line}: ${steps}${isMeasured ? '' : ' about'}`,
  );
}

test.each<[sizes: number[], threshold: number, found: string[]]>([
  [[800, 400, 101, 2], 0, ['2: 8', '3: 4', '4: 1 about', '5: 1']],
  [[800, 400, 100], 150, ['2: 8', '3: 4']],
  [[0], 0, []],
  [[], 0, []],
])('%j from %i bytes on', (sizes, threshold, found) => {
  expect(bars(sizes, threshold)).toEqual(found);
});
