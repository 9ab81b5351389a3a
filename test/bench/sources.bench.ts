import { spawnSync } from 'node:child_process';
import {
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { imageReport } from '../../src/core/image/imageReport.ts';
import type { LayerIndex } from '../../src/core/image/layerIndex.ts';
import { DiskCache } from '../../src/sources/cache/diskCache.ts';
import { IndexCache } from '../../src/sources/image/indexCache.ts';
import { indexInProcess } from '../../src/sources/image/inProcess.ts';
import { openArchive } from '../../src/sources/image/openImage.ts';
import { indexInWorkers } from '../../src/sources/image/workerIndexing.ts';
import { makeArchive } from '../helpers/archives.ts';
import { makeImage } from '../helpers/ociImage.ts';
import { writeLargeArchive, type LargeArchive } from '../helpers/largeArchive.ts';

/**
 * `node test/bench/sources.bench.ts [archive.tar]`: an archive to its layer indexes, and to the complete JSON of
 * `plimsoll image --json` (the bundle in `dist`: `node esbuild.config.ts --production` first), beside a bare header pass,
 * `cat`, the start of Node and, where there is one, dive; each in a process of its own, the best of five. An archive of gzip
 * layers is read beside zlib alone; and the report of an image is made whose layers are in the cache. Without an archive,
 * makes three (in `PLIMSOLL_BENCH_FOLDER` or the temporary folder): two whose contents are holes, one of gzip layers.
 */
const shapes: Readonly<Record<string, LargeArchive>> = {
  '1.6GB-82k': { entries: 82_000, layers: 8, bytes: 1.6e9 },
  '5.5GB-500k': { entries: 500_000, layers: 21, bytes: 5.5e9, whiteouts: 800 },
};

/**
 * Loaded before a program that is measured: tells its whole use of the machine on descriptor 3 when it ends. Its peak is
 * that which Linux keeps for the program itself; `maxRSS` begins with what its parent had when it started it.
 */
const resourceUse = `process.once('exit', () => {
  const fs = require('node:fs');
  const { user, system } = process.cpuUsage();
  const kilobytes = process.platform === 'linux'
    ? Number(/VmHWM:\\s*(\\d+)/.exec(fs.readFileSync('/proc/self/status', 'latin1'))[1])
    : process.resourceUsage().maxRSS;
  const use = { cpuMilliseconds: (user + system) / 1000, peakMegabytes: kilobytes * 1.024 / 1000 };
  fs.writeSync(3, JSON.stringify(use));
});`;

const commandLine = path.join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

const [task, file] = process.argv.slice(2);
switch (task) {
  case '--headers':
    report(() => Promise.resolve(headerPass(file!)));
    break;
  case '--gunzip':
    report(() => gunzipAll(file!));
    break;
  case '--here':
    report(() => readImage(file!, false));
    break;
  case '--workers':
    report(() => readImage(file!, true));
    break;
  case '--fill':
    report(() => fillCache(file!));
    break;
  case '--cached':
    report(() => reportFromCache(file!));
    break;
  default:
    compare(task === undefined ? prepared() : [task]);
}

function compare(archives: readonly string[]): void {
  for (const archive of archives) {
    console.log(`\n${archive} (${(statSync(archive).size / 1e9).toFixed(2)} GB)`);
    row('cat to nowhere', () => command('cat', [archive]));
    const start = row('start of node', () => nodeProgram(['-e', '0']));
    const isGzip = layersOf(archive).some((layer) => layer.isGzip);
    const least = isGzip
      ? row('zlib alone, all cores', () => self('--gunzip', archive))
      : row('bare header pass', () => self('--headers', archive));
    row('openArchive + readLayers, in process', () => self('--here', archive));
    row('openArchive + readLayers, in workers', () => self('--workers', archive));
    const image = row('plimsoll image --json', () =>
      nodeProgram([commandLine, 'image', archive, '--json', '--offline']),
    );
    if (start && least && image) {
      const budget = (figure: 'milliseconds' | 'cpuMilliseconds') =>
        (image[figure] ?? NaN) / ((isGzip ? 1.15 : 2) * (least[figure] ?? NaN) + (start[figure] ?? NaN));
      const formula = isGzip ? '1.15 × zlib alone + start of node' : '2 × bare header pass + start of node';
      console.log(
        `  of its budget, ${formula}: ${percent(budget('milliseconds'))} of the time, ${percent(budget('cpuMilliseconds'))} of the CPU`,
      );
    }
    self('--fill', archive);
    row('report of an image in the cache, in process', () => self('--cached', archive));
    const dive = diveProgram();
    if (dive !== undefined) {
      const source = `docker-archive://${archive}`;
      row(
        'dive',
        () => command(dive, [source, '--ci', '--lowestEfficiency', '0', '--highestUserWastedPercent', '1']),
        1,
      );
    }
  }
}

function percent(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}

/** On PATH, or where Go installs it. */
function diveProgram(): string | undefined {
  const installed = path.join(process.env.GOPATH ?? path.join(homedir(), 'go'), 'bin', 'dive');
  return ['dive', installed].find((program) => command(program, ['--version']) !== undefined);
}

interface Run {
  /** Without the start of the process, where it can be told apart. */
  readonly milliseconds: number;
  /** Of all threads: what tells more on a machine that others use too. */
  readonly cpuMilliseconds?: number;
  readonly peakMegabytes?: number;
  readonly entries?: number;
}

/** Prints and gives the least of each figure. */
function row(title: string, run: () => Run | undefined, times = 5): Run | undefined {
  const runs = Array.from({ length: times }, run).filter((each) => each !== undefined);
  const fastest = runs.sort((a, b) => a.milliseconds - b.milliseconds)[0];
  if (fastest === undefined) {
    console.log(`${title.padEnd(40)} failed`);
    return undefined;
  }
  const least = Math.min(...runs.map((each) => each.cpuMilliseconds ?? Infinity));
  const best: Run = least === Infinity ? fastest : { ...fastest, cpuMilliseconds: least };
  const memory = best.peakMegabytes === undefined ? '' : `${best.peakMegabytes.toFixed(0)} MB peak`;
  const cpu = best.cpuMilliseconds === undefined ? '' : `${best.cpuMilliseconds.toFixed(0)} ms CPU`;
  const entries = best.entries === undefined ? '' : `${best.entries} entries`;
  console.log(
    `${title.padEnd(40)} ${best.milliseconds.toFixed(0).padStart(7)} ms  ${cpu.padStart(11)}  ${memory.padStart(12)}  ${entries}`,
  );
  return best;
}

function command(program: string, args: readonly string[]): Run | undefined {
  const start = performance.now();
  const { status } = spawnSync(program, args, { stdio: ['ignore', openSync('/dev/null', 'w'), 'ignore'] });
  return status === 0 ? { milliseconds: performance.now() - start } : undefined;
}

/** Node with a program, all of it: from its start, and what all its threads used. */
function nodeProgram(args: readonly string[]): (Run & { readonly printed: string }) | undefined {
  const preload = path.join(archiveFolder(), 'resourceUse.cjs');
  writeFileSync(preload, resourceUse);
  const start = performance.now();
  const { status, output } = spawnSync(process.execPath, ['--require', preload, ...args], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) return undefined;
  const milliseconds = performance.now() - start;
  return { milliseconds, ...(JSON.parse(String(output[3])) as Omit<Run, 'milliseconds'>), printed: String(output[1]) };
}

/** One of the tasks of this file: its time is told without that of loading what it needs. */
function self(argument: string, archive: string): Run | undefined {
  const ran = nodeProgram([fileURLToPath(import.meta.url), argument, archive]);
  return ran && { ...ran, ...(JSON.parse(ran.printed) as Partial<Run>) };
}

function report(run: () => Promise<number>): void {
  const start = performance.now();
  const cpu = process.cpuUsage();
  void run().then((entries) => {
    const milliseconds = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    console.log(JSON.stringify({ milliseconds, cpuMilliseconds: (user + system) / 1000, entries }));
  });
}

/** One read for each header: what any reader of a tar has to do at least. */
function eachHeader(
  opened: number,
  start: number,
  end: number,
  seen: (header: Buffer, content: number, size: number) => void,
): void {
  const block = Buffer.alloc(512);
  for (let position = start; position < end;) {
    readSync(opened, block, 0, 512, position);
    if (block[0] === 0) return;
    const size = parseInt(block.toString('latin1', 124, 135), 8);
    seen(block, position + 512, size);
    position += 512 + Math.ceil(size / 512) * 512;
  }
}

interface StoredLayer {
  readonly start: number;
  readonly end: number;
  readonly isGzip: boolean;
}

function layersOf(archive: string): StoredLayer[] {
  const opened = openSync(archive, 'r');
  const layers: StoredLayer[] = [];
  eachHeader(opened, 0, fstatSync(opened).size, (block, start, size) => {
    const magic = Buffer.alloc(2);
    readSync(opened, magic, 0, 2, start);
    const isGzip = magic[0] === 0x1f && magic[1] === 0x8b;
    if (isGzip || block.toString('latin1', 0, 100).includes('.tar')) layers.push({ start, end: start + size, isGzip });
  });
  closeSync(opened);
  return layers;
}

function headerPass(archive: string): number {
  const opened = openSync(archive, 'r');
  let entries = 0;
  for (const { start, end } of layersOf(archive)) eachHeader(opened, start, end, () => entries++);
  closeSync(opened);
  return entries;
}

/** The least that any reader of gzip layers has to do: as many at a time as there are cores, to nowhere. */
async function gunzipAll(archive: string): Promise<number> {
  const waiting = layersOf(archive).filter(({ isGzip }) => isGzip);
  const one = async (): Promise<void> => {
    for (let layer = waiting.shift(); layer !== undefined; layer = waiting.shift()) {
      const stored = createReadStream(archive, { start: layer.start, end: layer.end - 1, highWaterMark: 256 * 1024 });
      await finished(stored.pipe(createGunzip({ chunkSize: 256 * 1024 })).resume());
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, one));
  return 0;
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

/** One for each archive: those that are made up here all have the same diff ids. */
function indexCache(archive: string): IndexCache {
  return new IndexCache(new DiskCache({ folder: path.join(archiveFolder(), 'cache', path.basename(archive)) }));
}

/** Puts what an engine or a registry would have put there: an archive's own layers are not trusted with a diff id. */
async function fillCache(archive: string): Promise<number> {
  await using indexing = indexInProcess();
  const { signal } = new AbortController();
  await using image = await openArchive(archive, { indexing, signal });
  const layers: LayerIndex[] = [];
  const on = { layer: (place: number, index: LayerIndex) => (layers[place] = index), problem: console.error };
  await image.readLayers(on, signal);
  const cache = indexCache(archive);
  for (const [place, index] of layers.entries()) await cache.set(image.info.layers[place]!.diffId!, index);
  return 0;
}

/** From the diff ids of an image to its report, as for one of an engine that is unchanged: its manifest is at hand. */
async function reportFromCache(archive: string): Promise<number> {
  await using indexing = indexInProcess();
  const { signal } = new AbortController();
  await using image = await openArchive(archive, { indexing, signal });
  const cache = indexCache(archive);
  const layers = await Promise.all(image.info.layers.map(({ diffId }) => cache.get(diffId!)));
  if (layers.includes(undefined)) throw new Error('A layer is not in the cache.');
  const { info, problems } = image;
  return imageReport({ source: 'engine', info, layers, problems, top: 100 }).totals.entries;
}

/** Four gzip layers of real machine code: Node's own, in files of 20 kB. */
function gzipArchive(): Uint8Array {
  const code = readFileSync(process.execPath);
  const layers = [0, 1, 2, 3].map((part) => {
    const files: Record<string, Uint8Array> = {};
    for (let at = part * 5000; at < code.length; at += 20_000)
      files[`usr/lib/${part}/${at}`] = code.subarray(at, at + 20_000);
    return { files };
  });
  return makeArchive([{ image: makeImage({ layers }), names: ['zipped:1'] }], 'docker-oci');
}

function archiveFolder(): string {
  const folder = process.env.PLIMSOLL_BENCH_FOLDER ?? path.join(tmpdir(), 'plimsoll-bench');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function prepared(): string[] {
  const folder = archiveFolder();
  const plain = Object.entries(shapes).map(([name, shape]) => {
    const archive = path.join(folder, `${name}.tar`);
    if (!existsSync(archive)) writeLargeArchive(archive, shape);
    return archive;
  });
  const zipped = path.join(folder, 'gzip-layers.tar');
  if (!existsSync(zipped)) writeFileSync(zipped, gzipArchive());
  return [...plain, zipped];
}
