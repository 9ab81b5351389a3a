import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Indexing, ScannedLayer } from '../../../src/sources/image/jobs.ts';
import { LayerError } from '../../../src/sources/image/layerError.ts';
import { indexInWorkers } from '../../../src/sources/image/workerIndexing.ts';
import { makeArchive } from '../../helpers/archives.ts';
import { writeLargeArchive } from '../../helpers/largeArchive.ts';
import { digestOf, makeImage } from '../../helpers/ociImage.ts';
import { tar } from '../../helpers/tar.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';
import { indexOf, rows } from './contract.ts';

const entry = new URL('../../../src/sources/image/worker.ts', import.meta.url);
const layer = tar(Array.from({ length: 2000 }, (_, at) => ({ name: `f${at}`, content: `content ${at}` })));
const noBytes = (): void => undefined;

let folder: TemporaryFolder;
let workers: Indexing;
beforeAll(async () => {
  folder = await temporaryFolder();
  workers = indexInWorkers(entry, 2);
});
afterAll(async () => {
  await workers[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function* slices(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield Promise.resolve(bytes.subarray(at, at + size));
}

describe('a stream', () => {
  it.each([333, 65_536])('of layers in chunks of %i bytes', async (size) => {
    const signal = new AbortController().signal;
    let last = 0;
    const { index, problems } = await workers.indexLayer(slices(layer, size), {}, (bytes) => (last = bytes), signal);
    expect(rows(index)).toEqual(rows(indexOf(layer)));
    expect(problems).toEqual([]);
    expect(last).toBeLessThanOrEqual(layer.length);
    // The caller's bytes are still the caller's.
    expect(layer.length).toBeGreaterThan(0);
  });

  it('is compared with its digests', async () => {
    const stored = gzipSync(layer);
    const signal = new AbortController().signal;
    const read = (checks: object) => workers.indexLayer(slices(stored, 5000), checks, noBytes, signal);
    await expect(read({ digest: digestOf(stored), diffId: digestOf(layer) })).resolves.toBeDefined();
    await expect(read({ digest: digestOf(layer) })).rejects.toMatchObject({ code: 'wrong-digest' });
    await expect(read({ diffId: digestOf(stored) })).rejects.toMatchObject({ code: 'wrong-digest' });
  });

  it('is not read ahead of the worker without bound', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        given++;
        yield await Promise.resolve(new Uint8Array(1 << 20));
      }
    }
    const cancel = new AbortController();
    const reading = workers.indexLayer(endless(), {}, noBytes, cancel.signal);
    setTimeout(() => cancel.abort(new Error('enough')), 30);
    await expect(reading).rejects.toThrow('enough');
    await pause(50);
    const then = given;
    await pause(50);
    expect(given).toBe(then);
  });

  it('that fails gives its own error, and is ended', async () => {
    let ended = false;
    async function* failing(): AsyncGenerator<Uint8Array> {
      try {
        yield await Promise.resolve(layer.slice(0, 2048));
        throw new Error('the line is dead');
      } finally {
        ended = true;
      }
    }
    await expect(workers.indexLayer(failing(), {}, noBytes, new AbortController().signal)).rejects.toThrow(
      'the line is dead',
    );
    expect(ended).toBe(true);
  });
});

it('scans an archive that comes as a stream, as an engine sends it', async () => {
  const image = makeImage({
    layers: [
      { tar: layer, compression: 'none' },
      { files: { a: 'b' }, compression: 'gzip' },
    ],
  });
  const archive = makeArchive([{ image, names: ['a:1'] }], 'docker-legacy');
  const layers: ScannedLayer[] = [];
  const documents: string[] = [];
  await workers.scanArchive(
    slices(archive, 10_000),
    { verify: false },
    {
      layer: (found) => layers.push(found),
      document: (name) => documents.push(name),
      damaged: () => undefined,
      link: () => undefined,
      progress: () => undefined,
    },
    new AbortController().signal,
  );
  expect(documents.at(-2)).toBe('manifest.json');
  expect(layers.map(({ isCompressed, storedBytes }) => ({ isCompressed, storedBytes }))).toEqual(
    image.layers.map(({ bytes }, at) => ({ isCompressed: at === 1, storedBytes: bytes.length })),
  );
  expect(rows(layers[0]!.index)).toEqual(rows(indexOf(layer)));
});

it('a handler that throws fails the job, not the thread', async () => {
  const archive = makeArchive([{ image: makeImage({ layers: [{ tar: layer }] }) }], 'oci');
  const on = { layer: fail, document: fail, damaged: fail, link: fail, progress: fail };
  const scan = workers.scanArchive(slices(archive, 10_000), { verify: true }, on, new AbortController().signal);
  await expect(scan).rejects.toThrow('no good');
});

function fail(): never {
  throw new Error('no good');
}

describe('a thread that crashes', () => {
  it.each([
    ['at its start', 'throw new Error("boom")'],
    ['at a job', 'require("node:worker_threads").parentPort.on("message", () => process.exit(3))'],
  ])('%s is a problem of its jobs, and another is started for the next', async (title, code) => {
    const file = path.join(folder.path, `${title.replaceAll(' ', '-')}.cjs`);
    await writeFile(file, code);
    await using broken = indexInWorkers(pathToFileURL(file), 1);
    for (let times = 0; times < 2; times++) {
      const error: unknown = await broken
        .indexLayer(slices(layer, 5000), {}, noBytes, new AbortController().signal)
        .catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(LayerError);
      expect((error as LayerError).code).toBe('worker-failed');
    }
  });
});

describe('while a large archive is indexed', () => {
  const file = (): string => path.join(folder.path, 'large.tar');
  beforeAll(() => writeLargeArchive(file(), { entries: 60_000, layers: 1, bytes: 3e8 }));

  it('the calling thread leaves the work to the worker', async () => {
    const range = { path: file(), start: 512, length: 3e8 };
    const before = process.threadCpuUsage();
    const beforeAll = process.cpuUsage();
    const { index } = await workers.indexLayer(range, {}, noBytes, new AbortController().signal);
    const own = process.threadCpuUsage(before);
    const all = process.cpuUsage(beforeAll);
    expect(index.count).toBeGreaterThan(50_000);
    // A share and not a time, because on a busy machine everything takes longer. In process it would be nearly all of it.
    expect(own.user + own.system).toBeLessThan((all.user + all.system) / 2);
  });

  it('it can be cancelled in mid-read', async () => {
    const range = { path: file(), start: 512, length: 3e8 };
    const cancel = new AbortController();
    let told = 0;
    const reading = workers.indexLayer(
      range,
      {},
      (bytes) => {
        told = bytes;
        cancel.abort(new Error('enough'));
      },
      cancel.signal,
    );
    await expect(reading).rejects.toThrow('enough');
    expect(told).toBeLessThan(3e8);
  });
});
