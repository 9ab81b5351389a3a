import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatSize, parseBytes, sumSizes, weakest } from '../../src/core/size.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1234, '1.23 kB'],
    [64_210_000, '64.2 MB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [999_999_999, '1 GB'],
    [1_140_000_000, '1.14 GB'],
    [1.5e18, '1.5 EB'],
    [1e21, '1000 EB'],
    [-2_500_000, '−2.5 MB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('is read back within the half of its last digit', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        const read = parseBytes(formatBytes(bytes))!;
        expect(Math.abs(read - bytes)).toBeLessThanOrEqual(bytes * 0.005);
      }),
    );
  });
});

describe('parseBytes', () => {
  it.each([
    ['920 MB', 920e6],
    ['64.2mb', 64.2e6],
    ['12MiB', 12 * 1024 ** 2],
    ['1000', 1000],
    [' 3 k ', 3000],
    ['2 PB', 2e15],
    ['1EiB', 1024 ** 6],
    ['0.5 kB', 500],
  ])('%s', (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
  });

  it.each(['', 'MB', '-1 MB', '1,5 MB', '1e3', '12 XB', '1 constructor', '1 MB 2', '.5 MB'])('refuses %j', (text) => {
    expect(parseBytes(text)).toBeUndefined();
  });
});

describe('sumSizes', () => {
  it('keeps the weakest basis and the oldest date', () => {
    const sum = sumSizes([
      { bytes: 1, basis: 'measured', asOf: '2026-09-17' },
      { bytes: 2, basis: 'catalogue', asOf: '2026-08' },
      { bytes: 3, basis: 'registry' },
    ]);
    expect(sum).toEqual({ bytes: 6, basis: 'catalogue', asOf: '2026-08', complete: true });
  });

  it('is incomplete with an unknown part', () => {
    expect(sumSizes([{ bytes: 1, basis: 'measured' }, undefined])).toEqual({
      bytes: 1,
      basis: 'measured',
      complete: false,
    });
  });

  it('is incomplete with an incomplete part', () => {
    expect(sumSizes([{ bytes: 1, basis: 'estimated', complete: false }])?.complete).toBe(false);
  });

  it('is absent where nothing is known', () => {
    expect(sumSizes([undefined, undefined])).toBeUndefined();
  });

  it('is 0 bytes for nothing at all', () => {
    expect(sumSizes([])).toEqual({ bytes: 0, basis: 'measured', complete: true });
  });
});

describe('formatSize', () => {
  it.each([
    [{ bytes: 5e6, basis: 'measured' } as const, '5 MB'],
    [{ bytes: 5e6, basis: 'estimated' } as const, '≈ 5 MB'],
    [{ bytes: 5e6, basis: 'estimated', complete: false } as const, '≥ 5 MB'],
    [{ bytes: 5e6, basis: 'registry', complete: true } as const, '5 MB'],
  ])('%j is %s', (size, text) => {
    expect(formatSize(size)).toBe(text);
  });
});

describe('weakest', () => {
  it('does not depend on the order', () => {
    expect(weakest('measured', 'catalogue')).toBe('catalogue');
    expect(weakest('catalogue', 'measured')).toBe('catalogue');
  });
});
