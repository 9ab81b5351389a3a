import { expect, test } from 'vitest';
import type { Reference } from '../../../src/core/base/reference.ts';
import { RegistrySizes } from '../../../src/sources/registry/sizes.ts';
import { digestOf, makeImage, makeIndex } from '../../helpers/ociImage.ts';
import { memoryRegistryCache, startScriptedRegistry, testClient, type Script } from '../../helpers/scriptedRegistry.ts';

const never = new AbortController().signal;
const amd = makeImage({ layers: [{ randomBytes: 50_000 }] });
const arm = makeImage({ platform: 'linux/arm64', layers: [{ randomBytes: 40_000 }] });
const index = makeIndex([amd, arm]);
const golang: Reference = { domain: 'docker.io', path: 'library/golang', tag: '1.26' };

const hubImages = [
  ...[amd, arm].map((image) => {
    const [os, architecture] = image.platform.split('/');
    const size = image.downloadBytes;
    return { os, architecture, variant: architecture === 'arm64' ? 'v8' : null, digest: image.manifest.digest, size };
  }),
  { os: 'unknown', architecture: 'unknown', variant: null, digest: digestOf(Buffer.from('x')), size: 100 },
  { os: 'linux', architecture: 's390x' }, // As for an image that was never pushed whole: no digest, no size.
];

interface HubOptions {
  readonly api?: unknown;
  readonly registry?: Script;
  readonly platform?: string;
  readonly reference?: Reference;
}

/** Looks a base up with servers that play Docker Hub's registry and its API. */
async function lookUp(options: HubOptions) {
  const api = 'api' in options ? options.api : { digest: index.digest, images: hubImages };
  await using registry = await startScriptedRegistry({ images: [amd, arm], top: index }, options.registry);
  await using hub = await startScriptedRegistry({}, (_, response) => {
    if (api === undefined) response.writeHead(404);
    response.end(typeof api === 'string' ? api : JSON.stringify(api));
    return true;
  });
  using client = testClient({ dockerHub: { registry: registry.origin, api: hub.origin } });
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  const ask = () => sizes.lookUp(options.reference ?? golang, options.platform ?? 'linux/amd64', never);
  const answer = await ask();
  const asked = registry.requests.length;
  const again = await ask();
  return {
    answer,
    again,
    bytes: 'sizes' in answer ? [answer.sizes.download?.bytes, answer.sizes.onDisk?.bytes] : answer.none,
    hubRequests: hub.requests,
    hubHeaders: hub.received.map((request) => request.headers.authorization),
    pulls: registry.requests.filter((request) => /^GET .*\/manifests\//.test(request)),
    askedAgain: registry.requests.length - asked,
  };
}

const whole = [amd.downloadBytes, amd.onDiskBytes];

test('sizes by the tag API and one pull, of the platform’s manifest; then nothing more', async () => {
  const { answer, again, bytes, hubRequests, hubHeaders, pulls, askedAgain } = await lookUp({});
  expect(bytes).toEqual(whole);
  expect(hubRequests).toEqual(['GET /v2/repositories/library/golang/tags/1.26']);
  expect(hubHeaders).toEqual([undefined]);
  expect(pulls).toEqual([`GET /v2/library/golang/manifests/${amd.manifest.digest}`]);
  expect(again).toEqual(answer);
  expect(askedAgain).toBe(0);
});

test('a variant that the API spells out', async () => {
  expect((await lookUp({ platform: 'linux/arm64' })).bytes).toEqual([arm.downloadBytes, arm.onDiskBytes]);
});

test('a platform that is not there costs no pull', async () => {
  const { bytes, pulls } = await lookUp({ platform: 'linux/riscv64' });
  expect(bytes).toMatchObject({ code: 'platform', message: /^golang:1\.26 is not made for linux\/riscv64/ });
  expect(pulls).toEqual([]);
});

/** Where the API is of no use, the registry answers, with two pulls: of the index and of the manifest. */
const uselessApis: Record<string, unknown> = {
  'it does not know the tag': undefined,
  'it speaks of another digest': { digest: arm.manifest.digest, images: hubImages },
  'it tells no digest': { images: hubImages },
  'it answers HTML': '<html>',
  'its shape has changed': { digest: index.digest, pictures: [] },
};

test.each(Object.entries(uselessApis))('the API is of no use: %s', async (_, api) => {
  const { bytes, pulls } = await lookUp({ api });
  expect(bytes).toEqual(whole);
  expect(pulls).toHaveLength(2);
});

const limitedPulls: Record<string, Script> = {
  'the limit is reached': (request, response) => {
    if (request.method !== 'GET' || !request.url!.includes('/manifests/')) return false;
    response.writeHead(429, { 'retry-after': '9999' }).end();
    return true;
  },
  'few are left, which are the user’s': (_, response) => {
    response.setHeader('ratelimit-remaining', '3;w=21600');
    return false;
  },
};

test.each(Object.entries(limitedPulls))('pulls are limited: %s', async (name, registry) => {
  const { bytes, again, answer, pulls } = await lookUp({ registry });
  expect(bytes).toEqual([amd.downloadBytes, undefined]);
  expect(again).toEqual(answer);
  expect(pulls).toHaveLength(name === 'the limit is reached' ? 1 : 0);
});

test('a reference by digest alone: the registry answers, and no tag is asked', async () => {
  const reference = { domain: 'docker.io', path: 'library/golang', digest: index.digest };
  const { bytes, hubRequests, answer } = await lookUp({ reference });
  expect(bytes).toEqual(whole);
  expect(hubRequests).toEqual([]);
  expect(answer).not.toHaveProperty('sizes.download.asOf');
});
