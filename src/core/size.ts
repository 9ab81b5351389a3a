/**
 * How a size came about, strongest first:
 * - `measured`: read from bytes that are there (an image in the local engine, an archive).
 * - `registry`: read from a registry's manifest and blobs, without pulling.
 * - `catalogue`: from the catalogue that ships with Plimsoll, true on its `asOf` date.
 * - `estimated`: inferred from something near (a related tag, a file listing, a package graph).
 */
export const bases = ['measured', 'registry', 'catalogue', 'estimated'] as const;
export type Basis = (typeof bases)[number];

/** A size that is known. An unknown size is absent (`undefined`), never 0. */
export interface Size {
  /** Whole bytes, never negative. */
  readonly bytes: number;
  readonly basis: Basis;
  /** The day on which it was true, `YYYY-MM-DD` (or `YYYY-MM`, `YYYY` where the source says no more). */
  readonly asOf?: string;
}

/** A sum of sizes of which some parts may be unknown. */
export interface SizeSum extends Size {
  /** False: a part is unknown, so the sum is a lower bound and is shown with `≥`. */
  readonly complete: boolean;
}

/** The weaker of two bases: a sum is no better than its weakest part. */
export function weakest(a: Basis, b: Basis): Basis {
  return bases.indexOf(a) >= bases.indexOf(b) ? a : b;
}

/**
 * Adds what is known. Absent parts make the sum incomplete; if nothing at all is known there is no sum.
 * The empty list is 0 bytes, complete.
 */
export function sumSizes(parts: readonly (Size | SizeSum | undefined)[]): SizeSum | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0 && parts.length > 0) return undefined;
  const complete = known.length === parts.length && known.every((part) => !('complete' in part) || part.complete);
  const dates = known.map((part) => part.asOf).filter((date) => date !== undefined);
  const oldest = dates.sort()[0];
  return {
    bytes: known.reduce((sum, part) => sum + part.bytes, 0),
    basis: known.reduce<Basis>((basis, part) => weakest(basis, part.basis), 'measured'),
    ...(oldest === undefined ? {} : { asOf: oldest }),
    complete,
  };
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'] as const;

/**
 * Bytes in decimal units with three significant digits, as `docker images` prints them, with a space before the unit:
 * `0 B`, `999 B`, `1.23 kB`, `64.2 MB`, `1.14 GB`.
 */
export function formatBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  // 999.5 kB would print as 1000 kB: what rounds up to the next unit is printed in it.
  while (unit < units.length - 1 && Number(value.toPrecision(3)) >= 1000) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
  return `${bytes < 0 ? '−' : ''}${digits} ${units[unit]!}`;
}

/** A size with the mark of its certainty: `≥` for an incomplete sum, `≈` for an estimate. */
export function formatSize(size: Size | SizeSum): string {
  if ('complete' in size && !size.complete) return `≥ ${formatBytes(size.bytes)}`;
  return size.basis === 'estimated' ? `≈ ${formatBytes(size.bytes)}` : formatBytes(size.bytes);
}

const multipliers: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ...['k', 'm', 'g', 't', 'p', 'e'].flatMap((prefix, index): [string, number][] => [
    [prefix, 1000 ** (index + 1)],
    [`${prefix}b`, 1000 ** (index + 1)],
    [`${prefix}ib`, 1024 ** (index + 1)],
  ]),
]);

/**
 * Reads what {@link formatBytes} prints and what people write: `920 MB`, `64.2mb`, `12MiB`, `1000`. A unit with an `i`
 * is binary, every other one decimal. Undefined for anything else: a budget that is misread is worse than one refused.
 */
export function parseBytes(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  if (!match) return undefined;
  const multiplier = multipliers.get(match[2]!.toLowerCase());
  return multiplier === undefined ? undefined : Math.round(Number(match[1]) * multiplier);
}
