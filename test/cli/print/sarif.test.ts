import { describe, expect, it } from 'vitest';
import { checkSarif } from '../../../src/cli/print/check.ts';
import { artifactUri, findingsSarif } from '../../../src/cli/print/sarif.ts';
import { limitNames } from '../../../src/core/budget/budget.ts';
import type { FindingReport, Report } from '../../../src/core/report.ts';
import { rules } from '../../../src/core/rules/rules.ts';
import { sarifProblems } from '../../helpers/sarifShape.ts';

const finding: FindingReport = {
  ...{ id: 'apt-lists-left', line: 2, endLine: 3, column: 5, endColumn: 1, stage: 0, reachesFinal: true },
  ...{ severity: 'warning', savesBytes: 19_850_000, basis: 'estimated', message: 'Told: "50 %"\nof it', fixable: true },
};

function reportOf(path: string, findings: readonly FindingReport[]): Report {
  const file = { path, context: '.', problems: [], stages: [], instructions: [], findings };
  return { schema: 1, files: [file] };
}

describe('what the schema asks for', () => {
  it.each<[string, Report]>([
    ['no file', { schema: 1, files: [] }],
    ['no finding', reportOf('Dockerfile', [])],
    [
      'a finding of every rule',
      reportOf(
        'a/Dockerfile',
        rules.map(({ id }) => ({ ...finding, id })),
      ),
    ],
    [
      'every severity',
      reportOf(
        'b',
        (['warning', 'information', 'hint'] as const).map((severity) => ({ ...finding, severity })),
      ),
    ],
    ['a name that a URI cannot have', reportOf('./a b/100%/Dockerfile#1?ü\\"<x>\ud800', [finding])],
  ])('%s', (_title, report) => {
    const log = findingsSarif(report);
    // As it is written: what JSON cannot say is not there.
    expect(sarifProblems(JSON.parse(JSON.stringify(log)))).toEqual([]);
    expect(log.runs[0]!.results).toHaveLength(report.files.flatMap(({ findings }) => findings).length);
  });

  it('every limit of a budget', () => {
    const checks = limitNames.flatMap((limit) =>
      (['exceeded', 'unknown'] as const).map((status) => ({ limit, allowed: 0.5, complete: true, status })),
    );
    const log = checkSarif({
      ...{ schema: 1, config: '.plimsoll.json', passed: false },
      subjects: [
        { kind: 'dockerfile', name: 'a b/Dockerfile', line: 3, checks },
        { kind: 'image', name: 'app:1', checks },
      ],
    });
    expect(sarifProblems(JSON.parse(JSON.stringify(log)))).toEqual([]);
    expect(log.runs[0]!.results).toHaveLength(4 * limitNames.length);
  });
});

describe('the test sees', () => {
  const changed = (change: (log: ReturnType<typeof findingsSarif>) => void): readonly string[] => {
    const log = structuredClone(findingsSarif(reportOf('Dockerfile', [finding])));
    change(log);
    return sarifProblems(log);
  };
  it.each<[string, Parameters<typeof changed>[0], string]>([
    ['another version', (log) => Object.assign(log, { version: '2.0' }), 'log.version: "2.0" is not one of 2.1.0'],
    ['a property of its own', (log) => Object.assign(log.runs[0]!, { a: 1 }), 'log.runs[0]: knows no a'],
    [
      'no name',
      (log) => Object.assign(log.runs[0]!.tool, { driver: { rules: [] } }),
      'log.runs[0].tool.driver: lacks name',
    ],
    ['another rule', (log) => (log.runs[0]!.results![0]!.ruleIndex = 1), 'rule 1 is not apt-lists-left'],
    [
      'a line before the first',
      (log) => (log.runs[0]!.results![0]!.locations![0]!.physicalLocation!.region!.startLine = 0),
      'log.runs[0].results[0].locations[0].physicalLocation.region.startLine: 0 is not a whole number from 1',
    ],
  ])('%s', (_title, change, told) => {
    expect(changed(change)).toEqual([told]);
  });
});

it.each([
  ['./Dockerfile', 'Dockerfile'],
  ['a\\b\\Dockerfile', 'a/b/Dockerfile'],
  ['../a b/ü%', '../a%20b/%C3%BC%25'],
  ['/srv/Dockerfile', '/srv/Dockerfile'],
])('a file %j is %s', (path, uri) => {
  expect(artifactUri(path)).toBe(uri);
});
