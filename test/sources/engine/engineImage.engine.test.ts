import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseReference, type Reference } from '../../../src/core/base/reference.ts';
import type { OpenImage } from '../../../src/core/image/image.ts';
import { encodeLayerIndex } from '../../../src/core/image/serialize.ts';
import type { ByteCache } from '../../../src/sources/cache/byteCache.ts';
import type { Engine } from '../../../src/sources/engine/engine.ts';
import { openEngineImage, type EngineImageOptions } from '../../../src/sources/engine/engineImage.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { IndexCache } from '../../../src/sources/image/indexCache.ts';
import type { Indexing } from '../../../src/sources/image/jobs.ts';
import { indexInWorkers } from '../../../src/sources/image/workerIndexing.ts';
import { makeArchive } from '../../helpers/archives.ts';
import { buildImage, engineFor, importImage, loadImage, startEngine, type TestEngine } from '../../helpers/engine.ts';
import { makeImage } from '../../helpers/ociImage.ts';
import { startPodman } from '../../helpers/podman.ts';
import { tar } from '../../helpers/tar.ts';
import { contractImage, contractReference, entryAt, imageContract, readAll } from '../image/contract.ts';

const never = new AbortController().signal;
const here = indexInProcess();
const workers = indexInWorkers(new URL('../../../src/sources/image/worker.ts', import.meta.url));
afterAll(() => workers[Symbol.asyncDispose]());

function reference(text: string): Reference {
  const parsed = parseReference(text);
  if (!('reference' in parsed)) throw new Error(parsed.problem);
  return parsed.reference;
}

/** One server of each kind serves all tests. */
const servers = new Map<() => Promise<TestEngine>, Promise<TestEngine>>();
function shared(start: () => Promise<TestEngine>): Promise<TestEngine> {
  const server = servers.get(start) ?? start();
  servers.set(start, server);
  return server;
}
afterAll(async () => {
  for (const server of servers.values()) await (await server)[Symbol.asyncDispose]();
});

const engines: [name: string, start: () => Promise<TestEngine>][] = [
  ['dockerd', startEngine],
  ['podman', startPodman],
];

for (const [name, start] of engines) {
  for (const [way, useStorage] of [
    ['storage', true],
    ['export', false],
  ] as const) {
    for (const [where, indexing] of [
      ['in process', here],
      ['in workers', workers],
    ] as const) {
      imageContract(`${name}, ${way}, ${where}`, async () => {
        const server = await shared(start);
        const image = contractImage('none');
        await loadImage(server, makeArchive([{ image, names: [contractReference] }], 'docker-legacy'));
        const engine = engineFor(server);
        return {
          open: () => openEngineImage(engine, reference(contractReference), { indexing, useStorage, signal: never }),
          [Symbol.asyncDispose]() {
            engine[Symbol.dispose]();
            return Promise.resolve();
          },
        };
      });
    }
  }
}

/** Names, links and attributes of every kind, and a content that the storage would show if it were read at the wrong place. */
const oddLayer = tar([
  { name: './' },
  { name: `deep/${'folder/'.repeat(20)}` },
  { name: `deep/${'folder/'.repeat(20)}file`, content: 'x'.repeat(513) },
  { name: 'empty', content: '' },
  { name: 'exact', content: 'e'.repeat(512) },
  { name: 'attributes', content: 'a', xattrs: { 'user.test': 'value' } },
  { name: 'ünï', content: 'ü' },
  { name: 'setuid', content: 's', mode: 0o4755, uid: 1000, gid: 1000, mtime: 1 },
  { name: 'hard', type: '1', link: 'exact' },
  { name: 'soft', type: '2', link: '../'.repeat(40) },
  { name: 'pipe', type: '6' },
]);

