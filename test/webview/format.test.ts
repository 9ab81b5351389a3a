import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFormat, formatMode, formatSum } from '../../src/webview/format.ts';

test.each([
  [0o644, 'rw-r--r--'],
  [0o755, 'rwxr-xr-x'],
  [0o4755, 'rwsr-xr-x'],
  [0o2640, 'rw-r-S---'],
  [0o1777, 'rwxrwxrwt'],
  [0o1776, 'rwxrwxrwT'],
  [0, '---------'],
])('mode %o', (mode, expected) => {
  expect(formatMode(mode)).toBe(expected);
});

describe('numbers', () => {
  const english = createFormat('en');
  test.each([
    [0.61349, '61.3%'],
    [0, '0.0%'],
    [0.0004, '< 0.1%'],
    [1, '100.0%'],
  ])('share %d', (share, expected) => {
    expect(english.share(share)).toBe(expected);
  });
  test.each([
    [1_500_000, '+1.5 MB'],
    [-1_500_000, '−1.5 MB'],
    [0, '0 B'],
  ])('difference %d', (bytes, expected) => {
    expect(english.byteDifference(bytes)).toBe(expected);
  });
  test('counts are written as the language does', () => {
    expect(english.count(1234567)).toBe('1,234,567');
    expect(createFormat('de').count(1234567)).toBe('1.234.567');
  });
  test.each(['xx-not-a-language', 'no language', ''])('an unknown language, %j, is read as English', (locale) => {
    expect(createFormat(locale).count(1000)).toBe('1,000');
  });
});

test.each([
  [0, '1970-01-01 00:00'],
  [1_777_888_000, '2026-05-04 09:46'],
  [-1, '1969-12-31 23:59'],
  [1e15, ''],
  [undefined, ''],
])('time %s', (seconds, expected) => {
  expect(createFormat('en').time(seconds)).toBe(expected);
});

describe('a sum', () => {
  test('is written in one unit', () => {
    expect(formatSum([483_500_000, 190_700_000])).toEqual({ sum: '674.2 MB', parts: ['483.5 MB', '190.7 MB'] });
    expect(formatSum([0, 0])).toEqual({ sum: '0 B', parts: ['0 B', '0 B'] });
  });
  test('adds up as it is read, whatever the parts', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 5_000_000_000 }), { minLength: 1, maxLength: 4 });
    const tenths = (text: string): number => Math.round(parseFloat(text) * 10);
    fc.assert(
      fc.property(sizes, (parts) => {
        const written = formatSum(parts);
        const total = written.parts.reduce((sum, part) => sum + tenths(part), 0);
        expect(total).toBe(tenths(written.sum));
      }),
    );
  });
});
