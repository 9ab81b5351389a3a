import type { BaseSizes } from './baseSize.ts';

type Known = Pick<BaseSizes, 'onDisk' | 'download'>;

/** Compared on disk, else by download; undefined where neither is known of both. */
export function isSmaller(a: Known | undefined, b: Known | undefined): boolean | undefined {
  if (a?.onDisk && b?.onDisk) return a.onDisk.bytes < b.onDisk.bytes;
  return a?.download && b?.download ? a.download.bytes < b.download.bytes : undefined;
}

/** By size on disk where all have one, else by download where all have that; else those without come last. */
export function smallestFirst<T extends { readonly sizes?: Known }>(all: readonly T[]): readonly T[] {
  const byDownload = all.some(({ sizes }) => !sizes?.onDisk) && all.every(({ sizes }) => sizes?.download);
  const bytes = ({ sizes }: T): number =>
    (byDownload ? sizes?.download : sizes?.onDisk)?.bytes ?? Number.MAX_SAFE_INTEGER;
  return all.toSorted((a, b) => bytes(a) - bytes(b));
}
