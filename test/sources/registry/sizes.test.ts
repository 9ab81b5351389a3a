import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { BaseAnswer, NoSizeCode } from '../../../src/core/base/baseSize.ts';
import { CacheSizes } from '../../../src/sources/cache/cacheSizes.ts';
import { RegistrySizes } from '../../../src/sources/registry/sizes.ts';
import { makeImage, makeIndex } from '../../helpers/ociImage.ts';
import { memoryRegistryCache, startScriptedRegistry, testClient, type Script } from '../../helpers/scriptedRegistry.ts';

const never = new AbortController().signal;
const image = makeImage({ layers: [{ files: { a: 'b' } }, { randomBytes: 60_000 }] });

function sizesOf(answer: BaseAnswer) {
  return 'sizes' in answer ? [answer.sizes.download?.bytes, answer.sizes.onDisk?.bytes] : answer.none;
}

const isGet = (request: IncomingMessage, part: string) => request.method === 'GET' && request.url!.includes(part);

/** Answers that no registry should give to a manifest's GET, HEAD and blob requests; what the user is told. */
const broken: Record<string, { script: Script; code: NoSizeCode; message: RegExp }> = {
  'hangs before the head': {
    script: () => true,
    code: 'timeout',
    message: /does not answer/,
  },
  'hangs in the middle of the manifest': {
    script: (request, response) => isGet(request, '/manifests/') && (response.write('{"schemaVersion":2,'), true),
    code: 'timeout',
    message: /does not answer/,
  },
  'drips the manifest for ever': {
    script: (request, response) => {
      if (!isGet(request, '/manifests/')) return false;
      const timer = setInterval(() => response.write(' '), 50);
      response.once('close', () => clearInterval(timer));
      return true;
    },
    code: 'timeout',
    message: /takes too long/,
  },
  'truncates the manifest': {
    script: (request, response) => {
      if (!isGet(request, '/manifests/')) return false;
      response.setHeader('content-length', 1000);
      response.write('{"schemaVersion":2,');
      setTimeout(() => response.destroy(), 20);
      return true;
    },
    code: 'network',
    message: /broke off/,
  },
  'redirects in a circle': {
    script: (_, response) => Boolean(response.writeHead(307, { location: '/v2/round' }).end()),
    code: 'invalid',
    message: /circle/,
  },
  'redirects to nowhere': {
    script: (_, response) => Boolean(response.writeHead(307, { location: 'http://[' }).end()),
    code: 'invalid',
    message: /does not follow/,
  },
  'answers HTML to everything': {
    script: (_, response) =>
      Boolean(response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>')),
    code: 'invalid',
    message: /is HTML; is there a proxy/,
  },
  'announces a manifest of 2 GB': {
    script: (request, response) => {
      if (!isGet(request, '/manifests/')) return false;
      response.setHeader('content-length', 2e9);
      response.flushHeaders();
      return true;
    },
    code: 'invalid',
    message: /more than 4000000 bytes/,
  },
  'sends a manifest without end': {
    script: (request, response) => {
      if (!isGet(request, '/manifests/')) return false;
      const block = Buffer.alloc(1_000_000, ' ');
      const pump = () => {
        while (response.write(block));
      };
      response.on('drain', pump);
      pump();
      return true;
    },
    code: 'invalid',
    message: /more than 4000000 bytes/,
  },
  'sends another manifest than the digest names': {
    script: (request, response) =>
      isGet(request, '/manifests/') && Boolean(response.end(makeImage({ layers: [] }).manifest.bytes)),
    code: 'invalid',
    message: /not what its digest names/,
  },
  'sends another config than the digest names': {
    script: (request, response) => isGet(request, '/blobs/') && Boolean(response.end('{"os":"linux"}')),
    code: 'invalid',
    message: /not what its digest names/,
  },
  '401 for ever, asking for basic auth': {
    script: (_, response) => Boolean(response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()),
    code: 'denied',
    message: /wants credentials for acme\/app, or does not have it/,
  },
  '401 for ever, saying nothing': {
    script: (_, response) => Boolean(response.writeHead(401).end()),
    code: 'denied',
    message: /wants credentials/,
  },
  '403': {
    script: (_, response) => Boolean(response.writeHead(403).end()),
    code: 'denied',
    message: /wants credentials/,
  },
  '404': {
    script: (_, response) => Boolean(response.writeHead(404).end()),
    code: 'absent',
    message: /does not have 127.0.0.1:\d+\/acme\/app:1/,
  },
  '429 until tomorrow': {
    script: (_, response) => Boolean(response.writeHead(429, { 'retry-after': '86400' }).end()),
    code: 'limited',
    message: /allows no more requests for now; it is asked again after \d\d:\d\d UTC/,
  },
  '500': {
    script: (_, response) => Boolean(response.writeHead(500).end('secret')),
    code: 'network',
    message: /answers with status 500/,
  },
  'an old manifest, schema 1': {
    script: (_, response) => {
      response.setHeader('content-type', 'application/vnd.docker.distribution.manifest.v1+prettyjws');
      return Boolean(response.end('{"schemaVersion":1,"fsLayers":[]}'));
    },
    code: 'invalid',
    message: /old schema 1/,
  },
  'closes every connection': {
    script: (request) => Boolean(request.destroy()),
    code: 'network',
    message: /broke off/,
  },
};

test.each(Object.entries(broken))('a registry that: %s', async (_, { script, code, message }) => {
  await using registry = await startScriptedRegistry({ images: [image] }, script);
  using client = testClient(code === 'timeout' ? { timeouts: { idleMs: 300, totalMs: 800 } } : {});
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  const answer = await sizes.lookUp(registry.reference(), 'linux/amd64', never);
  expect(answer).toEqual({ none: { code, message: expect.stringMatching(message) as string } });
  expect(registry.requests.length).toBeLessThan(10);
});

test('a server that speaks no HTTP', async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  using client = testClient();
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  const domain = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = await sizes.lookUp({ domain, path: 'a', tag: '1' }, 'linux/amd64', never);
  server.close();
  expect(answer).toMatchObject({ none: { code: 'invalid', message: `${domain} does not speak HTTP.` } });
});

