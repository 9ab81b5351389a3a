import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileReport, Report } from '../../src/core/report.ts';
import { plimsoll } from '../helpers/commandLine.ts';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

interface Published {
  readonly reference: string;
  readonly onDiskBytes: number | null;
  readonly downloadBytes: number | null;
}

const published = JSON.parse(
  await readFile(new URL('../fixtures/catalogue/published.json', import.meta.url), 'utf8'),
) as readonly Published[];

/** Reports one Dockerfile of this text, offline, as JSON. */
async function reportOf(text: string, ...flags: string[]): Promise<FileReport> {
  await using folder = await temporaryFolder();
  await writeFile(path.join(folder.path, 'Dockerfile'), text);
  const ran = await plimsoll(['report', 'Dockerfile', '--offline', '--json', ...flags], { cwd: folder.path });
  expect(ran).toMatchObject({ status: 0, err: '' });
  return (JSON.parse(ran.out) as Report).files[0]!;
}

describe('report --offline --json', () => {
  it('gives the size on disk within 1 % and the download exactly for every image that was read where it is published', async () => {
    const file = await reportOf(published.map(({ reference }) => `FROM ${reference}\n`).join(''));
    expect(file.stages).toHaveLength(published.length);
    const wrong = published.filter(({ onDiskBytes, downloadBytes }, i) => {
      const { onDisk, download } = file.stages[i]!.base;
      const isNear =
        onDiskBytes === null
          ? onDisk === undefined
          : onDisk !== undefined && Math.abs(onDisk.bytes - onDiskBytes) <= onDiskBytes / 100;
      return !isNear || download?.bytes !== (downloadBytes ?? undefined);
    });
    expect(published.length).toBeGreaterThan(190);
    expect(wrong).toEqual([]);
  });

  it('has the shape that programs depend on', async () => {
    const file = await reportOf(
      'FROM golang:1.26 AS build\nRUN go build\nFROM build\nCOPY . .\nFROM scratch\nCOPY --from=build /a /\n',
    );
    expect(file).toMatchObject({ path: 'Dockerfile', context: '.', problems: [] });
    expect(file.findings).toMatchObject([{ id: 'symbols-kept', line: 2, stage: 0, reachesFinal: true, fixable: true }]);
    expect(file.stages[0]).toMatchObject({
      index: 0,
      name: 'build',
      line: 1,
      isFinal: false,
      base: {
        reference: 'golang:1.26',
        resolved: 'docker.io/library/golang:1.26',
        kind: 'image',
        platform: 'linux/amd64',
        onDisk: { basis: 'catalogue', asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string },
        download: { basis: 'catalogue' },
      },
      size: { basis: 'catalogue', complete: false },
    });
    expect(file.stages[0]!.size!.bytes).toBe(file.stages[0]!.base.onDisk!.bytes);
    expect(file.stages[1]!.base).toEqual({ reference: 'build', kind: 'stage' });
    expect(file.stages[2]).toMatchObject({ isFinal: true, base: { kind: 'scratch', onDisk: { bytes: 0 } } });
    // Nothing is known of what is copied: that is no “0 bytes”.
    expect(file.stages[2]).not.toHaveProperty('size');
    expect(file.instructions.map(({ line, keyword, stage }) => [line, keyword, stage])).toEqual([
      [2, 'RUN', 0],
      [4, 'COPY', 1],
      [6, 'COPY', 2],
    ]);
  });

  it('offers smaller bases, smallest first, that save what they say', async () => {
    const [stage] = (await reportOf('FROM node:24\n')).stages;
    const sizes = stage!.alternatives.map(({ onDiskBytes }) => onDiskBytes!);
    expect(stage!.alternatives.map(({ reference }) => reference)).toContain('node:24-slim');
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    for (const { onDiskBytes, savesBytes } of stage!.alternatives) {
      expect(onDiskBytes! + savesBytes!).toBe(stage!.base.onDisk!.bytes);
    }
  });

  it.each<[text: string, flags: string[], kind: string, resolved: string | undefined, reason: RegExp | undefined]>([
    ['ARG V=3.13\nFROM python:${V}-slim\n', [], 'image', 'docker.io/library/python:3.13-slim', undefined],
    ['ARG V\nFROM python:${V:-3.13}\n', ['--build-arg', 'V=3.12'], 'image', 'docker.io/library/python:3.12', undefined],
    ['ARG V\nFROM python:$V\n', [], 'unresolved', undefined, /\$V/],
    ['FROM Upper:1\n', [], 'unresolved', undefined, /lower/i],
    ['FROM acme.example/app:1\n', [], 'image', 'acme.example/app:1', /no size/],
    ['FROM\n', [], 'unresolved', undefined, /names no image/],
  ])('%j %j is %s', async (text, flags, kind, resolved, reason) => {
    const [stage] = (await reportOf(text, ...flags)).stages;
    expect(stage!.base.kind).toBe(kind);
    expect(stage!.base.resolved).toBe(resolved);
    if (reason) expect(stage!.base.reason).toMatch(reason);
    else expect(stage!.base).not.toHaveProperty('reason');
  });

  it('gives sizes for the platform asked for, and none where it has none', async () => {
    const [alpine] = (await reportOf('FROM alpine:3.23\n', '--platform', 'linux/arm64')).stages;
    expect(alpine!.base).toMatchObject({ platform: 'linux/arm64', download: { bytes: 4186056 } });
    expect(alpine!.base).not.toHaveProperty('onDisk');
    const [other] = (await reportOf('FROM alpine:3.23\n', '--platform', 'linux/s390x')).stages;
    expect(other!.base).not.toHaveProperty('download');
    expect(other!.base.reason).toContain('linux/s390x');
  });

  it('takes the stage that --target names for the final one', async () => {
    const file = await reportOf('FROM alpine:3.23 AS a\nFROM alpine:3.22 AS b\n', '--target', 'a');
    expect(file.stages.map(({ isFinal }) => isFinal)).toEqual([true, false]);
  });

  it('reports problems of the file by line and goes on', async () => {
    const file = await reportOf('FROM alpine:3.23\nNONSENSE 1\nCOPY --from=later /a /\n');
    expect(file.problems.map(({ line }) => line)).toContain(2);
    expect(file.stages[0]!.base.onDisk).toBeDefined();
  });

  it('gives the same bytes for the same input', async () => {
    const text = 'FROM node:24 AS a\nFROM python:3.13\n';
    expect(JSON.stringify(await reportOf(text))).toBe(JSON.stringify(await reportOf(text)));
  });
});

