import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openLayerStore, type LayerStore } from '../../../src/sources/engine/layerStore.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';

const diffIds = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
const imageId = `sha256:${'a'.repeat(64)}`;
const second = createHash('sha256').update(`${diffIds[0]!} ${diffIds[1]!}`).digest('hex');

async function dockerStore(files: Record<string, string>): Promise<{ store: LayerStore; root: string }> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder.path, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  const place = { product: 'Docker', root: folder.path, driver: 'overlay2' } as const;
  return { store: openLayerStore(place, imageId, diffIds), root: folder.path };
}

const layerdb = `image/overlay2/layerdb/sha256/${second}`;
const healthy = {
  [`${layerdb}/diff`]: diffIds[1]!,
  [`${layerdb}/cache-id`]: 'cafe',
  [`${layerdb}/tar-split.json.gz`]: 'twelve bytes',
  'overlay2/cafe/diff/etc/motd': 'hello',
  secret: 'not of the image',
};

test('a layer by its chain id', async () => {
  const { store, root } = await dockerStore(healthy);
  expect(await store.tarSplit(1)).toEqual({
    form: 'tar-split',
    path: path.join(root, layerdb, 'tar-split.json.gz'),
    start: 0,
    length: 12,
  });
  expect(Buffer.from((await store.readFile(1, '/etc/motd', 4))!).toString()).toBe('hell');
});

test('the config by its digest', async () => {
  const { store } = await dockerStore({ [`image/overlay2/imagedb/content/sha256/${'a'.repeat(64)}`]: '{}' });
  expect((await store.config())?.toString()).toBe('{}');
});

test.each<[title: string, files: Record<string, string>]>([
  ['nothing is there', {}],
  ['another layer is there', { ...healthy, [`${layerdb}/diff`]: diffIds[0]! }],
])('%s', async (_title, files) => {
  const { store } = await dockerStore(files);
  expect([await store.config(), await store.tarSplit(1), await store.readFile(1, '/etc/motd', 9)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a cache id that leads elsewhere is none', async () => {
  const { store } = await dockerStore({ ...healthy, [`${layerdb}/cache-id`]: '../..' });
  expect(await store.readFile(1, '/secret', 9)).toBeUndefined();
});

test.each(['/link', '/folder/secret', '/../../../secret', '/etc', '/none', '/etc/motd/x', ''])(
  'no link and no way out is followed: “%s”',
  async (file) => {
    const { store, root } = await dockerStore(healthy);
    const diff = path.join(root, 'overlay2/cafe/diff');
    await symlink(path.join(root, 'secret'), path.join(diff, 'link'));
    await symlink(root, path.join(diff, 'folder'));
    expect(await store.readFile(1, file, 9)).toBeUndefined();
  },
);
