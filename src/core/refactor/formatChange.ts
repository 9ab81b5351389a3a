import { formatSize, type SizeSum } from '../size.ts';
import type { Proposal } from './refactoring.ts';

/** `1.2 GB → ≈ 12 MB`; with a `?` for a size that nobody knows, undefined where neither is known. */
export function formatChange({ before, after }: Pick<Proposal, 'before' | 'after'>): string | undefined {
  if (before === undefined && after === undefined) return undefined;
  const text = (size: SizeSum | undefined): string => (size === undefined ? '?' : formatSize(size));
  return `${text(before)} → ${text(after)}`;
}
