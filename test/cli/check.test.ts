import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/core/budget/checkReport.ts';
import { makeArchive } from '../helpers/archives.ts';
import { plimsoll, type Ran } from '../helpers/commandLine.ts';
import { makeImage } from '../helpers/ociImage.ts';
import { sarifProblems } from '../helpers/sarifShape.ts';
import { tar } from '../helpers/tar.ts';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

/** Layers of 1,000 and 400 bytes of files; the second writes 100 over 300 of the first: 300 are wasted, dive says 400. */
const archive = makeArchive(
  [
    {
      image: makeImage({
        layers: [
          {
            tar: tar([
              { name: 'a', content: 300 },
              { name: 'b', content: 700 },
            ]),
          },
          {
            tar: tar([
              { name: 'a', content: 100 },
              { name: 'c', content: 300 },
            ]),
          },
        ],
      }),
    },
  ],
  'docker-legacy',
);

/** Runs `plimsoll check` in a folder of these files. */
async function check(files: Readonly<Record<string, string | Uint8Array>>, ...args: string[]): Promise<Ran> {
  await using folder = await temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder.path, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return await plimsoll(['check', '--offline', ...args], { cwd: folder.path });
}

async function checkJson(files: Readonly<Record<string, string | Uint8Array>>, ...args: string[]) {
  const ran = await check(files, '--json', ...args);
  expect(ran.err).toBe('');
  return { status: ran.status, report: JSON.parse(ran.out) as CheckReport };
}

const budgets = (...entries: object[]): string => JSON.stringify({ budgets: entries });
const scratch = 'FROM scratch\nCOPY data /\n';

describe('check of Dockerfiles', () => {
  it('holds the final image against its budget, with status 1 where it is over', async () => {
    const files = { Dockerfile: scratch, data: 'x'.repeat(5000) };
    const over = await checkJson({
      ...files,
      '.plimsoll.json': budgets({ dockerfile: 'Dockerfile', maxSize: '4 kB' }),
    });
    expect(over.status).toBe(1);
    expect(over.report).toEqual({
      schema: 1,
      config: '.plimsoll.json',
      passed: false,
      subjects: [
        {
          kind: 'dockerfile',
          name: 'Dockerfile',
          line: 1,
          checks: [{ limit: 'maxSize', allowed: 4000, actual: 5000, complete: true, status: 'exceeded' }],
        },
      ],
    });
    const within = await checkJson({
      ...files,
      '.plimsoll.json': budgets({ dockerfile: 'Dockerfile', maxSize: 5000 }),
    });
    expect(within).toMatchObject({ status: 0, report: { passed: true } });
  });

  it('takes what its findings would save, and the download of its base', async () => {
    const { report } = await checkJson({
      Dockerfile: 'FROM debian:12 AS base\nRUN apt-get update\nFROM base\n',
      '.plimsoll.json': budgets({ dockerfile: 'Dockerfile', maxReclaimable: '1 MB', maxDownload: '1 MB' }),
    });
    expect(report.subjects[0]!.line).toBe(3);
    expect(report.subjects[0]!.checks).toMatchObject([
      { limit: 'maxDownload', complete: false, status: 'exceeded' },
      { limit: 'maxReclaimable', complete: true, status: 'exceeded' },
    ]);
  });

  it('says that a size is not known, which only --strict takes for too much', async () => {
    const files = {
      Dockerfile: 'FROM acme/unknown\n',
      '.plimsoll.json': budgets({ dockerfile: 'Dockerfile', maxSize: '1 MB' }),
    };
    expect(await checkJson(files)).toMatchObject({
      status: 0,
      report: { subjects: [{ checks: [{ status: 'unknown', complete: false }] }] },
    });
    expect((await checkJson(files, '--strict')).status).toBe(1);
    expect((await check(files)).out).toContain('.plimsoll.json: 0 within, 0 exceeded, 1 not known');
  });

  it('finds them by patterns, builds them as the budget says, and takes paths from the budgets’ folder', async () => {
    const files = {
      'a/Dockerfile': 'ARG FROM=scratch\nFROM scratch AS small\nFROM $FROM\nCOPY . /\n',
      'a/data': 'x'.repeat(1000),
      'b/c/app.dockerfile': 'FROM scratch\nCOPY a/data /\n',
      'other/Dockerfile': 'FROM acme/other\n',
      '.plimsoll.json': budgets(
        { dockerfile: 'a/*', maxSize: 1, target: 'small' },
        { dockerfile: 'b/**/*.dockerfile', maxSize: 500, context: '.', buildArgs: { A: '1' } },
      ),
    };
    const { report, status } = await checkJson(files);
    expect(status).toBe(1);
    expect(report.subjects.map(({ name, line, checks }) => [name, line, checks[0]!.status])).toEqual([
      ['a/Dockerfile', 2, 'within'],
      ['b/c/app.dockerfile', 1, 'exceeded'],
    ]);
    // Only what is named, with the budgets that are for it.
    const one = await checkJson(files, 'a');
    expect(one.report.subjects.map(({ name }) => name)).toEqual(['a/Dockerfile']);
    expect(one.status).toBe(0);
  });

  it('finds the budgets in a folder above', async () => {
    await using folder = await temporaryFolder();
    await mkdir(path.join(folder.path, 'deep', 'er'), { recursive: true });
    await writeFile(path.join(folder.path, 'Dockerfile'), scratch);
    await writeFile(path.join(folder.path, '.plimsoll.json'), budgets({ dockerfile: 'Dockerfile', maxReclaimable: 0 }));
    const ran = await plimsoll(['check', '--offline', '--json'], { cwd: path.join(folder.path, 'deep', 'er') });
    expect(JSON.parse(ran.out)).toMatchObject({
      config: path.join('..', '..', '.plimsoll.json'),
      subjects: [{ name: path.join('..', '..', 'Dockerfile') }],
    });
  });
});