describe.each(engines)('%s', (_name, start) => {
  let server: TestEngine;
  let engine: Engine;
  beforeAll(async () => {
    server = await shared(start);
    engine = engineFor(server);
    const lines = ['FROM scratch', 'COPY a /x/a', 'ENV V=1', 'COPY b /x/b', 'COPY a /x/a', 'CMD ["/x/a"]'];
    await buildImage(server, 'plimsoll-built:1', `${lines.join('\n')}\n`, { a: 'a'.repeat(3000), b: 'b' });
    const odd = makeImage({ layers: [{ tar: oddLayer, compression: 'none' }] });
    await loadImage(server, makeArchive([{ image: odd, names: ['plimsoll-odd:1'] }], 'docker-legacy'));
    await importImage(server, 'plimsoll-imported:latest', tar([{ name: 'a', content: 'x'.repeat(5000) }]));
    const twice = { tar: tar([{ name: 'same', content: 'same' }]), compression: 'none' } as const;
    const other = { tar: tar([{ name: 'other', content: 'other' }]), compression: 'none' } as const;
    const repeated = makeImage({ layers: [twice, other, twice] });
    await loadImage(server, makeArchive([{ image: repeated, names: ['plimsoll-repeated:1'] }], 'docker-legacy'));
  });
  afterAll(() => engine[Symbol.dispose]());

  const open = (name: string, options: Partial<EngineImageOptions> = {}): Promise<OpenImage> =>
    openEngineImage(engine, reference(name), { indexing: here, signal: never, ...options });

  test.each(['plimsoll-built:1', 'plimsoll-odd:1', 'plimsoll-imported', 'plimsoll-repeated:1'])(
    'the storage gives the same bytes as the export: %s',
    async (name) => {
      await using fast = await open(name, { indexing: withoutScan(here) });
      await using slow = await open(name, { useStorage: false });
      const [stored, exported] = [await readAll(fast), await readAll(slow)];
      expect([stored.problems, exported.problems]).toEqual([[], []]);
      expect(stored.layers).toHaveLength(fast.info.layers.length);
      const bytes = (layers: typeof stored.layers) => layers.map((layer) => encodeLayerIndex(layer!));
      expect(bytes(stored.layers)).toEqual(bytes(exported.layers));
    },
  );

  test.each([true, false])('the history of a built image, with storage: %s', async (useStorage) => {
    await using image = await open('plimsoll-built:1', { useStorage });
    expect(image.info.history.map(({ emptyLayer }) => emptyLayer)).toEqual([false, true, false, false, true]);
    expect(image.info.layers.map(({ onDiskBytes }) => onDiskBytes! > 0)).toEqual([true, true, true]);
    await readAll(image);
    expect(image.info.history.map(({ emptyLayer }) => emptyLayer)).toEqual([false, true, false, false, true]);
    expect(image.info.config).toMatchObject({ cmd: ['/x/a'] });
  });

  test('by its id', async () => {
    await using named = await open('plimsoll-built:1');
    await using image = await openEngineImage(engine, named.info.imageId, { indexing: here, signal: never });
    expect(image.info.layers).toEqual(named.info.layers);
  });

  test('absent, and for another platform', async () => {
    await expect(open('plimsoll-none:1')).rejects.toMatchObject({ name: 'SourceError', code: 'absent' });
    const asked = open('plimsoll-built:1', { platform: 'windows/amd64' });
    await expect(asked).rejects.toMatchObject({ name: 'SourceError', code: 'platform' });
  });

  test('what the cache has is read from nowhere else', async () => {
    const cache = new IndexCache(mapCache());
    await using first = await open('plimsoll-repeated:1', { cache, useStorage: false });
    const exported = await readAll(first);
    await using second = await open('plimsoll-repeated:1', { cache, indexing: nothing });
    const cached = await readAll(second);
    expect(cached.layers.map((layer) => encodeLayerIndex(layer!))).toEqual(
      exported.layers.map((layer) => encodeLayerIndex(layer!)),
    );
    const file = entryAt(cached.layers[1]!, '/other');
    expect(Buffer.from(await second.readFile(1, file, 100, never)).toString()).toBe('other');
  });

  test('known within 300 ms', async () => {
    const began = performance.now();
    await using image = await open('plimsoll-built:1', { useStorage: false });
    const took = performance.now() - began;
    expect(image.info.layers.every(({ onDiskBytes }) => onDiskBytes !== undefined)).toBe(true);
    // The bound is for a user's eyes; a busy machine may take longer without anything being wrong.
    console.log(`${server.product}: layers and history known after ${took.toFixed(0)} ms`);
  });
});

test('an engine that is killed in the middle of an export: what came whole is shown, then the source has failed', async () => {
  await using server = await startPodman();
  using engine = engineFor(server);
  const small = { tar: tar([{ name: 'small', content: 'small' }]), compression: 'none' } as const;
  const large = { tar: tar([{ name: 'large', content: 60_000_000 }]), compression: 'none' } as const;
  await loadImage(
    server,
    makeArchive([{ image: makeImage({ layers: [small, large] }), names: ['plimsoll-large:1'] }], 'docker-flat'),
  );
  await using image = await openEngineImage(engine, reference('plimsoll-large:1'), {
    indexing: here,
    useStorage: false,
    signal: never,
  });
  const layers: number[] = [];
  const reading = image.readLayers(
    {
      layer: (layer) => layers.push(layer),
      problem: () => undefined,
      progress: ({ bytes }) => {
        if (bytes > 1_000_000) server.process?.kill('SIGKILL');
      },
    },
    never,
  );
  await expect(reading).rejects.toMatchObject({ name: 'SourceError', code: 'network' });
  expect(layers).toEqual([0]);
  expect(engine.state.status).toBe('none');
  if (server.process?.exitCode === null && server.process.signalCode === null) await once(server.process, 'exit');
});

function mapCache(): ByteCache {
  const stored = new Map<string, Uint8Array>();
  return {
    get: (key) => Promise.resolve(stored.get(key)),
    set: (key, value) => Promise.resolve(Boolean(stored.set(key, value))),
    delete: (key) => Promise.resolve(void stored.delete(key)),
  };
}

/** Fails where an export is read. */
function withoutScan(indexing: Indexing): Indexing {
  return { ...indexing, scanArchive: () => Promise.reject(new Error('the export was read')) };
}

/** Fails where anything is read. */
const nothing: Indexing = {
  ...withoutScan(here),
  indexLayer: () => Promise.reject(new Error('a layer was read')),
};
