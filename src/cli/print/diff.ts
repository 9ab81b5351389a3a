import type { DiffedImage, DiffReport } from '../../core/image/diffReport.ts';
import { formatBytes } from '../../core/size.ts';
import type { Paint } from '../terminal.ts';
import { type Column, csv, markdownCell, markdownTable, printable, table } from './table.ts';

/** How many paths people see; `--top` and the forms for programs give more. */
const shownPaths = 30;

const imageColumns: readonly Column[] = [
  { title: '' },
  { title: 'on disk', align: 'right' },
  { title: 'download', align: 'right' },
  { title: 'files', align: 'right' },
  { title: 'platform' },
  { title: 'image' },
];
const totalColumns: readonly Column[] = [
  { title: '' },
  { title: 'paths', align: 'right' },
  { title: 'before', align: 'right' },
  { title: 'after', align: 'right' },
];
const pathColumns: readonly Column[] = [
  { title: 'difference', align: 'right' },
  { title: 'before', align: 'right' },
  { title: 'after', align: 'right' },
  { title: 'paths', align: 'right' },
  { title: 'change' },
  { title: 'path' },
];

/** Two images side by side, for people at a terminal. */
export function diffText(report: DiffReport, paint: Paint): string {
  const rows = pathRows(report);
  return [
    table(
      imageColumns,
      imageRows(report).map((row) => row.map(printable)),
    ),
    `\n${layerLine(report)}\n`,
    `\n${paint('bold', 'Files')}\n`,
    table(totalColumns, totalRows(report), '  '),
    ...(rows.length === 0 ? [] : [`\n${paint('bold', 'Differences')}\n`]),
    table(
      rows.length === 0 ? [] : pathColumns,
      rows.map((row) => row.map(printable)),
      '  ',
    ),
    report.paths.length > shownPaths ? `  ${paint('dim', `and ${report.paths.length - shownPaths} more`)}\n` : '',
    ...problemLines(report).map((line) => paint('yellow', line)),
  ].join('');
}

/** Two images side by side as Markdown, for a pull request. */
export function diffMarkdown(report: DiffReport): string {
  const rows = pathRows(report);
  const rest = report.paths.length > shownPaths ? `\nand ${report.paths.length - shownPaths} more\n` : '';
  return [
    markdownTable(
      imageColumns,
      imageRows(report).map((row) => row.map(markdownCell)),
    ),
    `\n${layerLine(report)}\n\n`,
    markdownTable(totalColumns, totalRows(report)),
    ...(rows.length === 0
      ? []
      : [
          '\n',
          markdownTable(
            pathColumns,
            rows.map((row) => row.map(markdownCell)),
          ),
          rest,
        ]),
    ...problemLines(report).map((line) => `\n${markdownCell(line.trimEnd())}\n`),
  ].join('');
}

/** The differing paths as comma-separated values (RFC 4180). */
export function diffCsv(report: DiffReport): string {
  return csv(
    ['change', 'path', 'firstBytes', 'secondBytes', 'paths'],
    report.paths.map(({ change, path, firstBytes, secondBytes, paths }) => [
      change,
      path,
      firstBytes,
      secondBytes,
      paths,
    ]),
  );
}

function imageRows({ first, second }: DiffReport): string[][] {
  const row = (
    side: string,
    { reference, imageId, platform, onDiskBytes, downloadBytes, finalBytes }: DiffedImage,
  ): string[] => [
    side,
    sizeCell(onDiskBytes),
    sizeCell(downloadBytes),
    formatBytes(finalBytes),
    platform,
    reference ?? imageId.slice(0, 19),
  ];
  const change = (a: number | undefined, b: number | undefined): string =>
    a === undefined || b === undefined ? '' : signed(b - a);
  return [
    row('before', first),
    row('after', second),
    [
      'change',
      change(first.onDiskBytes, second.onDiskBytes),
      change(first.downloadBytes, second.downloadBytes),
      change(first.finalBytes, second.finalBytes),
      '',
      '',
    ],
  ];
}

function totalRows({ totals }: DiffReport): string[][] {
  return totals
    .filter(({ paths }) => paths > 0)
    .map(({ change, paths, firstBytes, secondBytes }) => [
      change === 'time' ? 'other time only' : change === 'metadata' ? 'other owner or mode' : change,
      paths.toLocaleString('en'),
      formatBytes(firstBytes),
      formatBytes(secondBytes),
    ]);
}

function pathRows({ paths }: DiffReport): string[][] {
  return paths
    .slice(0, shownPaths)
    .map(({ change, path, firstBytes, secondBytes, paths: count }) => [
      signed(secondBytes - firstBytes),
      formatBytes(firstBytes),
      formatBytes(secondBytes),
      count.toLocaleString('en'),
      change,
      path,
    ]);
}

function layerLine({ layers: { shared, onlyFirst, onlySecond } }: DiffReport): string {
  const bytes = shared.reduce((sum, { onDiskBytes }) => sum + (onDiskBytes ?? 0), 0);
  const count = `${shared.length} shared ${shared.length === 1 ? 'layer' : 'layers'} (${formatBytes(bytes)})`;
  return `${count}, ${onlyFirst.length} only before, ${onlySecond.length} only after`;
}

function sizeCell(bytes: number | undefined): string {
  return bytes === undefined ? '' : formatBytes(bytes);
}

function signed(bytes: number): string {
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

function problemLines({ problems }: DiffReport): string[] {
  return problems.map(
    ({ image, layer, message }) =>
      `${image === 'first' ? 'before' : 'after'}${layer === undefined ? '' : `, layer ${layer}`}: ${printable(message)}\n`,
  );
}
