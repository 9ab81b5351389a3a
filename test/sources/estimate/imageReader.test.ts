import { expect, test } from 'vitest';
import type { ImageQuestion } from '../../../src/core/estimate/imageFiles.ts';
import { Engine } from '../../../src/sources/engine/engine.ts';
import { ImageReader } from '../../../src/sources/estimate/imageReader.ts';
import { IndexCache } from '../../../src/sources/image/indexCache.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { makeArchive } from '../../helpers/archives.ts';
import { bytesInMemory } from '../../helpers/byteCache.ts';
import { bareMachine, type FakeEngine, startFakeEngine } from '../../helpers/fakeEngine.ts';
import { makeImage } from '../../helpers/ociImage.ts';

const image = makeImage({
  layers: [
    { files: { 'etc/a': 'x'.repeat(1000), 'root/.npm/c': 'x'.repeat(50) } },
    { files: { 'etc/b': 'x'.repeat(30) } },
  ],
});
const id = image.config.digest;
const archive = makeArchive([{ image, names: ['app:1'] }], 'docker-oci');
const { signal } = new AbortController();

async function setUp(sizes: readonly number[] = [1050, 30]) {
  const inspected = {
    Id: id,
    RepoTags: ['app:1'],
    Os: 'linux',
    Architecture: 'amd64',
    RootFS: { Layers: image.layers.map(({ diffId }) => diffId) },
  };
  const history = sizes.map((Size, at) => ({ Created: 1, CreatedBy: `COPY ${at} /`, Size })).reverse();
  const server: FakeEngine = await startFakeEngine({
    [`/images/${id}/json`]: inspected,
    '/images/docker.io/library/app:1/json': inspected,
    [`/images/${id}/history`]: history,
    '/images/docker.io/library/app:1/history': history,
    [`/images/${id}/get`]: (response: import('node:http').ServerResponse) => void response.end(archive),
  });
  const engine = new Engine({ surroundings: bareMachine({ DOCKER_HOST: server.host }) });
  const indexes = new IndexCache(bytesInMemory());
  const open = () => new ImageReader({ sources: () => ({ engine }), indexes, indexing: indexInProcess() });
  const exports = () => server.asked.filter((path) => path.includes('/get')).length;
  return {
    reader: open(),
    open,
    server,
    exports,
    ask: async (reader: ImageReader, question: Partial<ImageQuestion>) => {
      const answer = await reader.answer(
        { image: id, sources: ['/etc'], excludes: [], ...question },
        'linux/amd64',
        signal,
      );
      return answer.kind === 'files' ? answer.bytes : answer.kind;
    },
    async [Symbol.asyncDispose]() {
      engine[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

test('a small image of the engine is read once, whole and by layer', async () => {
  await using it = await setUp();
  const { reader, ask } = it;
  expect(await Promise.all([ask(reader, {}), ask(reader, { layer: 0 }), ask(reader, { layer: 1 })])).toEqual([
    1030, 1000, 30,
  ]);
  expect(await ask(reader, { layer: 0, sources: ['/root/.npm', '/home/*/.npm'] })).toBe(50);
  expect(await ask(reader, { layer: 7 })).toBe('unknown');
  expect(it.exports()).toBe(1);
});

test('by its name, and from the layers that were read before', async () => {
  await using it = await setUp();
  expect(await it.ask(it.reader, { image: 'app:1' })).toBe(1030);
  it.reader.forget();
  expect(await it.ask(it.open(), {})).toBe(1030);
  expect(it.exports()).toBe(1);
});

test('a large image is not read for a hint, only found in the cache', async () => {
  await using it = await setUp([2_000_000_000, 30]);
  expect(await it.ask(it.reader, {})).toBe('unknown');
  expect(it.exports()).toBe(0);
});

test('one that nobody has', async () => {
  await using it = await setUp();
  expect(await it.ask(it.reader, { image: 'gone:1' })).toBe('unknown');
  expect(await it.ask(it.reader, { image: 'NO:reference' })).toBe('unknown');
});

test('who is cancelled hears of it, and who asked the same does not', async () => {
  await using it = await setUp();
  const controller = new AbortController();
  const question = { image: id, sources: ['/etc'], excludes: [] };
  const first = it.reader.answer(question, 'linux/amd64', controller.signal);
  const second = it.ask(it.reader, {});
  controller.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  expect(await second).toBe(1030);
});
