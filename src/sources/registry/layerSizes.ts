import { gunzipSync } from 'node:zlib';
import type { LayerRecord, RegistryCache } from '../cache/registryCache.ts';
import { SourceError } from '../error.ts';
import type { Repository } from './authorizer.ts';
import type { RegistryClient } from './client.ts';
import type { Descriptor } from './manifest.ts';
import { discard, readWhole } from './readAnswer.ts';
import { SharedCalls } from './sharedCalls.ts';
import { endBytes, uncompressedBytes } from './uncompressed.ts';

const uncompressedTypes: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.layer.v1.tar',
  'application/vnd.oci.image.layer.nondistributable.v1.tar',
  'application/vnd.docker.image.rootfs.diff.tar',
]);

/** Written by those who make eStargz layers, for runtimes that mount them without reading them. */
const sizeAnnotation = 'io.containers.estargz.uncompressed-size';

/** What a small blob may become when it is inflated whole. */
const maxSmallLayerBytes = 64_000_000;

/**
 * How long layers are when they are uncompressed, without pulling them: from the manifest where it says so, else from the ends
 * of their blobs by range requests. Each answer is kept by the layer's digest for ever.
 */
export class LayerSizes {
  readonly #client: RegistryClient;
  readonly #cache: RegistryCache;
  readonly #calls = new SharedCalls<LayerRecord>();
  /** Registries that answer a range with the whole blob: they are not asked again while we run. */
  readonly #rangeless = new Set<string>();

  constructor(client: RegistryClient, cache: RegistryCache) {
    this.#client = client;
    this.#cache = cache;
  }

  /** Throws a `SourceError` where it could not be found out now. */
  async find(repository: Repository, layer: Descriptor, signal: AbortSignal): Promise<LayerRecord> {
    if (uncompressedTypes.has(layer.mediaType)) return layer.size;
    return (
      annotatedSize(layer) ?? this.#calls.run(layer.digest, signal, (shared) => this.#ask(repository, layer, shared))
    );
  }

  async #ask(repository: Repository, layer: Descriptor, signal: AbortSignal): Promise<LayerRecord> {
    const known = await this.#cache.layer(layer.digest);
    if (known !== undefined) return known;
    const { size } = layer;
    const read = (from: number, to: number) => this.#range(repository, layer, from, to, signal);
    let told: number | undefined;
    if (size <= 2 * endBytes) {
      const whole = await read(0, size);
      told = wholeGzipBytes(whole) ?? uncompressedBytes({ head: whole, tail: whole, size });
    } else {
      const [head, tail] = await Promise.all([read(0, endBytes), read(size - endBytes, size)]);
      told = uncompressedBytes({ head, tail, size });
    }
    const record = told ?? 'untold';
    await this.#cache.setLayer(layer.digest, record);
    return record;
  }

  /** Bytes `from` up to, not including, `to`. */
  async #range(
    repository: Repository,
    { digest, size }: Descriptor,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { domain } = repository;
    if (to === 0) return new Uint8Array();
    if (this.#rangeless.has(domain)) throw noRanges(domain);
    const answer = await this.#client.send({
      repository,
      method: 'GET',
      resource: `blobs/${digest}`,
      headers: { range: `bytes=${from}-${to - 1}` },
      signal,
    });
    const isWhole = from === 0 && to === size;
    if (answer.status === 200 && !isWhole) {
      // The whole blob is on its way: it is cut off at once.
      answer.close();
      this.#rangeless.add(domain);
      throw noRanges(domain);
    }
    const range = /^bytes (\d+)-(\d+)\//.exec(answer.headers['content-range'] ?? '');
    if (answer.status === 206 && (Number(range?.[1]) !== from || Number(range?.[2]) !== to - 1)) {
      await discard(answer);
      throw wrongRange(domain);
    }
    const bytes = await readWhole(answer, to - from, 'a part of a layer');
    if (bytes.length !== to - from) throw wrongRange(domain);
    return bytes;
  }
}

/** The exact length of a gzip blob that is here whole, however many members it has. */
function wholeGzipBytes(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return undefined;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxSmallLayerBytes }).length;
  } catch {
    return undefined; // Broken, or too long for a look: then its ends may tell.
  }
}

function annotatedSize({ annotations, size }: Descriptor): number | undefined {
  const text = annotations[sizeAnnotation] ?? '';
  const bytes = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return bytes > 0 && bytes % 512 === 0 && bytes >= size * 0.9 ? bytes : undefined;
}

function noRanges(domain: string): SourceError {
  return new SourceError(
    'unsupported',
    `${domain} gives no parts of layers, so their uncompressed sizes stay unknown.`,
  );
}

function wrongRange(domain: string): SourceError {
  return new SourceError('invalid', `${domain} sends other parts of layers than were asked for.`);
}
