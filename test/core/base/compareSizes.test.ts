import { describe, expect, it } from 'vitest';
import { isSmaller, smallestFirst } from '../../../src/core/base/compareSizes.ts';
import type { Size } from '../../../src/core/size.ts';

const size = (bytes: number): Size => ({ bytes, basis: 'catalogue' });
const onDisk = (bytes: number) => ({ onDisk: size(bytes) });
const download = (bytes: number) => ({ download: size(bytes) });

describe('isSmaller', () => {
  it.each([
    ['less on disk', onDisk(1), onDisk(2), true],
    ['as much on disk', onDisk(2), onDisk(2), false],
    ['less on disk, more to download', { ...onDisk(1), ...download(9) }, { ...onDisk(2), ...download(3) }, true],
    ['only downloads in common', download(1), { ...onDisk(1), ...download(2) }, true],
    ['nothing in common', onDisk(1), download(2), undefined],
    ['one unknown', undefined, onDisk(2), undefined],
  ])('%s', (_, a, b, expected) => {
    expect(isSmaller(a, b)).toBe(expected);
  });
});

describe('smallestFirst', () => {
  const named = (name: string, sizes?: { onDisk?: Size; download?: Size }) => ({ name, ...(sizes ? { sizes } : {}) });
  it.each([
    ['on disk', [named('a', onDisk(2)), named('b', onDisk(1))], 'ba'],
    [
      'by download where not all are known on disk',
      [named('a', { ...onDisk(1), ...download(3) }), named('b', download(2))],
      'ba',
    ],
    ['without a size last', [named('a'), named('b', onDisk(9)), named('c', onDisk(3))], 'cba'],
    ['of equal ones the first stays first', [named('a', onDisk(1)), named('b', onDisk(1))], 'ab'],
  ])('%s', (_, all, expected) => {
    expect(
      smallestFirst(all)
        .map(({ name }) => name)
        .join(''),
    ).toBe(expected);
  });
});
