import { describe, expect, it } from 'vitest';
import type { StartProblem } from '../../../src/core/program/closure.ts';
import type { BaseNeeds } from '../../../src/core/program/needs.ts';
import type { ProvedImage, RunOutcome } from '../../../src/core/prove/report.ts';
import { compareRuns, judge } from '../../../src/core/prove/verdict.ts';

const needs: BaseNeeds = {
  kind: 'static',
  libc: 'none',
  libraries: [],
  interpreters: [],
  opensLibraries: false,
  evidence: [],
};

function image(problems: readonly StartProblem[] = [], more: Partial<ProvedImage> = {}): ProvedImage {
  const start = { command: ['/app'], problems, needs };
  return { imageId: 'sha256:1', platform: 'linux/amd64', finalBytes: 1, layers: 1, start, ...more };
}

function ended(exitCode: number, output = ''): RunOutcome {
  return { kind: 'ended', exitCode, output, isCut: false };
}

const missing: StartProblem = {
  code: 'library-missing',
  severity: 'breaks',
  subject: 'libpq.so.5',
  message: '/app needs libpq.so.5.',
};

describe('judge', () => {
  it('works where nothing differs', () => {
    expect(judge(image(), image(), [])).toEqual({ verdict: 'works', reasons: [], remarks: [] });
  });

  it('is broken by what is missing now', () => {
    expect(judge(image(), image([missing]), [])).toMatchObject({ verdict: 'broken', reasons: [missing.message] });
  });

  it('does not hold against the new image what was missing before', () => {
    expect(judge(image([missing]), image([missing]), [])).toEqual({
      verdict: 'works',
      reasons: [],
      remarks: [`As before: ${missing.message}`],
    });
  });

  it('differs by what may break, and by the config, the broken first', () => {
    const health: StartProblem = {
      ...missing,
      code: 'not-found',
      subject: 'curl',
      severity: 'may-break',
      message: 'No curl.',
    };
    const user = { field: 'user', severity: 'may-matter', message: 'Another user.' } as const;
    const label = { field: 'labels', severity: 'harmless', message: 'A label.' } as const;
    expect(judge(image(), image([health]), [user, label])).toEqual({
      verdict: 'differs',
      reasons: ['No curl.', 'Another user.'],
      remarks: ['A label.'],
    });
    expect(judge(image(), image([health, missing]), []).reasons).toEqual([missing.message, 'No curl.']);
  });

  it('is broken by a start that fails', () => {
    const result = judge(image([], { run: ended(0) }), image([], { run: ended(127) }), []);
    expect(result).toMatchObject({
      verdict: 'broken',
      reasons: ['The container ends with status 127; before, it ends with status 0.'],
    });
  });
});

describe('compareRuns', () => {
  it.each<[string, RunOutcome, RunOutcome, string]>([
    ['the same', ended(0, 'a\n'), ended(0, 'a\n'), 'same: It ends with status 0 in both images, with the same output.'],
    [
      'the same but for times and ids',
      ended(0, '12:01 up 3fe0c1d2a4b5\n'),
      ended(0, '12:02 up 0f1e2d3c4b5a\n'),
      'same: It ends with status 0 in both images, with the same output but for numbers.',
    ],
    [
      'another line',
      ended(0, 'a\nb\n'),
      ended(0, 'a\nc\n'),
      'differs: It writes something else, first "c" instead of "b".',
    ],
    [
      'less than before',
      ended(0, 'a\nb\n'),
      ended(0, 'a\n'),
      'differs: It writes something else, first "" instead of "b".',
    ],
    [
      'a server that wrote more until it was stopped',
      { kind: 'stopped', output: 'up\nready\nx', isCut: false },
      { kind: 'stopped', output: 'up\n', isCut: false },
      'same: It runs until it is stopped in both images, with the same output.',
    ],
    [
      'a server that ends',
      { kind: 'stopped', output: '', isCut: false },
      ended(1, 'a\nno port\n'),
      'broken: It ends with status 1, saying "no port"; before, it runs until it is stopped.',
    ],
    ['a failure that is gone', ended(1), ended(0), 'differs: It ends with status 0; before, it ends with status 1.'],
    ['no start', ended(0), { kind: 'not-started', message: 'No such file.' }, 'broken: No such file.'],
    [
      'no start in either',
      { kind: 'not-started', message: 'a' },
      { kind: 'not-started', message: 'b' },
      'same: It started in neither image.',
    ],
  ])('%s', (_, before, after, expected) => {
    const { kind, message } = compareRuns('It', before, after);
    expect(`${kind}: ${message}`).toBe(expected);
  });
});
