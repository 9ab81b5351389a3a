import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bodyHeight,
  fullHeight,
  isAdrift,
  type ListGeometry,
  pageRows,
  placeAfterScroll,
  placeAt,
  positionShowing,
  tallestBody,
  visibleRows,
} from '../../../src/webview/grid/scrollMap.ts';

const short: ListGeometry = { rowCount: 1000, rowHeight: 22, viewport: 600 };
const million: ListGeometry = { rowCount: 1_000_000, rowHeight: 22, viewport: 600 };
const huge: ListGeometry = { rowCount: 40_000_000, rowHeight: 22, viewport: 600 };
const geometries = fc.record({
  rowCount: fc.integer({ min: 0, max: 50_000_000 }),
  rowHeight: fc.constantFrom(22, 24),
  viewport: fc.integer({ min: 100, max: 1500 }),
});

test('no body is taller than a browser can lay out, at any zoom', () => {
  expect(bodyHeight(short)).toBe(22_000);
  expect(bodyHeight(huge)).toBe(tallestBody);
  expect(tallestBody * 4).toBeLessThan(2 ** 31 / 64);
});

describe('a list that is not too tall', () => {
  test('is scrolled as it is', () => {
    expect(placeAt(short, 5000)).toEqual({ scrollTop: 5000, offset: 0 });
    expect(placeAfterScroll(short, placeAt(short, 0), 20_000)).toEqual({ scrollTop: 20_000, offset: 0 });
  });
  test.each([
    ['at the top', 0, 0, { start: 0, end: 28 }],
    ['half a row on', 11, 0, { start: 0, end: 28 }],
    ['further, with spare rows', 2200, 8, { start: 92, end: 136 }],
    ['at the end', 99_999, 8, { start: 964, end: 1000 }],
  ])('rows that are visible %s', (_title, position, spare, expected) => {
    expect(visibleRows(short, placeAt(short, position), spare)).toEqual(expected);
  });
});

test('nothing is visible behind no viewport', () => {
  const hidden = { ...short, viewport: 0 };
  expect(visibleRows(hidden, placeAt(hidden, 500), 8)).toEqual({ start: 0, end: 0 });
});

describe('a list that is too tall', () => {
  test('a small step moves by as many pixels as it is long', () => {
    const before = placeAt(million, 11_000_000);
    const after = placeAfterScroll(million, before, before.scrollTop + 120);
    expect(after.scrollTop + after.offset).toBe(11_000_120);
  });
  test('a long one goes to the place in proportion', () => {
    const after = placeAfterScroll(million, placeAt(million, 0), bodyHeight(million) / 2);
    const position = after.scrollTop + after.offset;
    expect(Math.abs(position / fullHeight(million) - 0.5)).toBeLessThan(0.01);
  });
  test('the ends of the scroll bar are the ends of the list', () => {
    const farthest = bodyHeight(million) - million.viewport;
    const end = placeAfterScroll(million, placeAt(million, 5_000_000), farthest);
    expect(end.scrollTop + end.offset).toBe(fullHeight(million) - million.viewport);
    const start = placeAfterScroll(million, placeAt(million, 5_000_000), 0);
    expect(start).toEqual({ scrollTop: 0, offset: 0 });
  });
  test('steps lead the scroll bar astray, and it is put right', () => {
    let place = placeAt(million, 11_000_000);
    expect(isAdrift(million, place)).toBe(false);
    for (let step = 0; step < 50; step++) place = placeAfterScroll(million, place, place.scrollTop + 500);
    expect(isAdrift(million, place)).toBe(true);
    const mended = placeAt(million, place.scrollTop + place.offset);
    expect(mended.scrollTop + mended.offset).toBe(11_025_000);
    expect(isAdrift(million, mended)).toBe(false);
  });
});

test('every position has a place, and the place is that position', () => {
  fc.assert(
    fc.property(geometries, fc.double({ min: 0, max: 1, noNaN: true }), (geometry, part) => {
      const farthest = Math.max(0, fullHeight(geometry) - geometry.viewport);
      const position = Math.round(part * farthest);
      const place = placeAt(geometry, position);
      expect(place.scrollTop + place.offset).toBe(position);
      expect(place.scrollTop).toBeGreaterThanOrEqual(0);
      expect(place.scrollTop).toBeLessThanOrEqual(Math.max(0, bodyHeight(geometry) - geometry.viewport));
    }),
  );
});

test('however it is scrolled, what is shown lies within the list, and few rows are', () => {
  fc.assert(
    fc.property(
      geometries,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
      (geometry, parts) => {
        let place = placeAt(geometry, 0);
        for (const part of parts) {
          const scrollTop = Math.round(part * Math.max(0, bodyHeight(geometry) - geometry.viewport));
          place = placeAfterScroll(geometry, place, scrollTop);
          const { start, end } = visibleRows(geometry, place, 8);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(geometry.rowCount);
          expect(end - start).toBeLessThanOrEqual(Math.ceil(geometry.viewport / geometry.rowHeight) + 17);
        }
      },
    ),
  );
});

test.each([
  ['that is visible stays where it is', 2210, 105, 2210],
  ['above comes to the top', 2210, 50, 1100],
  ['below comes to the bottom', 2210, 200, 201 * 22 - 600],
])('a row %s', (_title, position, row, expected) => {
  expect(positionShowing(short, placeAt(short, position), row)).toBe(expected);
});

test('a page is a little less than what is visible', () => {
  expect(pageRows(short)).toBe(26);
  expect(pageRows({ ...short, viewport: 10 })).toBe(1);
});
