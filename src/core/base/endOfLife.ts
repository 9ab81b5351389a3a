import { catalogue } from './catalogueRows.ts';
import { lineOf } from './tag.ts';

/** When a release of something stops getting fixes that anybody gets. */
export interface EndOfLife {
  /** As in the table of https://endoflife.date: `python`, `alpine-linux`. */
  readonly product: string;
  /** `3.13`. */
  readonly cycle: string;
  /** The last day, `YYYY-MM-DD`; absent where none was set when the catalogue was made. */
  readonly date?: string;
}

/**
 * `past`: it has ended. `soon`: it ends within six months. `supported`: it ends later, or had no end on the table's day
 * and that is no longer than six months ago. `unknown`: nothing can be said.
 */
export type LifeStatus = 'past' | 'soon' | 'supported' | 'unknown';

/** The end of life of a version of a product: the cycle that the version belongs to. */
export function endOfLife(product: string, version: string): EndOfLife | undefined {
  const cycles = catalogue.endOfLife[product];
  if (cycles === undefined) return undefined;
  for (const count of [3, 2, 1]) {
    const cycle = lineOf(version, count);
    const date = Object.hasOwn(cycles, cycle) ? cycles[cycle] : undefined;
    if (date === false) return { product, cycle };
    if (date !== undefined) return { product, cycle, date };
  }
  return undefined;
}

/** How something stands on a day, `YYYY-MM-DD`. */
export function lifeStatus(end: EndOfLife | undefined, today: string): LifeStatus {
  if (end === undefined) return 'unknown';
  if (end.date === undefined) return today <= monthsLater(catalogue.endOfLifeAsOf, 6) ? 'supported' : 'unknown';
  if (end.date < today) return 'past';
  return end.date <= monthsLater(today, 6) ? 'soon' : 'supported';
}

/** The day so many months later. The day of the month may not exist there (`06-31`), which does no harm in a comparison. */
function monthsLater(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number);
  const total = year! * 12 + (month! - 1) + months;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(total / 12)}-${two((total % 12) + 1)}-${two(date!)}`;
}
