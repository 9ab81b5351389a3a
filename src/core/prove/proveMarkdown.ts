import { markdownTable, markdownText } from '../markdown.ts';
import { formatBytes } from '../size.ts';
import type { ProvedImage, ProvedSide, ProveReport, RunOutcome, Verdict } from './report.ts';

/** What a verdict says to people. */
export const verdictTitles: Readonly<Record<Verdict, string>> = {
  works: 'Works',
  differs: 'Differs',
  broken: 'Broken',
  'not-built': 'Not built',
};

/** Paths and lines of evidence that a person reads; programs get all of them. */
const shownRows = 25;

/** The report as Markdown: for the editor, a pull request, a wiki. */
export function proveMarkdown(report: ProveReport): string {
  const { before, after, comparison, reasons, remarks } = report;
  return [
    `# ${verdictTitles[report.verdict]}: ${headline(report)}\n`,
    ...(reasons.length === 0 ? [] : [list(reasons)]),
    ...(before.image === undefined || after.image === undefined ? [] : [sidesTable(before, after)]),
    ...(comparison === undefined ? [] : filesSection(comparison)),
    ...configSection(report),
    ...[before, after].flatMap((side) => startSection(side)),
    ...(remarks.length === 0 ? [] : ['## Remarks\n', list(remarks)]),
  ].join('\n');
}

/** The verdict in one line: `1.14 GB → 12 MB (−1.13 GB, −99 %)`. */
export function headline({ before, after, comparison }: ProveReport): string {
  const [was, is] = [before.image?.onDiskBytes, after.image?.onDiskBytes];
  if (comparison === undefined) return `${before.name} → ${after.name}`;
  if (was === undefined || is === undefined) return 'sizes on disk are not known';
  const part = was === 0 ? '' : `, ${percent((is - was) / was)}`;
  return `${formatBytes(was)} → ${formatBytes(is)} (${signed(is - was)}${part})`;
}

export function signed(bytes: number): string {
  return bytes > 0 ? `+${formatBytes(bytes)}` : formatBytes(bytes);
}

/** How a container went, in a few words. */
export function outcomeText(outcome: RunOutcome | undefined): string {
  if (outcome === undefined) return '';
  if (outcome.kind === 'not-started') return 'did not start';
  return outcome.kind === 'stopped' ? 'ran until it was stopped' : `status ${outcome.exitCode ?? 'unknown'}`;
}

/** What a start command needs of a base, in a few words. */
export function needsText({ start: { needs } }: ProvedImage): string {
  switch (needs.kind) {
    case 'static':
      return 'nothing: linked statically';
    case 'libc':
      return [needs.libc, needs.glibc].filter((word) => word !== undefined).join(', at least ');
    case 'runtime':
    case 'libraries':
      return `${needs.libc}, ${needs.libraries.join(', ')}`;
    case 'script':
      return needs.interpreters.length === 0 ? 'an interpreter' : needs.interpreters.join(', ');
    case 'unknown':
      return 'not known';
  }
}

function percent(part: number): string {
  const rounded = Math.round(part * 100);
  return `${rounded < 0 ? '−' : '+'}${Math.abs(rounded)} %`;
}

function sidesTable(before: ProvedSide, after: ProvedSide): string {
  const [was, is] = [before.image!, after.image!];
  const size = (bytes: number | undefined): string => (bytes === undefined ? '' : formatBytes(bytes));
  const command = ({ start }: ProvedImage): string => markdownText(start.command.join(' '));
  return markdownTable(
    ['', markdownText(before.name), markdownText(after.name)],
    [
      ['On disk', size(was.onDiskBytes), size(is.onDiskBytes)],
      ['Files', size(was.finalBytes), size(is.finalBytes)],
      ['Layers', String(was.layers), String(is.layers)],
      ['Starts', command(was), command(is)],
      ['Needs', markdownText(needsText(was)), markdownText(needsText(is))],
      ['Started', outcomeText(was.run), outcomeText(is.run)],
      ['Command', outcomeText(was.command), outcomeText(is.command)],
    ].filter(([, ...cells]) => cells.some((cell) => cell !== '')),
  );
}

function filesSection({ totals, paths }: NonNullable<ProveReport['comparison']>): string[] {
  const changed = totals.filter(({ change, paths: count }) => count > 0 && change !== 'same' && change !== 'time');
  if (changed.length === 0) return ['The files are the same.\n'];
  return [
    '## Files\n',
    markdownTable(
      ['', 'Paths', 'Before', 'After'],
      changed.map((total) => [
        total.change === 'metadata' ? 'other owner or mode' : total.change,
        total.paths.toLocaleString('en'),
        formatBytes(total.firstBytes),
        formatBytes(total.secondBytes),
      ]),
    ),
    markdownTable(
      ['Difference', 'Change', 'Path'],
      paths
        .slice(0, shownRows)
        .map(({ change, path, firstBytes, secondBytes }) => [
          signed(secondBytes - firstBytes),
          change,
          markdownText(path),
        ]),
    ),
    ...(paths.length > shownRows ? [`And ${paths.length - shownRows} more.\n`] : []),
  ];
}

function configSection({ comparison }: ProveReport): string[] {
  if (comparison === undefined) return [];
  if (comparison.config.length === 0) return ['The configuration is the same.\n'];
  return [
    '## Configuration\n',
    markdownTable(
      ['', 'Difference'],
      comparison.config.map(({ severity, message }) => [severity.replace('-', ' '), markdownText(message)]),
    ),
  ];
}

function startSection({ name, image }: ProvedSide): string[] {
  if (image === undefined || image.start.needs.evidence.length === 0) return [];
  const { evidence } = image.start.needs;
  const rest = evidence.length - shownRows;
  return [
    `## What ${markdownText(name)} starts\n`,
    list(evidence.slice(0, shownRows)),
    ...(rest > 0 ? [`And ${rest} more.\n`] : []),
    ...[image.run, image.command].flatMap((outcome) =>
      outcome === undefined || outcome.kind === 'not-started' || outcome.output.trim() === ''
        ? []
        : // Without a paragraph before it, the block would belong to the list.
          ['It wrote:\n', quoted(outcome.output)],
    ),
  ];
}

/** A block that no text can end: indented by four. */
function quoted(text: string): string {
  const lines = text.trimEnd().split('\n').slice(0, shownRows);
  return lines.map((line) => `    ${line.replace(/\p{Cc}/gu, '\ufffd')}\n`).join('');
}

function list(sentences: readonly string[]): string {
  return sentences.map((sentence) => `- ${markdownText(sentence)}\n`).join('');
}
