import type { BaseAnswer, BaseSizes, BaseSizeSource, Platform } from '../../core/base/baseSize.ts';
import type { Reference } from '../../core/base/reference.ts';
import type { Size } from '../../core/size.ts';
import { parsePlatform, printPlatform } from '../registry/platform.ts';
import type { ImageRecord, RegistryCache } from './registryCache.ts';

/** How long a tag's digest is believed: base images are rebuilt every few weeks, so a day is rarely wrong. */
export const defaultTagLifeMs = 24 * 3_600_000;

export interface CacheSizesOptions {
  /**
   * True: also answers for tags that were asked longer ago than their life, with the date: for a workspace that may not ask
   * anybody. False: only what a registry source would say without asking, so that a registry after this source is heard.
   * Read at each look-up: trust is given while we run.
   */
  readonly acceptsStale: () => boolean;
  readonly tagLifeMs?: number;
  readonly now?: () => number;
}

/** Answers from what registries said before. Never asks anybody. */
export class CacheSizes implements BaseSizeSource {
  readonly kind = 'cache';
  readonly #cache: RegistryCache;
  readonly #options: CacheSizesOptions;

  constructor(cache: RegistryCache, options: CacheSizesOptions) {
    this.#cache = cache;
    this.#options = options;
  }

  async lookUp(reference: Reference, platform: Platform, signal: AbortSignal): Promise<BaseAnswer> {
    signal.throwIfAborted();
    const wanted = parsePlatform(platform);
    const known = wanted && (await this.#find(reference, printPlatform(wanted)));
    signal.throwIfAborted();
    return known ?? { none: { code: 'absent', message: 'No registry has been asked for this image yet.' } };
  }

  async #find(reference: Reference, platform: Platform): Promise<BaseAnswer | undefined> {
    const { tagLifeMs = defaultTagLifeMs, now = Date.now } = this.#options;
    const acceptsStale = this.#options.acceptsStale();
    const tag = reference.digest === undefined ? await this.#cache.tag(reference) : undefined;
    if (!acceptsStale && tag && now() - tag.askedAt >= tagLifeMs) return undefined;
    const digest = reference.digest ?? tag?.digest;
    const image = digest === undefined ? undefined : await this.#cache.image(digest, platform);
    if (!image || (!acceptsStale && !image.isSettled)) return undefined;
    return { sizes: sizesOf(image, platform, tag?.askedAt) };
  }
}

/** A record as an answer: dated where a tag stands between the reference and the image. */
export function sizesOf(image: ImageRecord, platform: Platform, askedAt: number | undefined): BaseSizes {
  const size = (bytes: number): Size => ({
    bytes,
    basis: 'registry',
    ...(askedAt === undefined ? {} : { asOf: new Date(askedAt).toISOString().slice(0, 10) }),
  });
  return {
    ...(image.onDiskBytes === undefined ? {} : { onDisk: size(image.onDiskBytes) }),
    download: size(image.downloadBytes),
    platform,
    digest: image.digest,
  };
}
