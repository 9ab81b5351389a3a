import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { plimsoll } from '../helpers/commandLine.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporaryFolder.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(folder.path, name)), { recursive: true });
    await writeFile(path.join(folder.path, name), text);
  };
  await write(
    'Dockerfile',
    'FROM debian:trixie\nRUN apt-get update && apt-get install -y git\nCOPY . /app\nRUN make\n',
  );
  await write('.dockerignore', 'log\n');
  await write('src/large', 'x'.repeat(2_000_000));
  await write('log/huge', 'x'.repeat(5_000_000));
  await write('lean.Dockerfile', 'FROM debian:trixie\nCOPY src /app\n');
  await write('lean.Dockerfile.dockerignore', 'src/l*\n');
});
afterAll(() => folder[Symbol.asyncDispose]());

async function report(...args: string[]): Promise<Report['files'][number]> {
  const { status, out } = await plimsoll(['report', '--offline', '--json', ...args], { cwd: folder.path });
  expect(status).toBe(0);
  return (JSON.parse(out) as Report).files[0]!;
}

test('what instructions add, from the package graph and the context after its ignore file', async () => {
  const { instructions, stages, findings } = await report('Dockerfile');
  const [run, copy, make] = instructions;
  expect(run).toMatchObject({ line: 2, weight: { basis: 'estimated', complete: true } });
  // git with what is recommended, and the lists that are left behind.
  expect(run!.weight!.bytes / 1e6).toBeGreaterThan(140);
  expect(run!.weight!.bytes / 1e6).toBeLessThan(180);
  expect(run!.parts.map(({ name }) => name)).toContain('git');
  expect(copy!.weight!.bytes).toBeGreaterThan(2_000_000);
  expect(copy!.weight!.bytes).toBeLessThan(2_001_000);
  expect(copy!.parts[0]).toEqual({ kind: 'path', name: 'src/large', bytes: 2_000_000 });
  expect(make).toMatchObject({ line: 4, unknown: [{ kind: 'command', name: 'make' }] });
  expect(make).not.toHaveProperty('weight');
  const size = stages[0]!.size!;
  expect(size.bytes).toBe(stages[0]!.base.onDisk!.bytes + run!.weight!.bytes + copy!.weight!.bytes);
  expect(size.complete).toBe(false);
  // What is known of packages is known to the rules too.
  expect(findings.find(({ id }) => id === 'apt-recommends')!.savesBytes! / 1e6).toBeGreaterThan(5);
});

test('the Dockerfile’s own ignore file counts, and another context may be given', async () => {
  const { instructions } = await report('lean.Dockerfile');
  expect(instructions[0]).toMatchObject({ weight: { bytes: 0 }, unknown: [] });
  const other = await report('--context', 'src', 'Dockerfile');
  expect(other.instructions[1]!.weight!.bytes).toBe(2_000_000);
});

test('for people', async () => {
  const { out } = await plimsoll(['report', '--offline', 'Dockerfile'], { cwd: folder.path });
  expect(out).toMatch(/ 3 +COPY +≈ 2 MB +src\/large 2 MB/);
  const { out: markdown } = await plimsoll(['report', '--offline', '--markdown', 'Dockerfile'], { cwd: folder.path });
  expect(markdown).toMatch(/\| +3 \| COPY +\| +≈ 2 MB \|/);
});