test('nobody listens', async () => {
  using client = testClient();
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  const answer = await sizes.lookUp({ domain: '127.0.0.1:1', path: 'a', tag: '1' }, 'linux/amd64', never);
  expect(answer).toEqual({ none: { code: 'network', message: '127.0.0.1:1 refuses the connection.' } });
});

test('a platform that is none', async () => {
  using client = testClient();
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  const answer = await sizes.lookUp({ domain: '127.0.0.1:1', path: 'a', tag: '1' }, 'amd64', never);
  expect(answer).toMatchObject({ none: { code: 'platform' } });
});

/** What happens to the second layer's blob; the download size stands in any case. */
const brokenLayers: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
  'is not there': (_, response) => response.writeHead(404).end(),
  'is sent whole instead of a part': (_, response) => {
    response.setHeader('content-length', 1e9);
    response.flushHeaders();
  },
  'comes from another place': (_, response) => {
    response.writeHead(206, { 'content-range': 'bytes 5-16388/60000' }).end(Buffer.alloc(16_384));
  },
  'comes too short': (_, response) => {
    response.writeHead(206, { 'content-range': 'bytes 0-16383/60000' }).end('short');
  },
  'is no gzip': (request, response) => {
    const [, from, to] = /(\d+)-(\d+)/.exec(request.headers.range!)!;
    response.writeHead(206, { 'content-range': `bytes ${from}-${to}/60000` }).end(Buffer.alloc(16_384, 7));
  },
};

test.each(Object.entries(brokenLayers))('a layer that %s: download known, on disk unknown', async (_, answer) => {
  await using registry = await startScriptedRegistry({ images: [image] }, (request, response) => {
    if (!request.url!.includes(image.layers[1]!.digest)) return false;
    answer(request, response);
    return true;
  });
  using client = testClient();
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  const found = await sizes.lookUp(registry.reference(), 'linux/amd64', never);
  expect(sizesOf(found)).toEqual([image.downloadBytes, undefined]);
});

test('a registry that ignores ranges is not asked for parts again', async () => {
  const other = makeImage({ layers: [{ randomBytes: 50_000 }] });
  await using registry = await startScriptedRegistry({ images: [image, other] }, (request) => {
    delete request.headers.range;
    return false;
  });
  using client = testClient();
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  await sizes.lookUp(registry.reference(), 'linux/amd64', never);
  registry.requests.length = 0;
  const reference = { domain: registry.host, path: 'acme/app', digest: other.manifest.digest };
  expect(sizesOf(await sizes.lookUp(reference, 'linux/amd64', never))).toEqual([other.downloadBytes, undefined]);
  expect(registry.requests.filter((request) => request.includes(other.layers[0]!.digest))).toEqual([]);
});

