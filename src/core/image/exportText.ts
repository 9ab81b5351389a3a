import { markdownTable, markdownText } from '../markdown.ts';
import type { ImageReport, LayerReport } from './imageReport.ts';
import { formatBytes } from '../size.ts';

export type ExportFormat = 'markdown' | 'json' | 'csv';

/** Rows of a list that a person reads; programs get all of them. */
const shownRows = 100;

/** The report on an image as a text to keep or to send: what `plimsoll image` prints with `--json`, `--csv` and `--markdown`, and what the explorer exports. */
export function exportText(report: ImageReport, format: ExportFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, undefined, 2)}\n`;
    case 'csv':
      return csvText(report);
    case 'markdown':
      return markdownReport(report);
  }
}

/** RFC 4180: layers, then waste, then what could go, a row each. */
function csvText({ layers, waste, removable }: ImageReport): string {
  const rows: (readonly (string | number | undefined)[])[] = [
    ['section', 'kind', 'path', 'bytes', 'entries', 'layer', 'byLayer', 'line'],
    ...layers.map((layer) => [
      'layer',
      '',
      layer.createdBy,
      layer.fileBytes ?? layer.onDiskBytes,
      layer.entries,
      layer.index,
      '',
      layer.line,
    ]),
    ...waste.map((row) => ['waste', row.cause, row.path, row.bytes, '', row.layer, row.byLayer, row.line]),
    ...removable.map((row) => ['removable', row.kind, row.path, row.bytes, row.entries, row.layer, '', row.line]),
  ];
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** Names come from anybody's image: one that a spreadsheet would run as a formula is kept text by a quote before it. */
function csvCell(value: string | number | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function markdownReport(report: ImageReport): string {
  const { totals, layers, waste, removable, problems } = report;
  const size = (bytes: number | undefined): string => (bytes === undefined ? '' : formatBytes(bytes));
  const count = (entries: number | undefined): string => entries?.toLocaleString('en') ?? '';
  // Without a Dockerfile there are no lines, and no column for them.
  const hasLines = layers.some((layer) => layer.line !== undefined);
  const lineHead = hasLines ? ['Line'] : [];
  const line = (at: number | undefined): string[] => (hasLines ? [at === undefined ? '' : String(at)] : []);
  return [
    `# ${markdownText(report.reference ?? report.imageId)}\n`,
    markdownTable(
      ['', ''],
      [
        ['Image', markdownText(report.imageId)],
        ['Platform', markdownText(report.platform)],
        ['Source', report.source],
        ['On disk', size(totals.onDiskBytes)],
        ['Download', size(totals.downloadBytes)],
        ['Final file system', size(totals.finalBytes)],
        ['Wasted', size(totals.wastedBytes)],
        ['Removable', size(totals.removableBytes)],
        ['Efficiency', percent(totals.efficiency)],
        ['Efficiency as dive counts it', percent(totals.dive.efficiency)],
      ].filter(([, value]) => value !== ''),
    ),
    '#### Layers\n',
    markdownTable(
      ['Layer', 'On disk', 'Files', 'Wasted', 'Entries', ...lineHead, 'Instruction'],
      layers.map((layer) => [
        String(layer.index),
        size(layer.onDiskBytes),
        size(layer.fileBytes),
        size(layer.wastedBytes),
        count(layer.entries),
        ...line(layer.line),
        markdownText(instruction(layer)),
      ]),
    ),
    ...(waste.length === 0 ? [] : ['#### Wasted: shipped, and not in the final file system\n']),
    ...listed(
      ['Bytes', 'Cause', 'Shipped by', 'Wasted by', ...lineHead, 'Path'],
      waste.map((row) => [
        formatBytes(row.bytes),
        row.cause,
        String(row.layer),
        String(row.byLayer),
        ...line(row.line),
        markdownText(row.path),
      ]),
    ),
    ...(removable.length === 0 ? [] : ['#### Removable: in the final file system, and need not be\n']),
    ...listed(
      ['Bytes', 'Kind', 'Layer', ...lineHead, 'Path', 'What to do'],
      removable.map((row) => [
        formatBytes(row.bytes),
        row.kind,
        String(row.layer),
        ...line(row.line),
        markdownText(row.path),
        markdownText(row.safety === 'check' ? `Check first: ${row.advice}` : row.advice),
      ]),
    ),
    ...(problems.length === 0
      ? []
      : ['#### Problems\n', ...problems.map(({ message }) => `- ${markdownText(message)}\n`)]),
  ].join('\n');
}

function instruction({ createdBy, fromBase }: LayerReport): string {
  const text = (createdBy ?? '').replace(/\s+/g, ' ').trim();
  return fromBase ? `(base) ${text}`.trim() : text;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function listed(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const shown = markdownTable(head, rows.slice(0, shownRows));
  return rows.length > shownRows ? [shown, `And ${rows.length - shownRows} more.\n`] : [shown];
}
