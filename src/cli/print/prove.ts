import { headline, needsText, outcomeText, signed, verdictTitles } from '../../core/prove/proveMarkdown.ts';
import type { ProvedSide, ProveReport, Verdict } from '../../core/prove/report.ts';
import { formatBytes } from '../../core/size.ts';
import type { Paint, Style } from '../terminal.ts';
import { type Column, printable, table } from './table.ts';

/** How many paths people see; the form for programs gives more. */
const shownPaths = 15;

const styles: Readonly<Record<Verdict, Style>> = {
  works: 'green',
  differs: 'yellow',
  broken: 'red',
  'not-built': 'red',
};

const totalColumns: readonly Column[] = [
  { title: '' },
  { title: 'paths', align: 'right' },
  { title: 'before', align: 'right' },
  { title: 'after', align: 'right' },
];

/** What became of two Dockerfiles, for people at a terminal. */
export function proveText(report: ProveReport, paint: Paint): string {
  const { verdict, reasons, remarks, before, after, comparison } = report;
  const title = paint(styles[verdict], verdictTitles[verdict]);
  return [
    `${paint('bold', title)}: ${printable(headline(report))}\n`,
    ...reasons.map((reason) => `  ${printable(reason)}\n`),
    ...(before.image === undefined || after.image === undefined ? [] : ['\n', sides(before, after)]),
    ...(comparison === undefined ? [] : files(comparison, paint)),
    ...(comparison === undefined || comparison.config.length === 0
      ? []
      : [
          `\n${paint('bold', 'Configuration')}\n`,
          table(
            [{}, {}],
            comparison.config.map(({ severity, message }) => [severity.replace('-', ' '), printable(message)]),
            '  ',
          ),
        ]),
    ...(remarks.length === 0 ? [] : [`\n${paint('bold', 'Remarks')}\n`]),
    ...remarks.map((remark) => `  ${printable(remark)}\n`),
  ].join('');
}

function sides(before: ProvedSide, after: ProvedSide): string {
  const [was, is] = [before.image!, after.image!];
  const size = (bytes: number | undefined): string => (bytes === undefined ? '' : formatBytes(bytes));
  const rows = [
    ['on disk', size(was.onDiskBytes), size(is.onDiskBytes)],
    ['files', formatBytes(was.finalBytes), formatBytes(is.finalBytes)],
    ['layers', String(was.layers), String(is.layers)],
    ['starts', was.start.command.join(' '), is.start.command.join(' ')],
    ['needs', needsText(was), needsText(is)],
    ['started', outcomeText(was.run), outcomeText(is.run)],
    ['command', outcomeText(was.command), outcomeText(is.command)],
  ];
  return table(
    [{ title: '' }, { title: printable(before.name) }, { title: printable(after.name) }],
    rows.filter(([, ...cells]) => cells.some((cell) => cell !== '')).map((row) => row.map(printable)),
  );
}

function files({ totals, paths }: NonNullable<ProveReport['comparison']>, paint: Paint): string[] {
  const changed = totals.filter(({ change, paths: count }) => count > 0 && change !== 'same' && change !== 'time');
  if (changed.length === 0) return ['\nThe files are the same.\n'];
  const rows = paths.slice(0, shownPaths);
  return [
    `\n${paint('bold', 'Files')}\n`,
    table(
      totalColumns,
      changed.map((total) => [
        total.change === 'metadata' ? 'other owner or mode' : total.change,
        total.paths.toLocaleString('en'),
        formatBytes(total.firstBytes),
        formatBytes(total.secondBytes),
      ]),
      '  ',
    ),
    '\n',
    table(
      [{ align: 'right' }, {}, {}],
      rows.map(({ change, path, firstBytes, secondBytes }) => [
        signed(secondBytes - firstBytes),
        change,
        printable(path),
      ]),
      '  ',
    ),
    paths.length > shownPaths ? `  ${paint('dim', `and ${paths.length - shownPaths} more`)}\n` : '',
  ];
}
