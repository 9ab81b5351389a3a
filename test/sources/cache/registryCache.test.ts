import { expect, test } from 'vitest';
import type { ByteCache } from '../../../src/sources/cache/byteCache.ts';
import { CacheSizes } from '../../../src/sources/cache/cacheSizes.ts';
import { RegistryCache } from '../../../src/sources/cache/registryCache.ts';
import { memoryRegistryCache } from '../../helpers/scriptedRegistry.ts';

const never = new AbortController().signal;
const digest = `sha256:${'a'.repeat(64)}`;
const app = { domain: 'ghcr.io', path: 'acme/app', tag: '1' };
const record = { digest, downloadBytes: 10, onDiskBytes: 20, isSettled: true };

function online(cache: RegistryCache) {
  return new CacheSizes(cache, { acceptsStale: () => false });
}

test('records come back as they were', async () => {
  const cache = memoryRegistryCache();
  await cache.setTag(app, { digest, askedAt: 5 });
  await cache.setImage(digest, 'linux/amd64', record);
  await cache.setLayer('a', 7);
  await cache.setLayer('b', 'untold');
  await cache.setContent(digest, Buffer.from('x'));
  expect(await cache.tag(app)).toEqual({ digest, askedAt: 5 });
  expect(await cache.tag({ ...app, tag: '2' })).toBeUndefined();
  expect(await cache.image(digest, 'linux/amd64')).toEqual(record);
  expect(await cache.image(digest, 'linux/arm64')).toBeUndefined();
  expect([await cache.layer('a'), await cache.layer('b'), await cache.layer('c')]).toEqual([7, 'untold', undefined]);
  expect(Buffer.from((await cache.content(digest))!).toString()).toBe('x');
});

test.each(['', 'null', '{}', '{"digest":1,"askedAt":2}', '[', '<html>'])('a record %j is none', async (text) => {
  const bytes: ByteCache = {
    get: () => Promise.resolve(Buffer.from(text)),
    set: () => Promise.resolve(true),
    delete: () => Promise.resolve(),
  };
  const cache = new RegistryCache(bytes);
  expect([await cache.tag(app), await cache.image(digest, 'linux/amd64'), await cache.layer('a')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await online(cache).lookUp(app, 'linux/amd64', never)).toMatchObject({ none: { code: 'absent' } });
});

test('what could become more is left to the registry, where it may be asked', async () => {
  const cache = memoryRegistryCache();
  await cache.setTag(app, { digest, askedAt: Date.now() });
  await cache.setImage(digest, 'linux/amd64', { digest, downloadBytes: 10, isSettled: false });
  expect(await online(cache).lookUp(app, 'linux/amd64', never)).toMatchObject({ none: { code: 'absent' } });
  const offline = new CacheSizes(cache, { acceptsStale: () => true });
  const { sizes } = (await offline.lookUp(app, 'linux/amd64', never)) as { sizes: object };
  expect(sizes).toMatchObject({ download: { bytes: 10, basis: 'registry' }, digest });
  expect(sizes).not.toHaveProperty('onDisk');
});

test('a reference by digest needs no tag and has no date; its platform may be spelt in any way', async () => {
  const cache = memoryRegistryCache();
  await cache.setImage(digest, 'linux/arm64', record);
  const answer = await online(cache).lookUp({ domain: 'ghcr.io', path: 'x', digest }, 'linux/aarch64', never);
  expect(answer).toEqual({
    sizes: {
      onDisk: { bytes: 20, basis: 'registry' },
      download: { bytes: 10, basis: 'registry' },
      platform: 'linux/arm64',
      digest,
    },
  });
});

test('cancelled', async () => {
  await expect(online(memoryRegistryCache()).lookUp(app, 'linux/amd64', AbortSignal.abort('left'))).rejects.toBe(
    'left',
  );
});
