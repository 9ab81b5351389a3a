import type { Platform } from '../../core/base/baseSize.ts';
import { type ImageAnswer, ImageFiles, type ImageQuestion } from '../../core/estimate/imageFiles.ts';
import type { ImageInfo, OpenImage } from '../../core/image/image.ts';
import type { LayerIndex } from '../../core/image/layerIndex.ts';
import { isSourceError } from '../error.ts';
import type { IndexCache } from '../image/indexCache.ts';
import type { Indexing } from '../image/jobs.ts';
import { openReference, type ReferenceSources } from '../image/openReference.ts';

/**
 * An engine's image of up to that size is read when somebody asks about its files, which takes a second or two; a larger one
 * only when the user explores it. A registry's is never fetched for this. Bytes on disk.
 */
const readUpTo = 300_000_000;

/** Images that are kept: their files take some megabytes each. */
const kept = 4;

export interface ImageReaderOptions {
  /** Who may be asked at this moment. */
  readonly sources: () => Pick<ReferenceSources, 'engine' | 'registry'>;
  readonly indexes: IndexCache;
  readonly indexing: Indexing;
}

/** Answers what images have, from layers that were read before, and from small images of the engine. */
export class ImageReader {
  readonly #options: ImageReaderOptions;
  /** By image and platform; the one used last at the end. */
  readonly #layers = new Map<string, Promise<readonly LayerIndex[] | undefined>>();
  readonly #files = new WeakMap<readonly LayerIndex[], Map<number | undefined, ImageFiles>>();

  constructor(options: ImageReaderOptions) {
    this.#options = options;
  }

  /** Images came, went, or were given other names. */
  forget(): void {
    this.#layers.clear();
  }

  /** Throws only the signal's reason. */
  async answer(question: ImageQuestion, platform: Platform, signal: AbortSignal): Promise<ImageAnswer> {
    const layers = await this.#layersOf(question.image, platform, signal);
    if (layers === undefined) return { kind: 'unknown' };
    const files = this.#filesOf(layers, question.layer);
    return files?.answer(question) ?? { kind: 'unknown' };
  }

  async #layersOf(
    image: string,
    platform: Platform,
    signal: AbortSignal,
    isSecondTry = false,
  ): Promise<readonly LayerIndex[] | undefined> {
    const key = `${image} ${platform}`;
    const layers = this.#layers.get(key) ?? this.#read(image, platform, signal);
    this.#layers.delete(key);
    this.#layers.set(key, layers);
    const [oldest] = this.#layers.keys();
    if (this.#layers.size > kept && oldest !== undefined) this.#layers.delete(oldest);
    try {
      return await layers;
    } catch (error) {
      if (this.#layers.get(key) === layers) this.#layers.delete(key);
      signal.throwIfAborted();
      if (isSourceError(error)) return undefined;
      // Whoever began it was cancelled, and this one was not.
      if (isSecondTry) throw error;
      return this.#layersOf(image, platform, signal, true);
    }
  }

  async #read(image: string, platform: Platform, signal: AbortSignal): Promise<readonly LayerIndex[] | undefined> {
    const { sources, indexes, indexing } = this.#options;
    const reading: ReferenceSources = { ...sources(), indexing, indexes };
    await using opened = await openReference(image, reading, {
      platform,
      defaultPlatform: () => Promise.resolve(platform),
      signal,
    });
    const known = await fromCache(opened.info, indexes);
    if (known !== undefined) return known;
    return opened.source === 'engine' && bytesOf(opened.info) <= readUpTo ? await readAll(opened, signal) : undefined;
  }

  #filesOf(layers: readonly LayerIndex[], layer: number | undefined): ImageFiles | undefined {
    const views = this.#files.get(layers) ?? new Map<number | undefined, ImageFiles>();
    this.#files.set(layers, views);
    const one = layer === undefined ? layers : layers.slice(layer, layer + 1);
    if (one.length === 0) return undefined;
    const files = views.get(layer) ?? new ImageFiles(one);
    views.set(layer, files);
    return files;
  }
}

/** All layers, or none: what a part of them has is not what the image has. */
async function fromCache({ layers }: ImageInfo, indexes: IndexCache): Promise<readonly LayerIndex[] | undefined> {
  const found: LayerIndex[] = [];
  for (const { diffId } of layers) {
    const index = diffId === undefined ? undefined : await indexes.get(diffId);
    if (index === undefined) return undefined;
    found.push(index);
  }
  return found;
}

async function readAll(opened: OpenImage, signal: AbortSignal): Promise<readonly LayerIndex[] | undefined> {
  const layers: LayerIndex[] = [];
  await opened.readLayers({ layer: (at, content) => (layers[at] = content), problem: () => undefined }, signal);
  const isWhole = opened.info.layers.every((_, at) => layers[at] !== undefined);
  return isWhole ? layers : undefined;
}

function bytesOf({ layers }: ImageInfo): number {
  return layers.reduce((sum, { onDiskBytes }) => sum + (onDiskBytes ?? Infinity), 0);
}
