import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DiffReport } from '../../src/core/image/diffReport.ts';
import { makeArchive } from '../helpers/archives.ts';
import { plimsoll, type Ran } from '../helpers/commandLine.ts';
import { type LayerSpec, type MadeImage, makeImage } from '../helpers/ociImage.ts';
import { tar } from '../helpers/tar.ts';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

const base: LayerSpec = {
  tar: tar([
    { name: 'bin/app', content: 1000, mtime: 1 },
    { name: 'etc/conf', content: 50, mtime: 1 },
  ]),
};
const before = makeImage({
  layers: [
    base,
    {
      tar: tar([
        { name: 'old/a', content: 300 },
        { name: 'old/b', content: 400 },
        { name: 'data', content: 10, mtime: 1 },
        { name: 'own', content: 20, mtime: 1, uid: 0 },
        { name: 'touched', content: 30, mtime: 1 },
      ]),
    },
  ],
});
const after = makeImage({
  layers: [
    base,
    {
      tar: tar([
        { name: 'new', content: 5000 },
        { name: 'data', content: 17, mtime: 1 },
        { name: 'own', content: 20, mtime: 1, uid: 1000 },
        { name: 'touched', content: 30, mtime: 2 },
      ]),
    },
  ],
});

async function diff(first: MadeImage, second: MadeImage, ...flags: string[]): Promise<Ran> {
  await using folder = await temporaryFolder();
  const names = await Promise.all(
    [first, second].map(async (image, i) => {
      const file = path.join(folder.path, `${i}.tar`);
      await writeFile(file, makeArchive([{ image, names: [`app:${i}`] }], 'oci'));
      return file;
    }),
  );
  return await plimsoll(['diff', ...names, '--offline', '--no-cache', ...flags]);
}

describe('diff --json', () => {
  it('tells what came, what went and what changed, by bytes', async () => {
    const ran = await diff(before, after, '--json');
    expect(ran).toMatchObject({ status: 0, err: '' });
    const report = JSON.parse(ran.out) as DiffReport;
    expect(report.first).toMatchObject({
      imageId: before.config.digest,
      onDiskBytes: before.onDiskBytes,
      finalBytes: 1810,
    });
    expect(report.second).toMatchObject({ downloadBytes: after.downloadBytes, finalBytes: 6117 });
    expect(report.layers).toMatchObject({
      shared: [{ diffId: before.layers[0]!.diffId, first: 0, second: 0 }],
      onlyFirst: [{ index: 1, diffId: before.layers[1]!.diffId }],
      onlySecond: [{ index: 1, diffId: after.layers[1]!.diffId }],
    });
    expect(report.paths).toEqual([
      { change: 'added', path: '/new', firstBytes: 0, secondBytes: 5000, paths: 1 },
      { change: 'removed', path: '/old', firstBytes: 700, secondBytes: 0, paths: 3 },
      { change: 'changed', path: '/data', firstBytes: 10, secondBytes: 17, paths: 1 },
      { change: 'metadata', path: '/own', firstBytes: 20, secondBytes: 20, paths: 1 },
    ]);
    const totals = Object.fromEntries(report.totals.map((total) => [total.change, total]));
    expect(totals.same).toMatchObject({ paths: 2, firstBytes: 1050, secondBytes: 1050 });
    expect(totals.time).toMatchObject({ paths: 1, firstBytes: 30 });
    const sum = (side: 'firstBytes' | 'secondBytes'): number =>
      report.totals.reduce((total, row) => total + row[side], 0);
    expect([sum('firstBytes'), sum('secondBytes')]).toEqual([report.first.finalBytes, report.second.finalBytes]);
  });

  it('finds an image equal to itself', async () => {
    const report = JSON.parse((await diff(before, before, '--json')).out) as DiffReport;
    expect(report.paths).toEqual([]);
    expect(report.layers).toMatchObject({ shared: [{}, {}], onlyFirst: [], onlySecond: [] });
  });

  it('lists as many paths as --top asks for', async () => {
    const report = JSON.parse((await diff(before, after, '--json', '--top', '1')).out) as DiffReport;
    expect(report.paths.map((row) => row.path)).toEqual(['/new']);
  });
});

describe('diff', () => {
  it('prints tables for people, as Markdown and as comma-separated values', async () => {
    const text = await diff(before, after);
    expect(text.out).toMatch(/^ +\+5 kB +0 B +5 kB +1 +added +\/new$/m);
    expect(text.out).toMatch(/^1 shared layer \(\d+(\.\d+)? kB\), 1 only before, 1 only after$/m);
    const markdown = await diff(before, after, '--markdown');
    expect(markdown.out).toContain('| −700 B | 700 B | 0 B | 3 | removed | /old |');
    const csv = await diff(before, after, '--csv');
    expect(csv.out.split('\n').slice(0, 2)).toEqual([
      'change,path,firstBytes,secondBytes,paths',
      'added,/new,0,5000,1',
    ]);
  });

  it('says which image cannot be opened', async () => {
    const ran = await plimsoll(['diff', './nosuch.tar', './other.tar']);
    expect(ran.status).toBe(2);
    expect(ran.err).toContain('./nosuch.tar');
  });
});