test('many askers share one HEAD, one GET per manifest and one look at each layer', async () => {
  const arm = makeImage({ platform: 'linux/arm64', layers: [{ randomBytes: 50_000 }] });
  await using registry = await startScriptedRegistry({ images: [image, arm], top: makeIndex([image, arm]) });
  using client = testClient();
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  const asked = ['linux/amd64', 'linux/amd64', 'linux/arm64', 'linux/amd64'];
  const answers = await Promise.all(asked.map((platform) => sizes.lookUp(registry.reference(), platform, never)));
  expect(answers.map(sizesOf)).toEqual(
    [image, image, arm, image].map((made) => [made.downloadBytes, made.onDiskBytes]),
  );
  const counts = new Map<string, number>();
  for (const request of registry.requests) counts.set(request, (counts.get(request) ?? 0) + 1);
  const ends = [image.layers[1]!, arm.layers[0]!].map(({ digest }) => `GET /v2/acme/app/blobs/${digest}`);
  for (const [request, count] of counts) expect(count, request).toBe(ends.includes(request) ? 2 : 1);
});

test('one asker leaves, the others get their answer', async () => {
  let release: (() => void) | undefined;
  await using registry = await startScriptedRegistry({ images: [image] }, (request, response) => {
    if (request.method !== 'HEAD') return false;
    release = () => {
      response.setHeader('docker-content-digest', image.manifest.digest);
      response.end();
    };
    return true;
  });
  using client = testClient();
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  const leaving = new AbortController();
  const left = sizes.lookUp(registry.reference(), 'linux/amd64', leaving.signal);
  const stayed = sizes.lookUp(registry.reference(), 'linux/amd64', never);
  await expect.poll(() => registry.requests.length).toBe(1);
  const reason = new Error('the user closed the file');
  leaving.abort(reason);
  await expect(left).rejects.toBe(reason);
  release?.();
  expect(await stayed).toHaveProperty('sizes');
});

test('cancelling the only asker ends the request', async () => {
  let closed = false;
  await using registry = await startScriptedRegistry({ images: [image] }, (_, response) => {
    response.once('close', () => (closed = true));
    return true;
  });
  using client = testClient();
  const sizes = new RegistrySizes(client, memoryRegistryCache());
  const leaving = new AbortController();
  const left = sizes.lookUp(registry.reference(), 'linux/amd64', leaving.signal);
  await expect.poll(() => registry.requests.length).toBe(1);
  leaving.abort('left');
  await expect(left).rejects.toBe('left');
  await expect.poll(() => closed).toBe(true);
});

test('a tag is asked once per life; when its registry is away, what was known is given with its date', async () => {
  let away = false;
  await using registry = await startScriptedRegistry({ images: [image] }, (request) => {
    if (away) request.destroy();
    return away;
  });
  using client = testClient();
  const cache = memoryRegistryCache();
  let now = Date.parse('2026-05-01T10:00:00Z');
  const options = { tagLifeMs: 1000, now: () => now };
  const sizes = new RegistrySizes(client, cache, options);
  const fresh = new CacheSizes(cache, { ...options, acceptsStale: () => false });
  const stale = new CacheSizes(cache, { ...options, acceptsStale: () => true });
  const ask = (source: RegistrySizes | CacheSizes) => source.lookUp(registry.reference(), 'linux/amd64', never);
  expect(await ask(fresh)).toMatchObject({ none: { code: 'absent' } });
  const first = await ask(sizes);
  expect(first).toMatchObject({ sizes: { onDisk: { asOf: '2026-05-01' }, download: { asOf: '2026-05-01' } } });
  now += 999;
  expect(await ask(fresh)).toEqual(first);
  await ask(sizes);
  expect(registry.requests.filter((request) => request.startsWith('HEAD'))).toHaveLength(1);
  now += 24 * 3_600_000;
  expect(await ask(fresh)).toMatchObject({ none: { code: 'absent' } });
  expect(await ask(stale)).toEqual(first);
  away = true;
  expect(await ask(sizes)).toEqual(first);
  away = false;
  expect(await ask(sizes)).toMatchObject({ sizes: { onDisk: { asOf: '2026-05-02' } } });
  expect(registry.requests.filter((request) => request.startsWith('GET /v2/acme/app/manifests/'))).toHaveLength(1);
});

test('a registry that tells no digest: the manifest is fetched and hashed', async () => {
  await using registry = await startScriptedRegistry({ images: [image] }, (request, response) => {
    if (request.method !== 'HEAD') return false;
    response.end();
    return true;
  });
  using client = testClient();
  const answer = await new RegistrySizes(client, memoryRegistryCache()).lookUp(
    registry.reference(),
    'linux/amd64',
    never,
  );
  expect(sizesOf(answer)).toEqual([image.downloadBytes, image.onDiskBytes]);
  expect(registry.requests.filter((request) => request.startsWith('GET /v2/acme/app/manifests/'))).toHaveLength(1);
});
