import type { Platform } from '../../core/base/baseSize.ts';
import { familiarName, type Reference } from '../../core/base/reference.ts';
import { defaultTagLifeMs } from '../cache/cacheSizes.ts';
import type { RegistryCache } from '../cache/registryCache.ts';
import { isSourceError, SourceError } from '../error.ts';
import { openBlob } from './blobs.ts';
import type { RegistryClient } from './client.ts';
import { digestOf, verifyDigest } from './content.ts';
import {
  decodeManifest,
  digestPattern,
  manifestTypes,
  platformOfConfig,
  type Descriptor,
  type ImageIndex,
  type ImageManifest,
} from './manifest.ts';
import { isNoPlatform, parsePlatform, platformDistance, printPlatform, type ImagePlatform } from './platform.ts';
import { discard, readWhole } from './readAnswer.ts';
import { SharedCalls } from './sharedCalls.ts';

/** What a reference names now. */
export interface ResolvedDigest {
  /** Of an index or a manifest. */
  readonly digest: string;
  /** Milliseconds since 1970 at which the tag was asked; absent for a reference by digest. */
  readonly askedAt?: number;
}

/** An image of a registry for one platform. */
export interface ResolvedImage extends ResolvedDigest {
  readonly platform: Platform;
  readonly manifestDigest: string;
  readonly manifest: ImageManifest;
}

export interface ImageOptions {
  /** How long a tag's digest is believed, in milliseconds; default a day. */
  readonly tagLifeMs?: number;
  readonly now?: () => number;
}

/** Manifests are refused above this by registries as well (OCI distribution spec, "Pushing Manifests"). */
const maxManifestBytes = 4_000_000;
const maxConfigBytes = 8_000_000;
/** How deep indexes may stand in indexes, and how many manifests one look-up may open on its way. */
const maxDepth = 3;
const maxOpened = 8;

/**
 * Finds images in registries: tag to digest (`HEAD`, which costs no pull), digest to manifest, index to platform.
 * Manifests are verified and kept by digest for ever, so each is fetched once.
 */
export class RegistryImages {
  readonly #client: RegistryClient;
  readonly #cache: RegistryCache;
  readonly #tagLifeMs: number;
  readonly #now: () => number;
  readonly #digests = new SharedCalls<ResolvedDigest>();
  readonly #contents = new SharedCalls<Uint8Array>();

  constructor(client: RegistryClient, cache: RegistryCache, options: ImageOptions = {}) {
    this.#client = client;
    this.#cache = cache;
    this.#tagLifeMs = options.tagLifeMs ?? defaultTagLifeMs;
    this.#now = options.now ?? Date.now;
  }

  /** The digest behind a reference: its own, or its tag's, asked once per life of the cache's record. */
  async digest(reference: Reference, signal: AbortSignal): Promise<ResolvedDigest> {
    if (reference.digest !== undefined) return { digest: reference.digest };
    return this.#digests.run(familiarName(reference), signal, async (shared) => {
      // Looked up inside of the shared call: whoever comes while the answer is being kept must not ask again.
      const known = await this.#cache.tag(reference);
      if (known && this.#now() - known.askedAt < this.#tagLifeMs) return known;
      const found = { digest: await this.#askDigest(reference, shared), askedAt: this.#now() };
      await this.#cache.setTag(reference, found);
      return found;
    });
  }

  /** The image for a platform. Throws a `SourceError`, `platform` where there is none for it. */
  async resolve(reference: Reference, platform: Platform, signal: AbortSignal): Promise<ResolvedImage> {
    const top = await this.digest(reference, signal);
    const search = { reference, wanted: wantedPlatform(platform), opened: 0, offered: new Set<Platform>(), signal };
    const found = await this.#search(search, top.digest, 0);
    if (!found) throw noPlatform(reference, search.wanted, search.offered);
    return { ...top, platform: printPlatform(search.wanted), ...found };
  }

  /** An image manifest by its own digest. Throws a `SourceError` (`invalid`) for an index. */
  async imageManifest(reference: Reference, digest: string, signal: AbortSignal): Promise<ImageManifest> {
    const manifest = await this.#manifest(reference, digest, signal);
    if (manifest.kind === 'image') return manifest;
    throw new SourceError('invalid', `${familiarName(reference)} has an index where an image should be.`);
  }

  /** The bytes of an image's config, verified. */
  config(reference: Reference, { config }: ImageManifest, signal: AbortSignal): Promise<Uint8Array> {
    const what = `the config of ${familiarName(reference)}`;
    return this.#content(reference, `blobs/${config.digest}`, config.digest, what, maxConfigBytes, signal);
  }

  /** A layer's blob as a stream, verified at its end; see {@link openBlob}. */
  openBlob(reference: Reference, layer: Descriptor, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return openBlob(this.#client, reference, layer, signal);
  }

  async #askDigest(reference: Reference, signal: AbortSignal): Promise<string> {
    const resource = `manifests/${reference.tag ?? 'latest'}`;
    const headers = { accept: manifestTypes.join(', ') };
    const request = { repository: reference, resource, headers, signal };
    try {
      const head = await this.#client.send({ ...request, method: 'HEAD' });
      const digest = String(head.headers['docker-content-digest'] ?? '');
      await discard(head);
      if (digestPattern.test(digest)) return digest;
      // A registry need not tell the digest; then the manifest itself is asked for and hashed.
      const answer = await this.#client.send({ ...request, method: 'GET' });
      const bytes = await readWhole(answer, maxManifestBytes, 'a manifest');
      decodeManifest(bytes, familiarName(reference));
      await this.#cache.setContent(digestOf(bytes), bytes);
      return digestOf(bytes);
    } catch (error) {
      throw named(error, reference);
    }
  }

