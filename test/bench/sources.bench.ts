import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { indexInProcess } from '../../src/sources/image/inProcess.ts';
import { openArchive } from '../../src/sources/image/openImage.ts';
import { indexInWorkers } from '../../src/sources/image/workerIndexing.ts';
import { writeLargeArchive, type LargeArchive } from '../helpers/largeArchive.ts';

/**
 * `node test/bench/sources.bench.ts [archive.tar]`: an archive to its layer indexes, beside a bare header pass and `cat`,
 * each in a process of its own, the best of five. Without an archive, makes two (in `PLIMSOLL_BENCH_FOLDER` or the
 * temporary folder) whose contents are holes.
 */
const shapes: Readonly<Record<string, LargeArchive>> = {
  '1.6GB-82k': { entries: 82_000, layers: 8, bytes: 1.6e9 },
  '5.5GB-500k': { entries: 500_000, layers: 21, bytes: 5.5e9, whiteouts: 800 },
};

const [task, file] = process.argv.slice(2);
switch (task) {
  case '--headers':
    report(() => Promise.resolve(headerPass(file!)));
    break;
  case '--here':
    report(() => readImage(file!, false));
    break;
  case '--workers':
    report(() => readImage(file!, true));
    break;
  default:
    compare(task === undefined ? prepared() : [task]);
}

function compare(archives: readonly string[]): void {
  for (const archive of archives) {
    console.log(`\n${archive} (${(statSync(archive).size / 1e9).toFixed(2)} GB)`);
    row('cat to nowhere', () => command('cat', [archive]));
    row('bare header pass', () => self('--headers', archive));
    row('openArchive + readLayers, in process', () => self('--here', archive));
    row('openArchive + readLayers, in workers', () => self('--workers', archive));
    if (command('dive', ['--version']) !== undefined) {
      const source = `docker-archive://${archive}`;
      row(
        'dive',
        () => command('dive', [source, '--ci', '--lowestEfficiency', '0', '--highestUserWastedPercent', '1']),
        1,
      );
    }
  }
}

interface Run {
  /** Without the start of the process, where it can be told apart. */
  readonly milliseconds: number;
  readonly peakMegabytes?: number;
  readonly entries?: number;
}

function row(title: string, run: () => Run | undefined, times = 5): void {
  const runs = Array.from({ length: times }, run).filter((each) => each !== undefined);
  const best = runs.sort((a, b) => a.milliseconds - b.milliseconds)[0];
  if (best === undefined) return console.log(`${title.padEnd(40)} failed`);
  const memory = best.peakMegabytes === undefined ? '' : `${best.peakMegabytes.toFixed(0)} MB peak`;
  const entries = best.entries === undefined ? '' : `${best.entries} entries`;
  console.log(`${title.padEnd(40)} ${best.milliseconds.toFixed(0).padStart(7)} ms  ${memory.padStart(12)}  ${entries}`);
}

function command(program: string, args: readonly string[]): Run | undefined {
  const start = performance.now();
  const { status } = spawnSync(program, args, { stdio: ['ignore', openSync('/dev/null', 'w'), 'ignore'] });
  return status === 0 ? { milliseconds: performance.now() - start } : undefined;
}

function self(argument: string, archive: string): Run | undefined {
  const { stdout, status, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), argument, archive]);
  if (status !== 0) console.error(stderr.toString());
  return status === 0 ? (JSON.parse(stdout.toString()) as Run) : undefined;
}

function report(run: () => Promise<number>): void {
  const start = performance.now();
  void run().then((entries) => {
    const milliseconds = performance.now() - start;
    console.log(JSON.stringify({ milliseconds, entries, peakMegabytes: process.resourceUsage().maxRSS / 1000 }));
  });
}

/** The least that any reader of an archive has to do: one read for each header. */
function headerPass(archive: string): number {
  const opened = openSync(archive, 'r');
  const block = Buffer.alloc(512);
  let entries = 0;
  const pass = (start: number, end: number, depth: number): void => {
    for (let position = start; position < end;) {
      readSync(opened, block, 0, 512, position);
      if (block[0] === 0) return;
      const size = parseInt(block.toString('latin1', 124, 135), 8);
      if (depth === 0 && block.toString('latin1', 0, 100).includes('layer.tar')) {
        pass(position + 512, position + 512 + size, 1);
      }
      entries += depth;
      position += 512 + Math.ceil(size / 512) * 512;
    }
  };
  pass(0, fstatSync(opened).size, 0);
  closeSync(opened);
  return entries;
}

async function readImage(archive: string, workers: boolean): Promise<number> {
  const entry = new URL('../../src/sources/image/worker.ts', import.meta.url);
  await using indexing = workers ? indexInWorkers(entry) : indexInProcess();
  const { signal } = new AbortController();
  await using image = await openArchive(archive, { indexing, signal });
  let entries = 0;
  await image.readLayers(
    {
      layer: (_, content) => (entries += content.count),
      problem: (problem) => console.error(problem),
    },
    signal,
  );
  return entries;
}

function prepared(): string[] {
  const folder = process.env.PLIMSOLL_BENCH_FOLDER ?? path.join(tmpdir(), 'plimsoll-bench');
  mkdirSync(folder, { recursive: true });
  return Object.entries(shapes).map(([name, shape]) => {
    const archive = path.join(folder, `${name}.tar`);
    if (!existsSync(archive)) writeLargeArchive(archive, shape);
    return archive;
  });
}