describe('report', () => {
  it('searches a folder, in the order of the paths, and leaves other people’s folders out', async () => {
    await using folder = await temporaryFolder();
    for (const name of [
      'Dockerfile',
      'b/web.dockerfile',
      'b/Containerfile',
      'a/Dockerfile.dev',
      'a/Dockerfile.dockerignore',
      'node_modules/x/Dockerfile',
      'README.md',
    ]) {
      const file = path.join(folder.path, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, 'FROM scratch\n');
    }
    const ran = await plimsoll(['report', '.', '--offline', '--json'], { cwd: folder.path });
    expect((JSON.parse(ran.out) as Report).files.map((file) => [file.path, file.context])).toEqual([
      ['Dockerfile', '.'],
      ['a/Dockerfile.dev', 'a'],
      ['b/Containerfile', 'b'],
      ['b/web.dockerfile', 'b'],
    ]);
  });

  it.each<[args: string[], status: number, err: RegExp]>([
    [['report'], 2, /path/],
    [['report', 'nosuch'], 2, /^plimsoll: nosuch cannot be read: there is no such file or folder\.\n$/],
    [['report', '.', '--platform', 'amd64'], 2, /os\/arch/],
    [['report', '.', '--build-arg', '=x'], 2, /KEY=VALUE/],
    [['report', '.', '--json', '--markdown'], 2, /cannot be used/],
    [['report', '.', '--unknown'], 2, /unknown option/],
    [['nonsense'], 2, /unknown command/],
  ])('%j ends with %i', async (args, status, err) => {
    await using folder = await temporaryFolder();
    const ran = await plimsoll(args, { cwd: folder.path });
    expect(ran.status).toBe(status);
    expect(ran.out).toBe('');
    expect(ran.err).toMatch(err);
  });

  it('says which stage is missing', async () => {
    await using folder = await temporaryFolder();
    await writeFile(path.join(folder.path, 'Dockerfile'), 'FROM scratch AS a\n');
    const ran = await plimsoll(['report', 'Dockerfile', '--target', 'b', '--offline'], { cwd: folder.path });
    expect(ran).toEqual({ status: 2, out: '', err: 'plimsoll: There is no stage b in Dockerfile.\n' });
  });

  it('ends with 3 where the only source asked cannot be reached', async () => {
    await using folder = await temporaryFolder();
    await writeFile(path.join(folder.path, 'Dockerfile'), 'FROM alpine:3.23\n');
    const ran = await plimsoll(['report', 'Dockerfile', '--source', 'engine'], {
      cwd: folder.path,
      env: { HOME: folder.path, DOCKER_HOST: `unix://${folder.path}/none.sock` },
    });
    expect(ran.status).toBe(3);
    expect(ran.err).toMatch(/^plimsoll: .+\.\n$/);
  });

  it('ends with 130 when it is interrupted', async () => {
    await using folder = await temporaryFolder();
    await writeFile(path.join(folder.path, 'Dockerfile'), 'FROM alpine:3.23\n');
    const ran = await plimsoll(['report', 'Dockerfile', '--offline'], {
      cwd: folder.path,
      signal: AbortSignal.abort(),
    });
    expect(ran).toEqual({ status: 130, out: '', err: '' });
  });

  it('prints a table for people, without colours where nobody looks', async () => {
    await using folder = await temporaryFolder();
    await writeFile(path.join(folder.path, 'Dockerfile'), 'FROM node:24 AS build\nFROM scratch\n');
    const args = ['report', 'Dockerfile', '--offline'];
    const ran = await plimsoll(args, { cwd: folder.path });
    expect(ran.out).toMatch(/^ +1 +build +node:24 +1\.14 GB +\d+ MB +linux\/amd64 +catalogue 20\d\d-\d\d$/m);
    expect(ran.out).toMatch(/^ +node:24-slim +\d+ MB +saves \d+ MB +glibc, apt$/m);
    expect(ran.out).not.toContain('\u001b');
    const coloured = await plimsoll([...args, '--color', 'always'], { cwd: folder.path });
    expect(coloured.out).toContain('\u001b[1mDockerfile\u001b');
  });

  it('prints Markdown that a hostile name cannot break', async () => {
    await using folder = await temporaryFolder();
    await writeFile(path.join(folder.path, 'Dockerfile'), 'FROM alpine:3.23 AS a\nARG X=`|<b>\nFROM $Y|<b>`x`\n');
    const ran = await plimsoll(['report', 'Dockerfile', '--offline', '--markdown'], { cwd: folder.path });
    expect(ran.out).toContain('| a | alpine:3.23 | 8.42 MB | 3.85 MB |');
    expect(ran.out).toContain('\\|\\<b\\>\\`x\\`');
  });
});
