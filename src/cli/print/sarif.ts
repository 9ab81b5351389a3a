import type { Log, ReportingDescriptor, Result } from 'sarif';
import packageJson from '../../../package.json' with { type: 'json' };
import type { FindingReport, Report } from '../../core/report.ts';
import { rules } from '../../core/rules/rules.ts';

/**
 * One run of Plimsoll as SARIF 2.1.0, for code scanning.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(descriptors: ReportingDescriptor[], results: Result[]): Log {
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: { driver: { name: 'Plimsoll', semanticVersion: packageJson.version, rules: descriptors } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}

/** The findings of a report. Only what reaches the final image is a result. */
export function findingsSarif(report: Report): Log {
  return sarifLog(
    rules.map(descriptor),
    report.files.flatMap(({ path, findings }) =>
      findings.filter(({ reachesFinal }) => reachesFinal).map((finding) => result(path, finding)),
    ),
  );
}

function descriptor({ id, title, why }: (typeof rules)[number]): ReportingDescriptor {
  const plain = (markdown: string): string => markdown.replaceAll('`', '');
  return { id, shortDescription: { text: plain(title) }, help: { text: plain(why), markdown: why } };
}

function result(path: string, finding: FindingReport): Result {
  const { id, line, endLine, column, endColumn, savesBytes, basis } = finding;
  return {
    ruleId: id,
    ruleIndex: rules.findIndex((rule) => rule.id === id),
    level: finding.severity === 'warning' ? 'warning' : 'note',
    message: { text: finding.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: artifactUri(path) },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
    ...(savesBytes === undefined ? {} : { properties: { savesBytes, basis } }),
  };
}

/** A file as SARIF names it. A relative path stays relative to where the command ran. */
export function artifactUri(path: string): string {
  // Names of Windows may hold half of a surrogate pair, which has no encoding.
  return path.toWellFormed().replaceAll('\\', '/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
}
