import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findingRange,
  type Section,
  sectionRow,
  type SectionSizes,
  wastePlace,
  wasteRowCount,
} from '../../../src/webview/waste/wasteRows.ts';

function sizes(wasted: number, removable: number, ...folded: Section[]): SectionSizes {
  return { wasted, removable, folded: new Set(folded) };
}

function places(of: SectionSizes): string[] {
  return Array.from({ length: wasteRowCount(of) }, (_, row) => {
    const place = wastePlace(of, row);
    return place.kind === 'section' ? place.section : `${place.section} ${place.index}`;
  });
}

describe('rows', () => {
  test.each([
    ['of both sections', sizes(2, 1), ['wasted', 'wasted 0', 'wasted 1', 'removable', 'removable 0']],
    ['with nothing wasted', sizes(0, 1), ['wasted', 'removable', 'removable 0']],
    ['with nothing at all', sizes(0, 0), ['wasted', 'removable']],
    ['with one section folded', sizes(2, 1, 'wasted'), ['wasted', 'removable', 'removable 0']],
    ['with both folded', sizes(2, 1, 'wasted', 'removable'), ['wasted', 'removable']],
  ])('%s', (_title, of, expected) => {
    expect(places(of)).toEqual(expected);
  });
});

test('what is asked for is what stands in the rows', () => {
  const section = fc.constantFrom<Section>('wasted', 'removable');
  const count = fc.integer({ min: 0, max: 20 });
  fc.assert(
    fc.property(count, count, fc.uniqueArray(section), count, count, (wasted, removable, folded, start, length) => {
      const of = sizes(wasted, removable, ...folded);
      const end = Math.min(start + length, wasteRowCount(of));
      for (const name of ['wasted', 'removable'] as const) {
        const shown: number[] = [];
        for (let row = start; row < end; row++) {
          const place = wastePlace(of, row);
          if (place.kind === 'finding' && place.section === name) shown.push(place.index);
        }
        const range = findingRange(of, name, start, end);
        expect(Array.from({ length: Math.max(0, range.end - range.start) }, (_, at) => range.start + at)).toEqual(
          shown,
        );
        expect(wastePlace(of, sectionRow(of, name))).toEqual({ kind: 'section', section: name });
      }
    }),
  );
});
