import { formatSize } from '../size.ts';
import type { Proposal } from './refactoring.ts';

/** `1.2 GB → ≈ 12 MB`; with a `?` for a size that nobody knows, undefined where too little is known to tell anything. */
export function formatChange({ before, after }: Pick<Proposal, 'before' | 'after'>): string | undefined {
  // “At least 29 B → 15 MB”: where so much is unknown, what is known tells nothing.
  const known = before?.complete === false && before.bytes < (after?.bytes ?? 0) ? undefined : before;
  if (known === undefined && after?.complete !== true) return undefined;
  const [from, to] = [known, after].map((size) => (size === undefined ? '?' : formatSize(size)));
  // “At least 167 MB → at least 167 MB”: what gets less is what is not known.
  return from === to ? undefined : `${from} → ${to}`;
}
