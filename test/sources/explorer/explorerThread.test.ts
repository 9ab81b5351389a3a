import { afterEach, expect, test, vi } from 'vitest';
import type { ImageInfo } from '../../../src/core/image/image.ts';
import { decodeLayerIndex, encodeLayerIndex } from '../../../src/core/image/serialize.ts';
import { ExplorerThread } from '../../../src/sources/explorer/explorerThread.ts';
import { threadMethods } from '../../../src/sources/explorer/threadApi.ts';
import { ExplorerModel } from '../../../src/core/explorer/model.ts';
import { layerOf } from '../../helpers/finalTree.ts';
import { emptyConfig } from '../../helpers/historyFixture.ts';

const entry = new URL('../../../src/sources/explorer/worker.ts', import.meta.url);
const info: ImageInfo = {
  platform: 'linux/amd64',
  imageId: 'sha256:0',
  layers: [{ index: 0 }, { index: 1 }],
  history: [],
  config: emptyConfig,
};
const query = { scope: { kind: 'image' }, sort: { column: 'size', descending: true }, filter: {} } as const;

const threads: ExplorerThread[] = [];
function start(onBroken: (error: Error) => void = () => undefined): ExplorerThread {
  const thread = new ExplorerThread(entry, { source: 'archive', info }, onBroken);
  threads.push(thread);
  return thread;
}
afterEach(async () => {
  await Promise.all(threads.splice(0).map((thread) => thread[Symbol.asyncDispose]()));
});

test('the thread answers every method of the model', () => {
  const own = Object.getOwnPropertyNames(ExplorerModel.prototype).filter((name) => name !== 'constructor');
  expect(Object.keys(threadMethods).sort()).toEqual(own.sort());
});

test('layers are moved there, and windows come back', async () => {
  const thread = start();
  const layer = layerOf({ '/a': 5, '/d/b': 7 });
  expect(await thread.setLayer('image', 0, layer)).toMatchObject({ entries: 2 });
  expect(layer.size.length).toBe(0);
  expect(await thread.ask('show', ['files', query])).toMatchObject({ rowCount: 2, totalBytes: 12 });
  const { rows } = await thread.ask('rows', ['files', 0, 60]);
  expect(rows.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['d', 7],
    ['a', 5],
  ]);
});

test('what a cache may still have in memory is copied', async () => {
  const thread = start();
  const cached = decodeLayerIndex(encodeLayerIndex(layerOf({ '/a': 5 })))!;
  await thread.setLayer('image', 0, cached);
  expect(cached.size.length).toBe(1);
});

test('a layer that a manifest lists twice is sent once', async () => {
  const thread = start();
  const layer = layerOf({ '/a': 5 });
  const figures = await Promise.all([thread.setLayer('image', 0, layer), thread.setLayer('image', 1, layer)]);
  expect(figures.map(({ entries }) => entries)).toEqual([1, 1]);
  expect(await thread.ask('stackFigures', [])).toMatchObject({ fileBytes: [5, 5], wastedBytes: [5, 0] });
});

test('the model’s errors come with their codes', async () => {
  await expect(start().ask('comparisonFigures', [])).rejects.toMatchObject({ name: 'RpcError', code: 'unready' });
});

test('an answer that nobody waits for any more', async () => {
  const thread = start();
  const stop = new AbortController();
  const asked = thread.ask('show', ['files', query], stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  expect(await thread.ask('show', ['files', query])).toMatchObject({ rowCount: 0 });
});

test('a thread that cannot start fails what it was asked, and says so once', async () => {
  const onBroken = vi.fn();
  const broken = new ExplorerThread(new URL('missing.ts', entry), { source: 'archive', info }, onBroken);
  await expect(broken.ask('stackFigures', [])).rejects.toMatchObject({ name: 'RpcError' });
  await vi.waitFor(() => expect(onBroken).toHaveBeenCalledTimes(1));
  await expect(broken.ask('stackFigures', [])).rejects.toMatchObject({ code: 'failed' });
  await broken[Symbol.asyncDispose]();
});

test('disposing of it rejects what is pending, and is no breakdown', async () => {
  const onBroken = vi.fn();
  const thread = start(onBroken);
  const asked = expect(thread.ask('stackFigures', [])).rejects.toMatchObject({ code: 'closed' });
  await thread[Symbol.asyncDispose]();
  await asked;
  await expect(thread.ask('stackFigures', [])).rejects.toMatchObject({ code: 'closed' });
  expect(onBroken).not.toHaveBeenCalled();
});
