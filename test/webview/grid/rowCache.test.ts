import { expect, test } from 'vitest';
import { RowCache } from '../../../src/webview/grid/rowCache.ts';

function rows(from: number, count: number, mark = ''): string[] {
  return Array.from({ length: count }, (_, at) => `${mark}${from + at}`);
}

test('asks for whole pages, for those that lack, and for no more than a message may hold', () => {
  const cache = new RowCache<string>(10, 8);
  cache.reset(95);
  expect(cache.missing(12, 27, 100)).toEqual({ from: 10, count: 20 });
  cache.put(10, rows(10, 20));
  expect(cache.missing(12, 27, 100)).toBeUndefined();
  expect(cache.missing(12, 45, 100)).toEqual({ from: 30, count: 20 });
  expect(cache.missing(0, 45, 10)).toEqual({ from: 0, count: 10 });
  expect(cache.missing(0, 95, 100)).toEqual({ from: 0, count: 10 });
});

test('asks for nothing beyond the end', () => {
  const cache = new RowCache<string>(10, 8);
  cache.reset(25);
  expect(cache.missing(20, 99, 100)).toEqual({ from: 20, count: 5 });
  cache.put(20, rows(20, 5));
  expect(cache.missing(20, 99, 100)).toBeUndefined();
  expect(cache.get(25)).toBeUndefined();
  expect(cache.get(-1)).toBeUndefined();
});

test('keeps only so many pages, those that came last', () => {
  const cache = new RowCache<string>(10, 3);
  cache.reset(1000);
  for (let from = 0; from < 1000; from += 10) cache.put(from, rows(from, 10));
  expect(cache.size).toBe(30);
  expect(cache.get(999)).toBe('999');
  expect(cache.get(0)).toBeUndefined();
});

test('rows of an earlier state stand in until those of this one have come', () => {
  const cache = new RowCache<string>(10, 8);
  cache.reset(20);
  cache.put(0, rows(0, 20, 'old '));
  cache.reset(15);
  expect([cache.get(3), cache.isFresh(3)]).toEqual(['old 3', false]);
  expect(cache.missing(0, 15, 100)).toEqual({ from: 0, count: 15 });
  cache.put(0, rows(0, 10, 'new '));
  expect([cache.get(3), cache.isFresh(3)]).toEqual(['new 3', true]);
  expect([cache.get(12), cache.isFresh(12)]).toEqual(['old 12', false]);
  expect(cache.get(15)).toBeUndefined();
});
