import type { BaseAnswer, BaseSizeSource, Platform } from '../../core/base/baseSize.ts';
import { dockerHub, type Reference } from '../../core/base/reference.ts';
import { sizesOf } from '../cache/cacheSizes.ts';
import type { ImageRecord, RegistryCache } from '../cache/registryCache.ts';
import { isSourceError, noSizeFor, type SourceErrorCode } from '../error.ts';
import type { RegistryClient } from './client.ts';
import { hubTag } from './hub.ts';
import {
  bestFor,
  noPlatform,
  RegistryImages,
  wantedPlatform,
  type ImageOptions,
  type ResolvedDigest,
} from './images.ts';
import { LayerSizes } from './layerSizes.ts';
import type { ImageManifest } from './manifest.ts';
import { mapLimited } from './mapLimited.ts';
import { parsePlatform, printPlatform, type ImagePlatform } from './platform.ts';

/** Layers that are looked at side by side; each costs one or two requests. */
const layersAtOnce = 4;
/** Pulls that are left to the user on a registry that counts them: with fewer, no manifest is fetched for a number. */
const reservedPulls = 10;
/** Failures that say nothing about the image, so that what was known before is still the best answer. */
const passing: ReadonlySet<SourceErrorCode> = new Set(['network', 'timeout', 'limited', 'truncated']);

/**
 * What a base weighs, read from its registry without pulling it. Asks only what the cache does not know: one `HEAD` per tag and
 * cache life, a manifest once per digest, a layer's ends once per layer.
 */
export class RegistrySizes implements BaseSizeSource {
  readonly kind = 'registry';
  readonly #client: RegistryClient;
  readonly #cache: RegistryCache;
  readonly #images: RegistryImages;
  readonly #layers: LayerSizes;

  constructor(client: RegistryClient, cache: RegistryCache, options: ImageOptions = {}) {
    this.#client = client;
    this.#cache = cache;
    this.#images = new RegistryImages(client, cache, options);
    this.#layers = new LayerSizes(client, cache);
  }

  async lookUp(reference: Reference, platform: Platform, signal: AbortSignal): Promise<BaseAnswer> {
    try {
      const wanted = wantedPlatform(platform);
      const top = await this.#images.digest(reference, signal);
      const image = await this.#find(reference, top, wanted, signal);
      return { sizes: sizesOf(image, printPlatform(wanted), top.askedAt) };
    } catch (error) {
      signal.throwIfAborted();
      const isPassing = isSourceError(error) && passing.has(error.code);
      const known = isPassing ? await this.#known(reference, platform) : undefined;
      return known ?? { none: noSizeFor(error) };
    }
  }

  /** The next look-up asks what the tag names now. What is known by digest stays: it does not change. */
  async forget(reference: Reference): Promise<void> {
    await this.#cache.deleteTag(reference);
  }

  async #find(
    reference: Reference,
    top: ResolvedDigest,
    wanted: ImagePlatform,
    signal: AbortSignal,
  ): Promise<ImageRecord> {
    const platform = printPlatform(wanted);
    const known = await this.#cache.image(top.digest, platform);
    if (known?.isSettled) return known;
    const fromHub =
      reference.domain === dockerHub
        ? (known ?? (await this.#askHub(reference, top.digest, wanted, signal)))
        : undefined;
    const image = fromHub
      ? await this.#complete(reference, fromHub, signal)
      : await this.#askRegistry(reference, platform, signal);
    await this.#cache.setImage(top.digest, platform, image);
    return image;
  }

  async #askRegistry(reference: Reference, platform: Platform, signal: AbortSignal): Promise<ImageRecord> {
    const { manifestDigest, manifest } = await this.#images.resolve(reference, platform, signal);
    return this.#measure(reference, manifestDigest, manifest, signal);
  }

  /** What Docker Hub's own API knows of the image; undefined where it speaks of another digest than the registry. */
  async #askHub(
    reference: Reference,
    digest: string,
    wanted: ImagePlatform,
    signal: AbortSignal,
  ): Promise<ImageRecord | undefined> {
    if (reference.tag === undefined) return undefined;
    const tag = await hubTag(this.#client, reference, signal);
    const [only, ...others] = tag?.images ?? [];
    const named = tag?.digest ?? (others.length === 0 ? only?.digest : undefined);
    if (!tag || named !== digest) return undefined;
    const best = bestFor(wanted, tag.images);
    if (!best)
      throw noPlatform(
        reference,
        wanted,
        tag.images.map(({ platform }) => printPlatform(platform)),
      );
    return { digest: best.digest, downloadBytes: best.bytes, isSettled: false };
  }

  /** Adds the size on disk, for which the manifest is needed: on Docker Hub that costs a pull, once per digest. */
  async #complete(reference: Reference, image: ImageRecord, signal: AbortSignal): Promise<ImageRecord> {
    const left = this.#client.pullsLeft(reference.domain);
    if (left !== undefined && left < reservedPulls) return image;
    try {
      const manifest = await this.#images.imageManifest(reference, image.digest, signal);
      return await this.#measure(reference, image.digest, manifest, signal);
    } catch (error) {
      if (!isSourceError(error)) throw error;
      return image;
    }
  }

  async #measure(
    reference: Reference,
    digest: string,
    { layers }: ImageManifest,
    signal: AbortSignal,
  ): Promise<ImageRecord> {
    const downloadBytes = layers.reduce((sum, layer) => sum + layer.size, 0);
    try {
      const sizes = await mapLimited(layers, layersAtOnce, signal, (layer, one) =>
        this.#layers.find(reference, layer, one),
      );
      const told = sizes.filter((size) => size !== 'untold');
      const isWhole = told.length === sizes.length;
      const onDisk = isWhole ? { onDiskBytes: told.reduce((sum, size) => sum + size, 0) } : {};
      return { digest, downloadBytes, ...onDisk, isSettled: true };
    } catch (error) {
      if (!isSourceError(error)) throw error;
      return { digest, downloadBytes, isSettled: false };
    }
  }

  /** What the cache says, be it old: it carries its date. */
  async #known(reference: Reference, platform: Platform): Promise<BaseAnswer | undefined> {
    const wanted = parsePlatform(platform);
    const tag = await this.#cache.tag(reference);
    const image = tag && wanted && (await this.#cache.image(tag.digest, printPlatform(wanted)));
    return image && { sizes: sizesOf(image, printPlatform(wanted), tag.askedAt) };
  }
}