describe('check of images', () => {
  it('counts exactly what is shipped, wasted and left', async () => {
    const { status, report } = await checkJson({
      'images/app.tar': archive,
      '.plimsoll.json': budgets({
        ...{
          image: 'images/app.tar',
          maxSize: '1 MB',
          maxLayer: 100,
          maxWasted: 299,
          maxRemovable: 0,
          minEfficiency: 0.8,
        },
        dive: { lowestEfficiency: 0.7, highestWastedBytes: 400, highestUserWastedPercent: 0.9 },
      }),
    });
    expect(status).toBe(1);
    expect(report.subjects).toHaveLength(1);
    const found = report.subjects[0]!.checks.map(({ limit, actual, status: each }) => [limit, actual, each]);
    expect(found).toEqual([
      ['maxSize', expect.any(Number), 'within'],
      ['maxLayer', expect.any(Number), 'exceeded'],
      ['maxWasted', 300, 'exceeded'],
      ['maxRemovable', 0, 'within'],
      ['minEfficiency', 1100 / 1400, 'exceeded'],
      ['lowestEfficiency', 1100 / 1400, 'within'],
      ['highestWastedBytes', 400, 'within'],
      ['highestUserWastedPercent', 1, 'exceeded'],
    ]);
  });

  it('takes an existing .dive-ci, with what dive takes by default', async () => {
    const files = { 'app.tar': archive };
    const strict = await checkJson({ ...files, '.dive-ci': 'rules:\n  highestWastedBytes: 399B\n' }, 'app.tar');
    expect(strict.status).toBe(1);
    expect(strict.report.config).toBe('.dive-ci');
    expect(strict.report.subjects[0]!.checks.map(({ limit, allowed, status }) => [limit, allowed, status])).toEqual([
      ['lowestEfficiency', 0.9, 'exceeded'],
      ['highestWastedBytes', 399, 'exceeded'],
      ['highestUserWastedPercent', 0.1, 'exceeded'],
    ]);
    const loose = 'rules:\n  lowestEfficiency: 0.7\n  highestUserWastedPercent: 1\n';
    expect(await checkJson({ ...files, '.dive-ci': loose }, 'app.tar')).toMatchObject({ status: 0 });
    // Beside a file of our own it does not count; named, it does.
    const both = { ...files, '.dive-ci': loose, '.plimsoll.json': budgets({ image: 'app.tar', maxWasted: 1 }) };
    expect(await checkJson(both, 'app.tar')).toMatchObject({ status: 1 });
    expect(await checkJson(both, 'app.tar', '--config', '.dive-ci')).toMatchObject({ status: 0 });
  });

  it('applies a budget with a wildcard to the images that are named', async () => {
    const files = {
      'v1.tar': archive,
      Dockerfile: scratch,
      '.plimsoll.json': budgets({ image: '*.tar', maxWasted: 1 }, { dockerfile: 'Dockerfile', maxReclaimable: 0 }),
    };
    expect((await checkJson(files)).report.subjects.map(({ name }) => name)).toEqual(['Dockerfile']);
    const { status, report } = await checkJson(files, 'v1.tar', 'Dockerfile');
    expect(status).toBe(1);
    expect(report.subjects.map(({ name }) => name)).toEqual(['Dockerfile', 'v1.tar']);
  });
});

