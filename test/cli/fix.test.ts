import { readFile, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { plimsoll, type Ran } from '../helpers/commandLine.ts';
import { sarifProblems } from '../helpers/sarifShape.ts';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

const smelly = 'FROM debian:12-slim\nRUN apt-get update \\\n && apt-get install -y git\nRUN pip install flask\n';
const mended =
  'FROM debian:12-slim\nRUN apt-get update \\\n && apt-get install --no-install-recommends -y git ca-certificates \\\n && rm -rf /var/lib/apt/lists/*\nRUN pip install --no-cache-dir flask\n';

interface Given {
  readonly ran: Ran;
  readonly read: (name?: string) => Promise<string>;
}

/** Runs a command line beside a file `Dockerfile` of this text. */
async function given(
  text: string | Buffer,
  args: readonly string[],
  check: (given: Given, folder: string) => unknown,
): Promise<void> {
  await using folder = await temporaryFolder();
  await writeFile(path.join(folder.path, 'Dockerfile'), text);
  const ran = await plimsoll([...args, '--offline'], { cwd: folder.path });
  const read = (name = 'Dockerfile'): Promise<string> => readFile(path.join(folder.path, name), 'utf8');
  await check({ ran, read }, folder.path);
}

describe('fix', () => {
  it('prints a diff that patch applies, and changes nothing', () =>
    given(smelly, ['fix', '--all', 'Dockerfile'], async ({ ran, read }, folder) => {
      expect(ran).toMatchObject({ status: 0, err: '3 fixes; --write applies them.\n' });
      expect(ran.out).toMatch(/^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n@@ /);
      expect(await read()).toBe(smelly);
      expect(spawnSync('git', ['apply', '-'], { cwd: folder, input: ran.out }).status).toBe(0);
      expect(await read()).toBe(mended);
    }));

  it('writes, once', () =>
    given(smelly, ['fix', '--all', '--write', 'Dockerfile'], async ({ ran, read }, folder) => {
      expect(ran).toEqual({ status: 0, out: '', err: '3 fixes written.\n' });
      expect(await read()).toBe(mended);
      const again = await plimsoll(['fix', '--offline', '--all', '--write', 'Dockerfile'], { cwd: folder });
      expect(again).toEqual({ status: 0, out: '', err: 'Nothing to fix.\n' });
      expect(await read()).toBe(mended);
    }));

  it('mends one rule only', () =>
    given(smelly, ['fix', '--rule', 'pip-cache-left', '--write', '--quiet', 'Dockerfile'], async ({ ran, read }) => {
      expect(ran).toEqual({ status: 0, out: '', err: '' });
      expect(await read()).toBe(smelly.replace('pip install', 'pip install --no-cache-dir'));
    }));

  it('asks with --all, obeys with --rule', async () => {
    const text = 'FROM node:24-slim\nRUN npm ci && npm cache clean --force\nCMD ["node", "a.js"]\n';
    await given(text, ['fix', '--all', 'Dockerfile'], ({ ran }) => expect(ran.out).toBe(''));
    await given(text, ['fix', '--rule', 'dev-dependencies-left', 'Dockerfile'], ({ ran }) =>
      expect(ran.out).toContain('+RUN npm ci --omit=dev'),
    );
  });

  it('leaves build stages alone with --all', () =>
    given(
      'FROM debian:12 AS a\nRUN apt-get update\nFROM scratch\nCOPY --from=a /b /b\n',
      ['fix', '--all', '.'],
      ({ ran }) => expect(ran).toEqual({ status: 0, out: '', err: 'Nothing to fix.\n' }),
    ));

  it('tells programs what it did', () =>
    given(smelly, ['fix', '--all', '--json', '.'], ({ ran }) => {
      const { files } = JSON.parse(ran.out) as {
        files: { changed: boolean; applied: { id: string }[]; diff: string }[];
      };
      expect(files[0]!.changed).toBe(true);
      expect(files[0]!.applied.map(({ id }) => id).sort()).toEqual([
        'apt-lists-left',
        'apt-recommends',
        'pip-cache-left',
      ]);
      expect(files[0]!.diff).toContain('+RUN pip install --no-cache-dir flask');
    }));

  it('keeps a byte order mark and carriage returns', () => {
    const text = `\uFEFF${smelly}`.replaceAll('\n', '\r\n');
    return given(text, ['fix', '--all', '--write', '.'], async ({ read }) =>
      expect(await read()).toBe(`\uFEFF${mended}`.replaceAll('\n', '\r\n')),
    );
  });

  it('does not write what it would damage', () =>
    given(
      Buffer.concat([Buffer.from(`${smelly}# `), Buffer.from([0xe9, 10])]),
      ['fix', '--all', '--write', '.'],
      ({ ran }) => {
        expect(ran.status).toBe(2);
        expect(ran.err).toMatch(/Dockerfile is not written: it is not UTF-8/);
      },
    ));

  it.each<[string[], RegExp]>([
    [['fix', 'Dockerfile'], /--all, --rule/],
    [['fix', '--rule', 'nonsense', 'Dockerfile'], /no rule nonsense/],
    [['fix', '--all', 'nosuch'], /nosuch cannot be read/],
    [['fix', '--all'], /path/],
  ])('%j is wrong usage', (args, message) =>
    given(smelly, args, ({ ran }) => {
      expect(ran.status).toBe(2);
      expect(ran.err).toMatch(message);
    }),
  );
});

describe('report', () => {
  it('has the findings, the most costly first', () =>
    given(smelly, ['report', '--offline', '--json', '.'], ({ ran }) => {
      const [file] = (JSON.parse(ran.out) as Report).files;
      expect(file!.findings.map(({ id }) => id)).toEqual(['apt-lists-left', 'apt-recommends', 'pip-cache-left']);
      expect(file!.findings[0]).toMatchObject({
        ...{ line: 2, endLine: 2, column: 5, endColumn: 19, stage: 0, reachesFinal: true, severity: 'warning' },
        ...{ basis: 'estimated', fixable: true },
      });
      const saved = file!.findings.map(({ savesBytes }) => savesBytes ?? 0);
      expect(saved[0]).toBeGreaterThan(15e6);
      expect(saved).toEqual(saved.toSorted((a, b) => b - a));
      expect(file!.reclaimableBytes).toBe(saved.reduce((sum, bytes) => sum + bytes, 0));
    }));

  it('shows them to people', () =>
    given(smelly, ['report', '--offline', '.'], ({ ran }) => {
      expect(ran.out).toMatch(/^ +2 +≈ \d+(\.\d)? MB +apt-lists-left +The package lists of apt .* +--all$/m);
      expect(ran.out).toMatch(/3 findings, at least [\d.]+ MB to gain; plimsoll fix --all Dockerfile shows the edits/);
    }));

  it('and in Markdown', () =>
    given(smelly, ['report', '--offline', '--markdown', '.'], ({ ran }) =>
      expect(ran.out).toMatch(/^\| 2 \| ≈ [\d.]+ MB \| apt-lists-left \|/m),
    ));

  it('as SARIF', () =>
    given(smelly, ['report', '--offline', '--sarif', '.'], ({ ran }) => {
      const log = JSON.parse(ran.out) as Log;
      expect(sarifProblems(log)).toEqual([]);
      const [run] = log.runs;
      expect(log.version).toBe('2.1.0');
      expect(run!.results!.map(({ ruleId, level }) => [ruleId, level])).toEqual([
        ['apt-lists-left', 'warning'],
        ['apt-recommends', 'warning'],
        ['pip-cache-left', 'note'],
      ]);
      for (const { ruleId, ruleIndex, locations } of run!.results!) {
        expect(run!.tool.driver.rules![ruleIndex!]!.id).toBe(ruleId);
        expect(locations![0]!.physicalLocation!.artifactLocation!.uri).toBe('Dockerfile');
      }
      expect(run!.results![0]!.locations![0]!.physicalLocation!.region).toEqual({
        ...{ startLine: 2, startColumn: 5, endLine: 2, endColumn: 19 },
      });
    }));

  it('as annotations of GitHub Actions', () =>
    given(smelly, ['report', '--offline', '--github', '.'], ({ ran }) =>
      expect(ran.out.split('\n')[0]).toMatch(
        /^::warning file=Dockerfile,line=2,endLine=2,col=5,endColumn=19,title=apt-lists-left \(saves ≈ [\d.]+ MB\)::The package lists of apt stay/,
      ),
    ));

  it('leaves what only a build stage has out of all but the JSON', async () => {
    const text = 'FROM debian:12 AS a\nRUN apt-get update\nFROM scratch\nCOPY --from=a /b /b\n';
    for (const flag of ['--sarif', '--github', '--markdown', '--quiet']) {
      await given(text, ['report', '--offline', flag, '.'], ({ ran }) =>
        expect(ran.out.replace(/"rules": \[[^]*?\n {10}\]/, '')).not.toContain('apt-lists-left'),
      );
    }
    await given(text, ['report', '--offline', '--json', '.'], ({ ran }) =>
      expect(ran.out).toContain('"reachesFinal": false'),
    );
  });

  it('ranks the files of a folder by what they have to gain', async () => {
    await using folder = await temporaryFolder();
    await writeFile(path.join(folder.path, 'Dockerfile'), 'FROM scratch\n');
    await writeFile(path.join(folder.path, 'Dockerfile.b'), smelly);
    await writeFile(path.join(folder.path, 'Dockerfile.c'), 'FROM python:3.13\nRUN pip install flask\n');
    const ran = await plimsoll(['report', '--offline', '--json', '.'], { cwd: folder.path });
    expect((JSON.parse(ran.out) as Report).files.map((file) => file.path)).toEqual([
      ...['Dockerfile.c', 'Dockerfile.b', 'Dockerfile'],
    ]);
  });

  it('takes one form at a time', () =>
    given(smelly, ['report', '--offline', '--sarif', '--github', '.'], ({ ran }) => {
      expect(ran.status).toBe(2);
      expect(ran.err).toMatch(/cannot be used/);
    }));
});
