import { expect, it } from 'vitest';
import { ruleOf } from '../../../src/core/rules/rules.ts';
import { noEvidence } from '../../../src/core/rules/scene/evidence.ts';
import { findingsOf } from '../../helpers/rules.ts';

/** What a layer has below each of the places that are asked for. */
const evidence = {
  ...noEvidence,
  bytesAt: (_instruction: unknown, paths: readonly string[]) => ({
    bytes: paths.length * 1_000_000,
    basis: 'measured' as const,
  }),
};

it.each<[string, string, number | undefined]>([
  ['npm-cache-left', 'RUN npm ci', 1_000_000],
  // Modules in two places, and what was compiled.
  ['go-cache-left', 'RUN go build', 3_000_000],
  // The gems themselves, beside their archives, stay.
  ['gem-cache-left', 'RUN bundle install', 1_000_000],
  // What is installed are links to these: their bytes are no saving.
  ['uv-cache-left', 'RUN uv pip install flask', undefined],
  ['bun-cache-left', 'RUN bun install', undefined],
  ['pnpm-store-left', 'RUN pnpm install', undefined],
])('%s: %s saves %s', (id, run, bytes) => {
  const [found] = findingsOf(ruleOf(id)!, `FROM debian:12\n${run}\n`, { evidence });
  expect(found!.saves?.bytes).toBe(bytes);
});
