import type { Log } from 'sarif';
import { type Check, formatLimit, isLeast, limitNames, limits, sentenceOf } from '../../core/budget/budget.ts';
import type { CheckedSubject, CheckReport } from '../../core/budget/checkReport.ts';
import type { Paint, Style } from '../terminal.ts';
import { workflowCommand } from './github.ts';
import { artifactUri, sarifLog } from './sarif.ts';
import { type Column, markdownCell, markdownTable, printable, table } from './table.ts';

const columns: readonly Column[] = [
  { title: '' },
  { title: 'what' },
  { title: 'limit' },
  { title: 'budget', align: 'right' },
  { title: 'is', align: 'right' },
];

interface Row {
  readonly check: Check;
  readonly cells: readonly string[];
}

/** Every limit in a row, those that are exceeded in colour, and how it ended. */
export function checkText(report: CheckReport, paint: Paint): string {
  const rows = rowsOf(report);
  const lines = table(
    columns,
    rows.map(({ cells }) => cells.map(printable)),
  ).split('\n');
  const painted = lines.map((line, index) => paint(styles[rows[index - 1]?.check.status ?? 'within'], line));
  return `${painted.join('\n')}\n${paint('bold', ending(report))}\n`;
}

const styles: Readonly<Record<Check['status'], Style>> = { within: 'dim', exceeded: 'red', unknown: 'yellow' };
const marks: Readonly<Record<Check['status'], string>> = { within: 'ok', exceeded: 'over', unknown: 'unknown' };

/** The same for a pull request. */
export function checkMarkdown(report: CheckReport): string {
  const rows = rowsOf(report).map(({ check, cells }) => {
    const [mark = '', ...rest] = cells.map(markdownCell);
    return [check.status === 'exceeded' ? `**${mark}**` : mark, ...rest];
  });
  return `${markdownTable(columns, rows)}\n${markdownCell(ending(report))}\n`;
}

function rowsOf({ subjects }: CheckReport): readonly Row[] {
  return subjects.flatMap(({ name, checks }) =>
    checks.map((check) => {
      const { limit, allowed, actual, complete, status } = check;
      const value = actual === undefined ? '' : `${complete ? '' : '≥ '}${formatLimit(limit, actual)}`;
      const bound = `${isLeast(limit) ? '≥' : '≤'} ${formatLimit(limit, allowed)}`;
      return { check, cells: [marks[status], name, limit, bound, value] };
    }),
  );
}

function ending({ config, subjects }: CheckReport): string {
  const checks = subjects.flatMap((subject) => subject.checks);
  const count = (status: Check['status']): number => checks.filter((check) => check.status === status).length;
  const parts = [`${count('within')} within`, `${count('exceeded')} exceeded`];
  if (count('unknown') > 0) parts.push(`${count('unknown')} not known`);
  return `${config}: ${parts.join(', ')}`;
}

/** What is not within its budget, as commands that GitHub Actions shows beside the Dockerfile, or beside the budgets. */
export function checkAnnotations(report: CheckReport): string {
  return problems(report)
    .map(({ subject, check }) =>
      workflowCommand(
        check.status === 'exceeded' ? 'error' : 'warning',
        { ...placeOf(subject, report), title: `${subject.name}: ${check.limit}` },
        sentenceOf(check),
      ),
    )
    .join('');
}

/** The same as SARIF 2.1.0. */
export function checkSarif(report: CheckReport): Log {
  return sarifLog(
    limitNames.map((limit) => ({
      id: `budget/${limit}`,
      shortDescription: { text: `Budget of the ${limits[limit].title}` },
    })),
    problems(report).map(({ subject, check }) => {
      const { file, line } = placeOf(subject, report);
      return {
        ruleId: `budget/${check.limit}`,
        ruleIndex: limitNames.indexOf(check.limit),
        level: check.status === 'exceeded' ? 'error' : 'note',
        message: { text: `${subject.name}: ${sentenceOf(check)}` },
        locations: [
          { physicalLocation: { artifactLocation: { uri: artifactUri(file) }, region: { startLine: line } } },
        ],
      };
    }),
  );
}

function problems({ subjects }: CheckReport): readonly { subject: CheckedSubject; check: Check }[] {
  return subjects.flatMap((subject) =>
    subject.checks.filter(({ status }) => status !== 'within').map((check) => ({ subject, check })),
  );
}

/** An image has no line: what is shown beside is its budget. */
function placeOf({ kind, name, line = 1 }: CheckedSubject, { config }: CheckReport): { file: string; line: number } {
  return kind === 'dockerfile' ? { file: name, line } : { file: config, line: 1 };
}
