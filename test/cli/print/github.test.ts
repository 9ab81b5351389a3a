import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { githubAnnotations, workflowCommand } from '../../../src/cli/print/github.ts';
import type { FindingReport } from '../../../src/core/report.ts';

const finding: FindingReport = {
  ...{ id: 'apt-lists-left', line: 2, endLine: 2, column: 5, endColumn: 19, stage: 0, reachesFinal: true },
  ...{ severity: 'warning', message: 'Told.', fixable: false },
};

function annotated(path: string, ...findings: readonly FindingReport[]): string {
  const file = { path, context: '.', problems: [], stages: [], instructions: [], findings };
  return githubAnnotations({ schema: 1, files: [file] });
}

interface Read {
  readonly level: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads a command as the runner of GitHub Actions does: `TryParseV2` of its `ActionCommand.cs`. */
function read(line: string): Read {
  const end = line.indexOf('::', 2);
  expect(line.startsWith('::') && end > 0, line).toBe(true);
  const command = line.slice(2, end);
  const space = command.indexOf(' ');
  const properties = command
    .slice(space + 1)
    .split(',')
    .filter((each) => each !== '')
    .map((each): [string, string] => {
      const equals = each.indexOf('=');
      return [
        each.slice(0, equals),
        unescaped(each.slice(equals + 1))
          .replaceAll('%3A', ':')
          .replaceAll('%2C', ',')
          .replaceAll('%25', '%'),
      ];
    });
  const message = unescaped(line.slice(end + 2)).replaceAll('%25', '%');
  return { level: command.slice(0, space), properties: Object.fromEntries(properties), message };
}

function unescaped(written: string): string {
  return written.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}

describe('a command of a workflow', () => {
  it.each([
    ['50 % of it', '::notice file=a::50 %25 of it\n'],
    ['two\r\nlines', '::notice file=a::two%0D%0Alines\n'],
    ['%0A is no line', '::notice file=a::%250A is no line\n'],
    ['::error::no second one', '::notice file=a::::error::no second one\n'],
  ])('with the message %j', (message, written) => {
    expect(workflowCommand('notice', { file: 'a' }, message)).toBe(written);
  });

  it.each([
    ['a,line=9', '::error file=a%2Cline=9::x\n'],
    ['C:\\a', '::error file=C%3A\\a::x\n'],
    ['a::b', '::error file=a%3A%3Ab::x\n'],
    ['a\nb', '::error file=a%0Ab::x\n'],
  ])('for the file %j', (file, written) => {
    expect(workflowCommand('error', { file }, 'x')).toBe(written);
  });

  it('is one line, and read as it was meant, whatever it says', () => {
    // The characters that mean something, among others.
    const telling = fc.string({
      unit: fc.oneof(
        fc.constantFrom('%', ':', ',', '=', '\r', '\n', '0', 'A', 'D', '2', '5', '3', 'C'),
        fc.string({ maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(telling, telling, telling, (file, title, message) => {
        const written = workflowCommand('warning', { file, line: 3, title }, message);
        expect(written.slice(0, -1)).not.toMatch(/[\r\n]/);
        expect(read(written.slice(0, -1))).toEqual({
          level: 'warning',
          properties: { file, line: '3', title },
          message,
        });
      }),
    );
  });
});

describe('a finding', () => {
  it('in one line has its columns', () => {
    expect(annotated('Dockerfile', finding)).toBe(
      '::warning file=Dockerfile,line=2,endLine=2,col=5,endColumn=19,title=apt-lists-left::Told.\n',
    );
  });

  it('over several lines has none', () => {
    expect(annotated('Dockerfile', { ...finding, endLine: 4 })).toBe(
      '::warning file=Dockerfile,line=2,endLine=4,title=apt-lists-left::Told.\n',
    );
  });

  it('that is no warning is a notice, with what is saved', () => {
    expect(annotated('a', { ...finding, severity: 'hint', savesBytes: 2_000_000, basis: 'measured' })).toContain(
      '::notice file=a,line=2,endLine=2,col=5,endColumn=19,title=apt-lists-left (saves 2 MB)::',
    );
  });

  it('that does not reach the final image is left out', () => {
    expect(annotated('a', { ...finding, reachesFinal: false })).toBe('');
  });
});
