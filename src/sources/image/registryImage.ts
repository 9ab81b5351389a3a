import type { Platform } from '../../core/base/baseSize.ts';
import { familiarName, type Reference } from '../../core/base/reference.ts';
import type { ImageInfo, LayerInfo } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import { SourceError } from '../error.ts';
import type { ResolvedImage } from '../registry/images.ts';
import type { Descriptor, ImageManifest } from '../registry/manifest.ts';
import { countProblems } from './imageInfo.ts';
import type { IndexCache } from './indexCache.ts';
import type { Indexing } from './jobs.ts';
import { LayeredImage, type ReadableLayer } from './layeredImage.ts';
import { decodeConfig, type DecodedConfig } from './manifests.ts';

/** What {@link openRegistryImage} needs of a registry. */
export interface ImageRegistry {
  /** Throws a `SourceError`. */
  resolve(reference: Reference, platform: Platform, signal: AbortSignal): Promise<ResolvedImage>;
  config(reference: Reference, manifest: ImageManifest, signal: AbortSignal): Promise<Uint8Array>;
  /** Bytes that are compared with the digest as they pass, resumed where the connection breaks. */
  openBlob(reference: Reference, blob: Descriptor, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

export interface RegistryImageOptions {
  readonly platform: Platform;
  readonly indexing: Indexing;
  readonly cache?: IndexCache;
  readonly signal: AbortSignal;
}

/**
 * Opens an image of a registry: two or three small requests; layers come when they are read, several at a time, and those
 * that the cache has not at all. Throws a `SourceError`.
 */
export async function openRegistryImage(
  registry: ImageRegistry,
  reference: Reference,
  options: RegistryImageOptions,
): Promise<LayeredImage> {
  const { platform, indexing, cache, signal } = options;
  const { manifest, platform: found } = await registry.resolve(reference, platform, signal);
  const config = decodedConfig(await registry.config(reference, manifest, signal), reference);
  const info: ImageInfo = {
    reference: familiarName(reference),
    platform: config.platform ?? found,
    imageId: manifest.config.digest,
    history: config.history,
    config: config.config,
    layers: manifest.layers.map(({ digest, mediaType, size }, index): LayerInfo => ({
      index,
      digest,
      downloadBytes: size,
      ...present({ diffId: config.diffIds[index], mediaType: mediaType === '' ? undefined : mediaType }),
    })),
  };
  const layers = manifest.layers.map((blob, at): ReadableLayer => {
    const diffId = config.diffIds[at];
    return {
      key: blob.digest,
      bytes: { kind: 'stream', open: (abort) => registry.openBlob(reference, blob, abort) },
      storedBytes: blob.size,
      isCompressed: true,
      // The blob itself is verified by the registry's client. The network is slower than hashing what it sends unpacked.
      checks: present({ diffId }),
      ...present({ cacheKey: diffId }),
    };
  });
  const problems = countProblems(config.diffIds.length, layers.length);
  return new LayeredImage({ source: 'registry', info, problems, layers, indexing, ...present({ cache }) });
}

function decodedConfig(bytes: Uint8Array, reference: Reference): DecodedConfig {
  try {
    return decodeConfig(bytes);
  } catch (error) {
    throw new SourceError('invalid', `The config of ${familiarName(reference)} is not a valid one.`, { cause: error });
  }
}
