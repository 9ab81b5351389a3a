import { describe, expect, it } from 'vitest';
import type { Reference } from '../../../src/core/base/reference.ts';
import type { OpenImage } from '../../../src/core/image/image.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import type { Indexing } from '../../../src/sources/image/jobs.ts';
import { type ImageRegistry, openRegistryImage } from '../../../src/sources/image/registryImage.ts';
import { indexInWorkers } from '../../../src/sources/image/workerIndexing.ts';
import { RegistryImages } from '../../../src/sources/registry/images.ts';
import type { Compression } from '../../helpers/ociImage.ts';
import { pushImage, startRegistry, type TestRegistry } from '../../helpers/registry.ts';
import { memoryRegistryCache, testClient } from '../../helpers/scriptedRegistry.ts';
import { contractSpec, type ContractSubject, imageContract, readAll } from './contract.ts';

const entry = new URL('../../../src/sources/image/worker.ts', import.meta.url);
const threads = { 'in process': indexInProcess, 'in workers': () => indexInWorkers(entry) };
const compressions: readonly Compression[] = ['none', 'gzip', 'gzip-members', 'zstd'];

for (const [where, start] of Object.entries(threads)) {
  for (const compression of compressions) {
    imageContract(`registry, ${compression} layers, ${where}`, () => prepare(compression, start()));
  }
}

async function prepare(compression: Compression, indexing: Indexing): Promise<ContractSubject> {
  const stack = new AsyncDisposableStack();
  stack.use(indexing);
  const registry = stack.use(await startRegistry());
  const client = stack.use(testClient());
  await pushImage(registry, 'acme/app:1', contractSpec(compression));
  const images = new RegistryImages(client, memoryRegistryCache());
  return { open: () => open(images, registry, indexing), [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function open(images: ImageRegistry, registry: TestRegistry, indexing: Indexing): Promise<OpenImage> {
  const reference: Reference = { domain: registry.host, path: 'acme/app', tag: '1' };
  return openRegistryImage(images, reference, {
    platform: 'linux/amd64',
    indexing,
    signal: new AbortController().signal,
  });
}

describe('a registry', () => {
  it('is asked for each layer once, and for nothing before the layers are read', async () => {
    await using registry = await startRegistry();
    using client = testClient();
    await pushImage(registry, 'acme/app:1', contractSpec('gzip'));
    await using image = await open(new RegistryImages(client, memoryRegistryCache()), registry, indexInProcess());
    const before = registry.requests.filter(({ path }) => path.includes('/blobs/')).length;
    expect(before).toBe(1); // The config.
    await readAll(image);
    const blobs = registry.requests.filter(({ path }) => path.includes('/blobs/')).slice(before);
    expect(blobs.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).sort()).toEqual(
      image.info.layers.map(({ digest }) => digest).sort(),
    );
  });
});