describe('check refuses', () => {
  const config = { '.plimsoll.json': budgets({ dockerfile: 'Dockerfile', maxSize: 1 }) };
  it.each<[string, Record<string, string>, string[], RegExp]>([
    ['no budgets', {}, [], /There is no \.plimsoll\.json and no \.dive-ci/],
    [
      'a file of budgets that is not there',
      {},
      ['--config', 'x.json'],
      /x\.json cannot be read: there is no such file\./,
    ],
    ['broken budgets', { '.plimsoll.json': '{' }, [], /\.plimsoll\.json cannot be used\. It is no JSON/],
    ['broken rules of dive', { '.dive-ci': 'rules:\n  lowestEfficiency: 9' }, ['a'], /\.dive-ci cannot be used\./],
    [
      'rules of dive without an image',
      { '.dive-ci': 'rules:' },
      [],
      /names nothing to check: .*plimsoll check IMAGE\./,
    ],
    ['a budget for nothing', config, [], /No Dockerfile is Dockerfile, for which \.plimsoll\.json has a budget\./],
    ['what has no budget', { ...config, 'b/Dockerfile': scratch }, ['b'], /\.plimsoll\.json has no budget for b\./],
    [
      'a pattern that is none',
      { '.plimsoll.json': budgets({ dockerfile: '[a', maxSize: 1 }) },
      [],
      /refuse the pattern \[a/,
    ],
    [
      'a stage that is not there',
      { Dockerfile: scratch, '.plimsoll.json': budgets({ dockerfile: 'Dockerfile', maxSize: 1, target: 'x' }) },
      [],
      /There is no stage x in Dockerfile\./,
    ],
    ['an image that cannot be opened', { '.plimsoll.json': budgets({ image: 'no.tar', maxSize: 1 }) }, [], /no\.tar/],
  ])('%s, with status 2', async (_title, files, args, message) => {
    const ran = await check(files, ...args);
    expect(ran.err).toMatch(message);
    expect(ran).toMatchObject({ status: 2, out: '' });
  });
});

describe('what check prints', () => {
  const files = {
    Dockerfile: 'FROM scratch AS a\nFROM a\nCOPY data /\n',
    data: 'x'.repeat(5000),
    '.plimsoll.json': budgets({ dockerfile: 'Dockerfile', maxSize: '4 kB', maxReclaimable: 0, maxDownload: 1 }),
  };

  it('for people', async () => {
    expect((await check(files)).out).toBe(
      [
        '         what        limit           budget    is',
        'over     Dockerfile  maxSize         ≤ 4 kB  5 kB',
        'unknown  Dockerfile  maxDownload      ≤ 1 B',
        'ok       Dockerfile  maxReclaimable   ≤ 0 B   0 B',
        '',
        '.plimsoll.json: 1 within, 1 exceeded, 1 not known',
        '',
      ].join('\n'),
    );
  });

  it('for a pull request', async () => {
    expect((await check(files, '--markdown')).out.split('\n').slice(2)).toEqual([
      '| **over** | Dockerfile | maxSize | ≤ 4 kB | 5 kB |',
      '| unknown | Dockerfile | maxDownload | ≤ 1 B |  |',
      '| ok | Dockerfile | maxReclaimable | ≤ 0 B | 0 B |',
      '',
      '.plimsoll.json: 1 within, 1 exceeded, 1 not known',
      '',
    ]);
  });

  it('for GitHub Actions', async () => {
    expect((await check(files, '--github')).out).toBe(
      '::error file=Dockerfile,line=2,title=Dockerfile%3A maxSize::The size on disk is 5 kB, over the budget of 4 kB.\n' +
        '::warning file=Dockerfile,line=2,title=Dockerfile%3A maxDownload::The download size is not known; the budget is 1 B.\n',
    );
  });

  it('for code scanning', async () => {
    const log = JSON.parse((await check(files, '--sarif')).out) as {
      runs: { tool: { driver: { rules: { id: string }[] } }; results: { ruleId: string; ruleIndex: number }[] }[];
    };
    expect(sarifProblems(log)).toEqual([]);
    const [run] = log.runs;
    expect(run!.results).toMatchObject([
      {
        ruleId: 'budget/maxSize',
        level: 'error',
        message: { text: 'Dockerfile: The size on disk is 5 kB, over the budget of 4 kB.' },
        locations: [{ physicalLocation: { artifactLocation: { uri: 'Dockerfile' }, region: { startLine: 2 } } }],
      },
      { ruleId: 'budget/maxDownload', level: 'note' },
    ]);
    for (const { ruleId, ruleIndex } of run!.results) expect(run!.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
  });
});
