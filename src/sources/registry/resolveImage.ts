import type { Platform } from '../../core/base/baseSize.ts';
import type { Reference } from '../../core/base/reference.ts';
import type { RegistryCache } from '../cache/registryCache.ts';
import type { RegistryClient } from './client.ts';
import { RegistryImages, type ImageOptions, type ResolvedImage } from './images.ts';

export interface ResolvedImageWithConfig extends ResolvedImage {
  /** The config as it is stored, verified. Its digest, `manifest.config.digest`, is the image id. */
  readonly config: Uint8Array;
}

/**
 * All that a registry tells of an image before a layer is read. Throws a `SourceError`: `absent`, `platform`, `denied`,
 * and what can go wrong on the way; or the signal's reason.
 */
export async function resolveImage(
  client: RegistryClient,
  cache: RegistryCache,
  reference: Reference,
  platform: Platform,
  signal: AbortSignal,
  options: ImageOptions = {},
): Promise<ResolvedImageWithConfig> {
  const images = new RegistryImages(client, cache, options);
  const image = await images.resolve(reference, platform, signal);
  return { ...image, config: await images.config(reference, image.manifest, signal) };
}
