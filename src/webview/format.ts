import { formatBytes, parseBytes } from '../core/size.ts';

/** Numbers and times as the user's language writes them; sizes as everywhere in Plimsoll. */
export interface Format {
  bytes(bytes: number): string;
  /** With a plus or a minus; `0 B` without. */
  byteDifference(bytes: number): string;
  count(count: number): string;
  /** A part of a whole, 0 to 1: `12.3 %`; what is there and very small is `< 0.1 %`. */
  share(share: number): string;
  /** Seconds since 1970 as date and time, in UTC because an image knows no other; empty where there is none. */
  time(seconds: number | undefined): string;
}

/** `locale` is BCP 47; one that this platform does not know is read as English. */
export function createFormat(locale: string): Format {
  const known = supportedLocale(locale);
  const count = new Intl.NumberFormat(known);
  const percent = new Intl.NumberFormat(known, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return {
    bytes: formatBytes,
    byteDifference: (bytes) => (bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes)),
    count: (value) => count.format(value),
    share: (share) => (share > 0 && share < 0.001 ? `< ${percent.format(0.001)}` : percent.format(share)),
    time: formatTime,
  };
}

/**
 * A sum and its parts in one unit with one decimal, so that what is read adds up: what rounding leaves over goes to the
 * largest part. The parts are those of the sum, in bytes.
 */
export function formatSum(parts: readonly number[]): { readonly sum: string; readonly parts: readonly string[] } {
  const sum = parts.reduce((total, part) => total + part, 0);
  const unit = formatBytes(sum).split(' ')[1]!;
  const scale = parseBytes(`1 ${unit}`)! / (unit === 'B' ? 1 : 10);
  const tenths = parts.map((part) => Math.round(part / scale));
  const whole = Math.round(sum / scale);
  const largest = parts.indexOf(Math.max(...parts));
  tenths[largest]! += whole - tenths.reduce((total, part) => total + part, 0);
  const text = (value: number): string => `${unit === 'B' ? value : (value / 10).toFixed(1)} ${unit}`;
  return { sum: text(whole), parts: tenths.map(text) };
}

/** `rwxr-xr-x` with setuid, setgid and sticky bits, as `ls -l` writes them (without the letter of the kind). */
export function formatMode(mode: number): string {
  const triple = (bits: number, special: boolean, letter: string): string =>
    (bits & 4 ? 'r' : '-') +
    (bits & 2 ? 'w' : '-') +
    (special ? (bits & 1 ? letter : letter.toUpperCase()) : bits & 1 ? 'x' : '-');
  return (
    triple((mode >> 6) & 7, (mode & 0o4000) !== 0, 's') +
    triple((mode >> 3) & 7, (mode & 0o2000) !== 0, 's') +
    triple(mode & 7, (mode & 0o1000) !== 0, 't')
  );
}

function formatTime(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  const date = new Date(seconds * 1000);
  // Headers may hold any number: years beyond 275760 are no date.
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 16).replace('T', ' ');
}

function supportedLocale(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? 'en';
  } catch (error) {
    if (error instanceof RangeError) return 'en';
    throw error;
  }
}
