import { expect, test } from 'vitest';
import { retryAfterMs } from '../../../src/sources/registry/retryAfter.ts';

const now = Date.parse('2026-05-01T10:00:00Z');

test.each([
  [undefined, undefined],
  ['', undefined],
  ['0', 0],
  [' 120 ', 120_000],
  ['-5', undefined],
  ['soon', undefined],
  ['Fri, 01 May 2026 10:00:30 GMT', 30_000],
  ['Fri, 01 May 2026 09:00:00 GMT', 0],
  ['Fri, 99 May 2026', undefined],
])('%s', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});
