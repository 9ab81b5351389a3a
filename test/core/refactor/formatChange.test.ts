import { expect, it } from 'vitest';
import { formatChange } from '../../../src/core/refactor/formatChange.ts';
import type { SizeSum } from '../../../src/core/size.ts';

const size = (bytes: number, complete = true): SizeSum => ({ bytes, basis: 'measured', complete });

it.each<[string | undefined, SizeSum | undefined, SizeSum | undefined]>([
  ['1.2 GB → 12 MB', size(1.2e9), size(12e6)],
  ['≥ 1.2 GB → ≥ 12 MB', size(1.2e9, false), size(12e6, false)],
  ['1.2 GB → ?', size(1.2e9), undefined],
  ['? → 12 MB', undefined, size(12e6)],
  ['? → 12 MB', size(29, false), size(12e6)],
  ['29 B → 12 MB', size(29), size(12e6)],
  [undefined, undefined, size(12e6, false)],
  [undefined, size(29, false), size(12e6, false)],
  [undefined, size(167e6, false), size(167e6, false)],
  [undefined, undefined, undefined],
])('%s', (text, before, after) =>
  expect(formatChange({ ...(before && { before }), ...(after && { after }) })).toBe(text),
);
