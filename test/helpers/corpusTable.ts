import { formatBytes } from '../../src/core/size.ts';
import type { CorpusEntry } from './refactorCorpus.ts';
import type { Proof } from './corpusProof.ts';

/** What came of one entry. */
export interface Result {
  readonly entry: CorpusEntry;
  /** `converted`, `asked` or `refused`, as the conversion answered. */
  readonly outcome: CorpusEntry['expected']['outcome'];
  /** Absent where it was not built. */
  readonly proof?: Proof;
}

/** The corpus by ecosystem, as Markdown. */
export function corpusTable(results: readonly Result[]): string {
  const groups = [...Map.groupBy(results, ({ entry }) => entry.ecosystem)].sort(([a], [b]) => (a < b ? -1 : 1));
  return table(
    [
      'ecosystem',
      'entries',
      'converted',
      'asked',
      'refused',
      'built',
      'same behavior',
      'median before',
      'median after',
      'smaller by',
    ],
    [...groups.map(([ecosystem, of]) => row(ecosystem, of)), row('all', results)],
  );
}

/** Every entry that was built, as Markdown. */
export function entryTable(results: readonly Result[]): string {
  const proofs = results.flatMap(({ proof }) => (proof ? [proof] : []));
  return table(
    ['entry', 'run base', 'before', 'after', 'smaller by'],
    proofs.map(({ entry, beforeBytes, afterBytes }) => [
      entry.id,
      entry.expected.runBase ?? '',
      formatBytes(beforeBytes),
      formatBytes(afterBytes),
      saving(beforeBytes, afterBytes),
    ]),
  );
}

function row(name: string, results: readonly Result[]): readonly string[] {
  const count = (outcome: Result['outcome']): string => String(results.filter((one) => one.outcome === outcome).length);
  const proofs = results.flatMap(({ proof }) => (proof ? [proof] : []));
  const same = proofs.filter(({ faults }) => faults.length === 0).length;
  const [before, after] = [median(proofs.map((one) => one.beforeBytes)), median(proofs.map((one) => one.afterBytes))];
  const sizes =
    before === undefined || after === undefined
      ? ['', '', '']
      : [formatBytes(before), formatBytes(after), saving(before, after)];
  return [
    name,
    String(results.length),
    count('converted'),
    count('asked'),
    count('refused'),
    String(proofs.length),
    String(same),
    ...sizes,
  ];
}

function saving(before: number, after: number): string {
  return `${((1 - after / before) * 100).toFixed(1)} %`;
}

/** The middle value, of an even count the mean of both in the middle; undefined for none. */
function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map((_, at) => (at === 0 ? '---' : '---:'))) + rows.map(line).join('');
}
