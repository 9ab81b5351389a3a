import type { FileReport, FindingReport } from '../../core/report.ts';
import { formatBytes, formatSize } from '../../core/size.ts';
import type { Paint, Style } from '../terminal.ts';
import { type Column, markdownCell, markdownTable, printable, table } from './table.ts';

const columns: readonly Column[] = [
  { title: 'line', align: 'right' },
  { title: 'saves', align: 'right' },
  { title: 'rule' },
  { title: 'what it is' },
  { title: 'fix' },
];

/** The findings of a file for people at a terminal; those that reach the final image. Empty where there are none. */
export function findingsText(file: FileReport, paint: Paint): string {
  const shown = file.findings.filter(({ reachesFinal }) => reachesFinal);
  if (shown.length === 0) return '';
  const rows = table(
    columns,
    shown.map((finding) => findingRow(finding).map(printable)),
    '  ',
  ).split('\n');
  const painted = rows.map((row, index) =>
    index === 0 ? row : paint(styles[shown[index - 1]?.severity ?? 'hint'], row),
  );
  return `\n${painted.join('\n')}${paint('dim', closing(file, shown))}\n`;
}

const styles: Readonly<Record<FindingReport['severity'], Style>> = {
  warning: 'yellow',
  information: 'cyan',
  hint: 'dim',
};

/** The same as Markdown. */
export function findingsMarkdown(file: FileReport): string {
  const shown = file.findings.filter(({ reachesFinal }) => reachesFinal);
  if (shown.length === 0) return '';
  return `\n${markdownTable(
    columns,
    shown.map((finding) => findingRow(finding).map(markdownCell)),
  )}`;
}

function findingRow({ line, savesBytes, basis, id, message, fix }: FindingReport): string[] {
  return [
    String(line),
    savesBytes === undefined || basis === undefined ? '' : formatSize({ bytes: savesBytes, basis }),
    id,
    message,
    fix === undefined ? '' : fix.confidence === 'ask' ? '--rule' : '--all',
  ];
}

/** How many there are, what they come to, and what to do next. */
function closing({ path, reclaimableBytes }: FileReport, shown: readonly FindingReport[]): string {
  const count = shown.length === 1 ? '1 finding' : `${shown.length} findings`;
  const bytes = reclaimableBytes === undefined ? '' : `, at least ${formatBytes(reclaimableBytes)} to gain`;
  const fixable = shown.some(({ fix }) => fix !== undefined && fix.confidence !== 'ask');
  return `  ${count}${bytes}${fixable ? `; plimsoll fix --all ${printable(path)} shows the edits` : ''}`;
}