  async #manifest(reference: Reference, digest: string, signal: AbortSignal): Promise<ImageManifest | ImageIndex> {
    const what = familiarName(reference);
    const bytes = await this.#content(reference, `manifests/${digest}`, digest, what, maxManifestBytes, signal);
    return decodeManifest(bytes, what);
  }

  /** Verified bytes by digest, from the cache or, once, from the registry. */
  async #content(
    reference: Reference,
    resource: string,
    digest: string,
    what: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const key = `${reference.domain}/${reference.path} ${digest}`;
    return this.#contents.run(key, signal, async (shared) => {
      const known = await this.#cache.content(digest);
      if (known) return known;
      try {
        const headers = resource.startsWith('manifests/') ? { accept: manifestTypes.join(', ') } : {};
        const answer = await this.#client.send({
          repository: reference,
          method: 'GET',
          resource,
          headers,
          signal: shared,
        });
        const bytes = await readWhole(answer, limit, what);
        // What is no manifest at all (a login page, say) is better called that than damaged.
        if (resource.startsWith('manifests/')) decodeManifest(bytes, what);
        verifyDigest(bytes, digest, what);
        await this.#cache.setContent(digest, bytes);
        return bytes;
      } catch (error) {
        throw named(error, reference);
      }
    });
  }

  async #search(search: Search, digest: string, depth: number): Promise<Found | undefined> {
    if (depth > maxDepth || search.opened++ >= maxOpened) return undefined;
    const manifest = await this.#manifest(search.reference, digest, search.signal);
    if (manifest.kind === 'index') return this.#searchIndex(search, manifest, depth);
    const config = await this.config(search.reference, manifest, search.signal);
    const offered = platformOfConfig(config, familiarName(search.reference));
    search.offered.add(printPlatform(offered));
    return platformDistance(search.wanted, offered) === undefined ? undefined : { manifestDigest: digest, manifest };
  }

  /** The entry whose platform fits best; then those that do not say their platform, which have to be opened to be known. */
  async #searchIndex(search: Search, index: ImageIndex, depth: number): Promise<Found | undefined> {
    const { offered, wanted, reference, signal } = search;
    for (const { platform } of index.manifests) {
      if (platform && !isNoPlatform(platform)) offered.add(printPlatform(platform));
    }
    const best = bestFor(wanted, index.manifests);
    if (best) {
      const manifest = await this.#manifest(reference, best.digest, signal);
      if (manifest.kind === 'image') return { manifestDigest: best.digest, manifest };
      return depth < maxDepth ? this.#searchIndex(search, manifest, depth + 1) : undefined;
    }
    for (const entry of index.manifests.filter(({ platform }) => platform === undefined)) {
      const found = await this.#searchUnlabelled(search, entry, depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  async #searchUnlabelled(search: Search, entry: Descriptor, depth: number): Promise<Found | undefined> {
    try {
      return await this.#search(search, entry.digest, depth);
    } catch (error) {
      // Signatures and other artifacts stand in indexes beside images.
      if (isSourceError(error) && error.code === 'unsupported') return undefined;
      throw error;
    }
  }
}

interface Search {
  readonly reference: Reference;
  readonly wanted: ImagePlatform;
  /** What was seen instead, for the message. */
  readonly offered: Set<Platform>;
  readonly signal: AbortSignal;
  opened: number;
}

interface Found {
  readonly manifestDigest: string;
  readonly manifest: ImageManifest;
}

export function wantedPlatform(platform: Platform): ImagePlatform {
  const wanted = parsePlatform(platform);
  if (!wanted)
    throw new SourceError('platform', `${platform} is not a platform; write os/architecture, as linux/amd64.`);
  return wanted;
}

/** The candidate that serves a platform best; the first of equals. Attestations are none. */
export function bestFor<T extends { readonly platform?: ImagePlatform }>(
  wanted: ImagePlatform,
  candidates: readonly T[],
): T | undefined {
  return candidates
    .flatMap((candidate) => {
      const { platform } = candidate;
      const distance = platform && !isNoPlatform(platform) ? platformDistance(wanted, platform) : undefined;
      return distance === undefined ? [] : [{ candidate, distance }];
    })
    .sort((a, b) => a.distance - b.distance)[0]?.candidate;
}

/** There is the image, and not for this platform. */
export function noPlatform(reference: Reference, wanted: ImagePlatform, offered: Iterable<Platform>): SourceError {
  const all = [...offered];
  const some = all.slice(0, 10).join(', ') + (all.length > 10 ? ' and others' : '');
  const instead = some === '' ? '' : ` It is made for ${some}.`;
  return new SourceError('platform', `${familiarName(reference)} is not made for ${printPlatform(wanted)}.${instead}`);
}

/** The client knows repositories only; here the reference is known. */
function named(error: unknown, reference: Reference): unknown {
  if (!isSourceError(error) || error.code !== 'absent') return error;
  return new SourceError('absent', `${reference.domain} does not have ${familiarName(reference)}.`, { cause: error });
}
