import type { ImageReport, LayerReport } from '../../core/image/imageReport.ts';
import { formatBytes } from '../../core/size.ts';
import type { Paint } from '../terminal.ts';
import { type Column, printable, table } from './table.ts';

/** How many rows of each list people see; `--top` and the other forms give more. */
const shownRows = 20;
/** An instruction is cut to this many characters: layers are one line each. */
const instructionCells = 72;

interface Section {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly rest?: string;
}

/** The account of an image for people at a terminal. */
export function imageText(report: ImageReport, paint: Paint): string {
  const sections = sectionsOf(report).map(
    ({ title, columns, rows, rest }) =>
      `\n${paint('bold', title)}\n${table(
        columns,
        rows.map((row) => row.map(printable)),
        '  ',
      )}${rest === undefined ? '' : `  ${paint('dim', rest)}\n`}`,
  );
  return [heading(report, paint), ...sections, ...problemLines(report).map((line) => paint('yellow', line))].join('');
}

function heading({ reference, source, platform, imageId, totals }: ImageReport, paint: Paint): string {
  const sizes = [
    totals.onDiskBytes === undefined ? undefined : `${formatBytes(totals.onDiskBytes)} on disk`,
    totals.downloadBytes === undefined ? undefined : `${formatBytes(totals.downloadBytes)} download`,
    `${formatBytes(totals.finalBytes)} of files`,
    `${formatBytes(totals.wastedBytes)} wasted`,
    `${formatBytes(totals.removableBytes)} removable`,
  ].filter((size) => size !== undefined);
  const { efficiency, dive } = totals;
  return [
    `${paint('bold', printable(reference ?? imageId))}  ${source}  ${platform}  ${imageId.slice(0, 19)}\n`,
    `${totals.layers} layers, ${totals.entries.toLocaleString('en')} entries: ${sizes.join(', ')}\n`,
    `efficiency ${percent(efficiency)}; dive says ${percent(dive.efficiency)}, ${formatBytes(dive.wastedBytes)} wasted\n`,
  ].join('');
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

function sectionsOf(report: ImageReport): Section[] {
  const hasLines = report.layers.some(({ line }) => line !== undefined);
  const lineColumn: Column[] = hasLines ? [{ title: 'line', align: 'right' }] : [];
  const lineCell = (line: number | undefined): string[] => (hasLines ? [line === undefined ? '' : String(line)] : []);
  const sections: Section[] = [
    {
      title: 'Layers',
      columns: [
        { title: 'layer', align: 'right' },
        { title: 'on disk', align: 'right' },
        { title: 'files', align: 'right' },
        { title: 'wasted', align: 'right' },
        { title: 'entries', align: 'right' },
        ...lineColumn,
        { title: 'made by' },
      ],
      rows: report.layers.map((layer) => [...layerCells(layer), ...lineCell(layer.line), madeBy(layer)]),
    },
  ];
  if (report.waste.length > 0) {
    sections.push({
      title: 'Wasted: shipped, and not in the final file system',
      columns: [
        { title: 'bytes', align: 'right' },
        { title: 'cause' },
        { title: 'layer', align: 'right' },
        { title: 'by layer', align: 'right' },
        ...lineColumn,
        { title: 'path' },
      ],
      rows: report.waste
        .slice(0, shownRows)
        .map(({ bytes, cause, layer, byLayer, line, path }) => [
          formatBytes(bytes),
          cause,
          String(layer),
          String(byLayer),
          ...lineCell(line),
          path,
        ]),
      ...restOf(report.waste.length),
    });
  }
  if (report.removable.length > 0) {
    sections.push({
      title: 'Removable: in the final file system, and not needed there',
      columns: [
        { title: 'bytes', align: 'right' },
        { title: 'entries', align: 'right' },
        { title: 'layer', align: 'right' },
        ...lineColumn,
        { title: 'kind' },
        { title: 'path' },
        { title: 'what to do' },
      ],
      rows: report.removable
        .slice(0, shownRows)
        .map(({ bytes, entries, layer, line, kind, path, safety, advice }) => [
          formatBytes(bytes),
          String(entries),
          String(layer),
          ...lineCell(line),
          kind,
          path,
          safety === 'check' ? `check first: ${advice}` : advice,
        ]),
      ...restOf(report.removable.length),
    });
  }
  return sections;
}

function layerCells({ index, onDiskBytes, fileBytes, wastedBytes, entries }: LayerReport): string[] {
  const size = (bytes: number | undefined): string => (bytes === undefined ? '' : formatBytes(bytes));
  return [String(index), size(onDiskBytes), size(fileBytes), size(wastedBytes), entries?.toLocaleString('en') ?? ''];
}

function madeBy({ createdBy, fromBase }: LayerReport): string {
  const text = (createdBy ?? '').replace(/\s+/g, ' ').trim();
  const short = text.length > instructionCells ? `${text.slice(0, instructionCells - 1)}…` : text;
  return fromBase ? `(base) ${short}`.trimEnd() : short;
}

function restOf(count: number): { rest?: string } {
  return count > shownRows ? { rest: `and ${count - shownRows} more` } : {};
}

function problemLines(report: ImageReport): string[] {
  return report.problems.map(
    ({ layer, message }) => `${layer === undefined ? 'image' : `layer ${layer}`}: ${printable(message)}\n`,
  );
}
