import { describe, expect, it } from 'vitest';
import { parseReference, type Reference } from '../../../src/core/base/reference.ts';
import { SourceError } from '../../../src/sources/error.ts';
import { IndexCache } from '../../../src/sources/image/indexCache.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { type ImageRegistry, openRegistryImage } from '../../../src/sources/image/registryImage.ts';
import { decodeManifest, type ImageManifest } from '../../../src/sources/registry/manifest.ts';
import type { ByteCache } from '../../../src/sources/cache/byteCache.ts';
import { bytesInMemory } from '../../helpers/byteCache.ts';
import { makeImage, type MadeImage } from '../../helpers/ociImage.ts';
import { contractImage, imageContract, indexOf, readAll, rows } from './contract.ts';

/** A registry in memory, which counts what it is asked for. */
function registryOf(image: MadeImage): ImageRegistry & { readonly opened: string[]; fails?: SourceError } {
  const opened: string[] = [];
  const registry: ImageRegistry & { readonly opened: string[]; fails?: SourceError } = {
    opened,
    resolve: (_, platform) =>
      Promise.resolve({
        digest: image.manifest.digest,
        manifestDigest: image.manifest.digest,
        platform,
        manifest: decodeManifest(image.manifest.bytes, 'the image') as ImageManifest,
      }),
    config: () => Promise.resolve(image.config.bytes),
    openBlob: async function* (_, blob) {
      opened.push(blob.digest);
      await Promise.resolve();
      if (registry.fails !== undefined) throw registry.fails;
      yield image.layers.find(({ digest }) => digest === blob.digest)!.bytes;
    },
  };
  return registry;
}

const parsed = parseReference('registry.example/app:1') as { readonly reference: Reference };

function open(registry: ImageRegistry, cache?: IndexCache) {
  return openRegistryImage(registry, parsed.reference, {
    platform: 'linux/amd64',
    indexing: indexInProcess(),
    signal: new AbortController().signal,
    ...(cache === undefined ? {} : { cache }),
  });
}

for (const compression of ['gzip', 'zstd'] as const) {
  imageContract(`registry in memory, ${compression}`, () => {
    const registry = registryOf(contractImage(compression));
    return Promise.resolve({ open: () => open(registry), [Symbol.asyncDispose]: () => Promise.resolve() });
  });
}

describe('layers that were read before', () => {
  const image = contractImage('gzip');

  it('are not fetched again', async () => {
    const registry = registryOf(image);
    const cache = new IndexCache(bytesInMemory());
    const first = await readAll(await open(registry, cache));
    expect(registry.opened).toHaveLength(2);
    const second = await readAll(await open(registry, cache));
    expect(registry.opened).toHaveLength(2);
    expect(second.layers.map((layer) => rows(layer!))).toEqual(first.layers.map((layer) => rows(layer!)));
    expect(second.layers.map((layer) => rows(layer!))).toEqual(image.layers.map(({ tar }) => rows(indexOf(tar))));
  });

  it('are fetched again where the cache is broken', async () => {
    const registry = registryOf(image);
    const broken: ByteCache = {
      get: () => Promise.resolve(new Uint8Array(100).fill(7)),
      set: () => Promise.resolve(false),
      delete: () => Promise.resolve(),
    };
    for (let times = 1; times <= 2; times++) {
      expect((await readAll(await open(registry, new IndexCache(broken)))).calls).toHaveLength(2);
      expect(registry.opened).toHaveLength(2 * times);
    }
  });

  it('are not taken from an image that lies about its diff ids', async () => {
    const [base] = image.layers;
    const liar = makeImage({
      layers: [{ files: { evil: 'x' } }],
      config: { rootfs: { type: 'layers', diff_ids: [base!.diffId] } },
    });
    const cache = new IndexCache(bytesInMemory());
    const lie = await readAll(await open(registryOf(liar), cache));
    expect(lie.problems).toMatchObject([{ layer: 0, code: 'wrong-digest' }]);
    expect(await cache.get(base!.diffId)).toBeUndefined();
  });
});

it('a registry that gives no layer at all is an error of the source', async () => {
  const registry = registryOf(contractImage('gzip'));
  registry.fails = new SourceError('denied', 'registry.example wants credentials.');
  await expect(readAll(await open(registry))).rejects.toBe(registry.fails);
});
