import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BaseSizes } from '../../../src/core/base/baseSize.ts';
import { parseReference, type Reference } from '../../../src/core/base/reference.ts';
import { CacheSizes } from '../../../src/sources/cache/cacheSizes.ts';
import { DiskCache } from '../../../src/sources/cache/diskCache.ts';
import { RegistryCache } from '../../../src/sources/cache/registryCache.ts';
import type { Credential } from '../../../src/sources/credentials/credentials.ts';
import { RegistryClient } from '../../../src/sources/registry/client.ts';
import { RegistrySizes } from '../../../src/sources/registry/sizes.ts';
import { pushImage, startRegistry, type TestRegistry } from '../../helpers/registry.ts';

const never = new AbortController().signal;

async function setUp(credential?: Credential) {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-sizes-'));
  const cache = new RegistryCache(new DiskCache({ folder }));
  const client = new RegistryClient({
    credentials: { find: () => Promise.resolve(credential ? { credential, from: 'the test' } : {}) },
  });
  return {
    sizes: new RegistrySizes(client, cache),
    offline: new CacheSizes(cache, { acceptsStale: () => true }),
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function reference(registry: TestRegistry, name: string): Reference {
  const parsed = parseReference(`${registry.host}/${name}`);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.reference;
}

function sizesIn(answer: object): BaseSizes {
  expect(answer).toHaveProperty('sizes');
  return (answer as { sizes: BaseSizes }).sizes;
}

test('every kind of layer: download exact, on disk exact or absent', async () => {
  await using registry = await startRegistry();
  await using subject = await setUp();
  const layers = {
    gzip: { randomBytes: 100_000, compression: 'gzip' },
    'gzip, small': { files: { a: 'b' }, compression: 'gzip' },
    'gzip, members, small': { files: { a: 'b' }, compression: 'gzip-members' },
    'gzip, members': { randomBytes: 100_000, compression: 'gzip-members' },
    eStargz: { randomBytes: 100_000, compression: 'estargz' },
    zstd: { randomBytes: 100_000, compression: 'zstd' },
    'zstd without size': { randomBytes: 100_000, compression: 'zstd-unsized' },
    plain: { randomBytes: 100_000, compression: 'none' },
  } as const;
  const untold = ['gzip, members', 'eStargz', 'zstd without size'];
  for (const [index, [name, layer]] of Object.entries(layers).entries()) {
    const pushed = await pushImage(registry, `kinds/k${index}:1`, { layers: [{ files: { base: 'x' } }, layer] });
    const sizes = sizesIn(await subject.sizes.lookUp(reference(registry, `kinds/k${index}:1`), 'linux/amd64', never));
    expect(sizes.download?.bytes, name).toBe(pushed.images[0]!.downloadBytes);
    expect(sizes.onDisk?.bytes, name).toBe(untold.includes(name) ? undefined : pushed.images[0]!.onDiskBytes);
  }
});

const logins = {
  none: undefined,
  htpasswd: { kind: 'password', username: 'ada', password: 'pass-s3cret-of-ada' },
  token: { kind: 'password', username: 'ada', password: 'pass-s3cret-of-ada' },
  'token by identity token': { kind: 'identity', token: 'identity-s3cret-of-ada' },
} as const;

test.each(Object.keys(logins) as (keyof typeof logins)[])(
  'an index behind %s: each platform, then nothing more',
  async (login) => {
    const auth = login.startsWith('token') ? 'token' : login === 'htpasswd' ? 'htpasswd' : 'none';
    await using registry = await startRegistry({ auth });
    await using subject = await setUp(logins[login]);
    const pushed = await pushImage(registry, 'acme/app:1', {
      attested: true,
      platforms: [
        { layers: [{ randomBytes: 50_000 }, { files: { a: 'b' } }] },
        { platform: 'linux/arm64', types: 'docker', layers: [{ randomBytes: 70_000 }] },
        { platform: 'linux/arm/v6', layers: [] },
      ],
    });
    const app = reference(registry, 'acme/app:1');
    const platforms = ['linux/amd64', 'linux/arm64/v8', 'linux/arm/v7'];
    const answers = await Promise.all(platforms.map((platform) => subject.sizes.lookUp(app, platform, never)));
    for (const [index, image] of pushed.images.entries()) {
      const sizes = sizesIn(answers[index]!);
      expect(sizes.digest).toBe(image.manifest.digest);
      expect([sizes.download?.bytes, sizes.onDisk?.bytes]).toEqual([image.downloadBytes, image.onDiskBytes]);
      expect(sizes.onDisk?.basis).toBe('registry');
    }
    const heads = registry.requests.filter(({ method }) => method === 'HEAD');
    expect(heads).toHaveLength(auth === 'none' ? 1 : 2); // One is refused, and answered with what it asks for.
    const gets = registry.requests.filter(({ method, path }) => method === 'GET' && path.includes('/manifests/'));
    expect(gets).toHaveLength(4); // The index and three manifests, each once.

    registry.requests.length = 0;
    expect(await subject.sizes.lookUp(app, 'linux/s390x', never)).toMatchObject({
      none: { code: 'platform', message: expect.stringContaining('linux/amd64, linux/arm64, linux/arm/v6') as string },
    });
    expect(await subject.sizes.lookUp(app, 'linux/amd64', never)).toEqual(answers[0]);
    expect(await subject.offline.lookUp(app, 'linux/arm64', never)).toEqual(answers[1]);
    expect(registry.requests).toEqual([]);

    await subject.sizes.forget(app);
    expect(await subject.sizes.lookUp(app, 'linux/amd64', never)).toEqual(answers[0]);
    expect(registry.requests.map(({ method }) => method)).toEqual(['HEAD']);
  },
);

test('a private repository without a login, and one that is not there', async () => {
  await using registry = await startRegistry({ auth: 'token' });
  await pushImage(registry, 'acme/app:1', { layers: [] });
  await pushImage(registry, 'public/app:1', { layers: [] });
  await using subject = await setUp();
  expect(await subject.sizes.lookUp(reference(registry, 'acme/app:1'), 'linux/amd64', never)).toMatchObject({
    none: { code: 'denied', message: `${registry.host} wants credentials for acme/app, or does not have it.` },
  });
  expect(await subject.sizes.lookUp(reference(registry, 'public/app:2'), 'linux/amd64', never)).toMatchObject({
    none: { code: 'absent', message: `${registry.host} does not have ${registry.host}/public/app:2.` },
  });
  expect(await subject.sizes.lookUp(reference(registry, 'public/app:1'), 'linux/amd64', never)).toHaveProperty('sizes');
});

test('a cold look-up makes four trips, whatever the number of layers: at 50 ms latency about 250 ms', async () => {
  await using registry = await startRegistry({ latencyMs: 50 });
  await pushImage(registry, 'acme/app:1', {
    platforms: [{ layers: [{ randomBytes: 90_000 }, { randomBytes: 90_000 }, { randomBytes: 90_000 }, { files: {} }] }],
  });
  await using subject = await setUp();
  const start = performance.now();
  await subject.sizes.lookUp(reference(registry, 'acme/app:1'), 'linux/amd64', never);
  console.log(`cold look-up: ${Math.round(performance.now() - start)} ms, ${registry.requests.length} requests`);
  // The trips that wait for each other: the tag's digest, the index, the manifest, the layers' ends.
  expect(registry.requests.length).toBeLessThanOrEqual(3 + 2 * 4);
});
