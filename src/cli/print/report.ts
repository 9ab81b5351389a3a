import type {
  AlternativeReport,
  FileReport,
  InstructionReport,
  Report,
  ReportedSize,
  StageReport,
} from '../../core/report.ts';
import { type Basis, formatBytes, formatSize } from '../../core/size.ts';
import type { Paint } from '../terminal.ts';
import { findingsMarkdown, findingsText } from './findings.ts';
import { type Column, markdownCell, markdownTable, printable, table } from './table.ts';

/** How many smaller bases are shown to people; programs get all. */
const shownAlternatives = 3;

const columns: readonly Column[] = [
  { title: 'line', align: 'right' },
  { title: 'stage' },
  { title: 'base' },
  { title: 'on disk', align: 'right' },
  { title: 'download', align: 'right' },
  { title: 'platform' },
  { title: 'known from' },
];

const instructionColumns: readonly Column[] = [
  { title: 'line', align: 'right' },
  { title: 'adds' },
  { title: 'on disk', align: 'right' },
  { title: 'most of it' },
  { title: 'not known' },
];
/** How many parts of a weight are shown to people; programs get more. */
const shownParts = 3;

/** The report for people at a terminal. */
export function reportText(report: Report, paint: Paint): string {
  return report.files.map((file) => fileText(file, paint)).join('\n');
}

function fileText(file: FileReport, paint: Paint): string {
  const parts = [
    `${paint('bold', printable(file.path))}\n`,
    table(
      columns,
      file.stages.map((stage) => stageRow(stage).map(printable)),
      '  ',
    ),
  ];
  const weighed = file.instructions.filter(({ weight }) => weight !== undefined);
  if (weighed.length > 0) {
    const rows = weighed.map((instruction) => instructionRow(instruction).map(printable));
    parts.push('\n', table(instructionColumns, rows, '  '));
  }
  for (const stage of file.stages) {
    if (stage.alternatives.length === 0) continue;
    const rows = stage.alternatives
      .slice(0, shownAlternatives)
      .map((alternative) => alternativeRow(alternative).map(printable));
    parts.push(
      `\n  smaller than ${printable(stage.base.reference)} (line ${stage.line})\n`,
      table([{}, { align: 'right' }, { align: 'right' }, {}], rows, '    '),
    );
  }
  const final = file.stages.find((stage) => stage.isFinal);
  if (final?.size) parts.push(`\n  the image: ${paint('bold', formatSize(final.size))}\n`);
  parts.push(findingsText(file, paint));
  for (const stage of file.stages) {
    if (stage.base.reason !== undefined) {
      parts.push(paint('yellow', `  line ${stage.line}: ${printable(stage.base.reason)}`), '\n');
    }
  }
  for (const problem of file.problems) {
    parts.push(paint('yellow', `  line ${problem.line}: ${printable(problem.message)}`), '\n');
  }
  return parts.join('');
}

/** The report as Markdown, for a pull request. */
export function reportMarkdown(report: Report): string {
  return report.files
    .map((file) => {
      const rows = file.stages.map((stage) => stageRow(stage).map(markdownCell));
      const final = file.stages.find((stage) => stage.isFinal);
      const weighed = file.instructions
        .filter(({ weight }) => weight !== undefined)
        .map((instruction) => instructionRow(instruction).map(markdownCell));
      const remarks = [
        ...file.stages.flatMap(({ line, base }) => (base.reason === undefined ? [] : [{ line, message: base.reason }])),
        ...file.problems,
      ];
      return [
        `### ${markdownCell(file.path)}\n\n`,
        markdownTable(columns, rows),
        weighed.length > 0 ? `\n${markdownTable(instructionColumns, weighed)}` : '',
        final?.size ? `\nThe image: **${formatSize(final.size)}**\n` : '',
        findingsMarkdown(file),
        remarks.length > 0 ? '\n' : '',
        ...remarks.map(({ line, message }) => `- line ${line}: ${markdownCell(message)}\n`),
      ].join('');
    })
    .join('\n');
}

function stageRow({ line, index, name, isFinal, base }: StageReport): string[] {
  return [
    String(line),
    (name ?? String(index)) + (isFinal ? ' (final)' : ''),
    base.kind === 'stage' ? `stage ${base.reference}` : base.reference,
    sizeCell(base.onDisk),
    sizeCell(base.download),
    base.platform ?? '',
    base.kind === 'image' ? provenance(base.onDisk, base.download) : '',
  ];
}

function instructionRow({ line, keyword, weight, parts, unknown }: InstructionReport): string[] {
  const named = parts.filter(({ kind, name }) => kind !== 'layer' && name !== '').slice(0, shownParts);
  return [
    String(line),
    keyword,
    weight === undefined ? '' : formatSize(weight),
    named.map(({ name, bytes }) => `${name} ${formatBytes(bytes)}`).join(', '),
    unknown
      .slice(0, shownParts)
      .map(({ kind, name }) => (name === '' ? kind : name))
      .join(', '),
  ];
}

function sizeCell(size: ReportedSize | undefined): string {
  return size === undefined ? '' : formatSize(size);
}

/** `measured`, `registry`, `catalogue 2026-09`; where the two sizes differ in it, both; of two dates the older. */
function provenance(onDisk: ReportedSize | undefined, download: ReportedSize | undefined): string {
  const dates = new Map<Basis, string>();
  for (const size of [onDisk, download]) {
    if (size === undefined) continue;
    const isDated = size.basis === 'catalogue' || size.basis === 'estimated';
    const month = isDated ? (size.asOf?.slice(0, 7) ?? '') : '';
    const known = dates.get(size.basis);
    if (known === undefined || month < known) dates.set(size.basis, month);
  }
  return dates.size === 0 ? 'size unknown' : [...dates].map((words) => words.join(' ').trimEnd()).join(', ');
}

function alternativeRow(alternative: AlternativeReport): string[] {
  const { reference, onDiskBytes, downloadBytes, savesBytes, libc, packageManager, shell, purpose } = alternative;
  const traits = [
    libc,
    packageManager === 'none' ? 'no package manager' : packageManager,
    shell === false ? 'no shell' : undefined,
    purpose === 'run-only' ? 'to run, not to build' : undefined,
  ];
  return [
    reference,
    onDiskBytes !== undefined
      ? formatBytes(onDiskBytes)
      : downloadBytes !== undefined
        ? `${formatBytes(downloadBytes)} download`
        : '',
    savesBytes === undefined ? '' : `saves ${formatBytes(savesBytes)}`,
    traits.filter((trait) => trait !== undefined).join(', '),
  ];
}
