import type { RemovableFinding, WasteFinding, WasteTotals } from '../../protocol/explorer.ts';

/** One line of the list of waste: the heading of a section, or a finding in it. */
export type WasteRow =
  | {
      readonly kind: 'section';
      readonly section: Section;
      readonly bytes: number;
      readonly count: number;
      readonly expanded: boolean;
    }
  | { readonly kind: 'wasted'; readonly finding: WasteFinding; readonly position: number; readonly siblings: number }
  | {
      readonly kind: 'removable';
      readonly finding: RemovableFinding;
      readonly position: number;
      readonly siblings: number;
    };

/** Bytes that are not in the final file system, and bytes that are and need not be: never added up. */
export type Section = 'wasted' | 'removable';

/** How many findings each section has, and which are folded. */
export interface SectionSizes {
  readonly wasted: number;
  readonly removable: number;
  readonly folded: ReadonlySet<Section>;
}

export type WastePlace =
  | { readonly kind: 'section'; readonly section: Section }
  | { readonly kind: 'finding'; readonly section: Section; readonly index: number };

/** Rows that the list has: both headings, and the findings of the sections that are open. */
export function wasteRowCount(sizes: SectionSizes): number {
  return 2 + shown(sizes, 'wasted') + shown(sizes, 'removable');
}

/** What stands in a row. */
export function wastePlace(sizes: SectionSizes, row: number): WastePlace {
  const wasted = shown(sizes, 'wasted');
  if (row === 0) return { kind: 'section', section: 'wasted' };
  if (row <= wasted) return { kind: 'finding', section: 'wasted', index: row - 1 };
  if (row === wasted + 1) return { kind: 'section', section: 'removable' };
  return { kind: 'finding', section: 'removable', index: row - wasted - 2 };
}

/** The row of a section's heading. */
export function sectionRow(sizes: SectionSizes, section: Section): number {
  return section === 'wasted' ? 0 : shown(sizes, 'wasted') + 1;
}

/** The rows from `start` to before `end` that are findings of a section, by their places in it; empty where start = end. */
export function findingRange(
  sizes: SectionSizes,
  section: Section,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } {
  const first = sectionRow(sizes, section) + 1;
  const within = (row: number): number => Math.min(Math.max(0, row - first), shown(sizes, section));
  return { start: within(start), end: within(end) };
}

/** Bytes of a section's findings in all. */
export function sectionBytes(totals: WasteTotals, section: Section): number {
  return section === 'wasted' ? totals.wastedBytes : totals.removableBytes;
}

function shown(sizes: SectionSizes, section: Section): number {
  return sizes.folded.has(section) ? 0 : sizes[section];
}
