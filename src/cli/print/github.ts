import type { FindingReport, Report } from '../../core/report.ts';
import { formatSize } from '../../core/size.ts';

/**
 * The findings as commands that GitHub Actions shows beside the lines. Only what reaches the final image is shown.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-a-warning-message
 */
export function githubAnnotations(report: Report): string {
  return report.files
    .flatMap(({ path, findings }) =>
      findings.filter(({ reachesFinal }) => reachesFinal).map((finding) => annotation(path, finding)),
    )
    .join('');
}

function annotation(path: string, finding: FindingReport): string {
  const level = finding.severity === 'warning' ? 'warning' : 'notice';
  const saves = savingOf(finding);
  const properties = {
    file: path,
    line: finding.line,
    endLine: finding.endLine,
    // GitHub shows columns only where the line is one.
    ...(finding.line === finding.endLine ? { col: finding.column, endColumn: finding.endColumn } : {}),
    title: finding.id + (saves === undefined ? '' : ` (saves ${saves})`),
  };
  return workflowCommand(level, properties, finding.message);
}

/** One annotation beside a line, as a step of a workflow prints it. */
export function workflowCommand(
  level: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${level} ${written.join(',')}::${data(message)}\n`;
}

function savingOf({ savesBytes, basis }: FindingReport): string | undefined {
  return savesBytes === undefined || basis === undefined ? undefined : formatSize({ bytes: savesBytes, basis });
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
