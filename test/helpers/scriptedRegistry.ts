import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RegistryClient, type RegistryClientOptions } from '../../src/sources/registry/client.ts';
import { RegistryCache } from '../../src/sources/cache/registryCache.ts';
import type { ByteCache } from '../../src/sources/cache/byteCache.ts';
import type { Reference } from '../../src/core/base/reference.ts';
import type { Blob, MadeImage } from './ociImage.ts';

/** An HTTP server in this process that behaves like a registry, until a script says otherwise. */
export interface ScriptedRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly origin: string;
  /** `METHOD /path`, in order. */
  readonly requests: string[];
  /** The same with their headers. */
  readonly received: IncomingMessage[];
  /** Repository `acme/app` on this server, with the given tag. */
  reference(tag?: string): Reference;
}

/** Answers a request, or returns false to leave it to the registry. */
export type Script = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Serves `images` by digest, and what `top` names (default: the first image) under every tag. */
export async function startScriptedRegistry(
  content: { readonly images?: readonly MadeImage[]; readonly top?: Blob & { readonly mediaType: string } },
  script: Script = () => false,
): Promise<ScriptedRegistry> {
  const images = content.images ?? [];
  const top = content.top ?? images[0]?.manifest;
  const manifests = [...(top ? [top] : []), ...images.map((image) => image.manifest)];
  const blobs = images.flatMap((image) => [image.config, ...image.layers]);
  const requests: string[] = [];
  const received: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    received.push(request);
    if (script(request, response)) return;
    const [, kind, name] = /^\/v2\/[^?]+?\/(manifests|blobs)\/([^/?]+)$/.exec(request.url ?? '') ?? [];
    const manifest = manifests.find(({ digest }) => digest === name) ?? (name?.includes(':') ? undefined : top);
    const blob = blobs.find(({ digest }) => digest === name);
    if (kind === 'manifests' && manifest) {
      response.setHeader('content-type', manifest.mediaType);
      response.setHeader('docker-content-digest', manifest.digest);
      response.setHeader('content-length', manifest.bytes.length);
      response.end(request.method === 'HEAD' ? undefined : manifest.bytes);
    } else if (kind === 'blobs' && blob) {
      sendRange(request, response, blob.bytes);
    } else {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[]}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    origin: `http://${host}`,
    requests,
    received,
    reference: (tag = '1') => ({ domain: host, path: 'acme/app', tag }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The bytes that a request's `Range` asks for, as a storage service answers. */
export function sendRange(request: IncomingMessage, response: ServerResponse, bytes: Uint8Array): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (!range) {
    response.setHeader('content-length', bytes.length);
    response.end(bytes);
    return;
  }
  const from = Number(range[1]);
  const to = range[2] ? Number(range[2]) + 1 : bytes.length;
  response.setHeader('content-length', to - from);
  response.setHeader('content-range', `bytes ${from}-${to - 1}/${bytes.length}`);
  response.writeHead(206).end(bytes.subarray(from, to));
}

/** A client that knows nobody. */
export function testClient(options: Partial<RegistryClientOptions> = {}): RegistryClient {
  return new RegistryClient({
    credentials: { find: () => Promise.resolve({}) },
    env: {},
    ...options,
  });
}

/** A cache that lives as long as the test. */
export function memoryRegistryCache(): RegistryCache {
  const values = new Map<string, Uint8Array>();
  const bytes: ByteCache = {
    get: (key) => Promise.resolve(values.get(key)?.slice()),
    set: (key, value) => Promise.resolve(values.set(key, value).size > 0),
    delete: (key) => Promise.resolve(void values.delete(key)),
  };
  return new RegistryCache(bytes);
}
