import type { ImageInfo, ImageProblem, LayerInfo } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import type { ImageCandidate } from './candidates.ts';
import type { ImageFiles, StoredLayer } from './files.ts';
import type { ReadableLayer } from './layeredImage.ts';
import { LayerError } from './layerError.ts';

/** What is known of a chosen image before its layers are read, and where they are. */
export interface DescribedImage {
  readonly info: ImageInfo;
  readonly problems: readonly ImageProblem[];
  readonly layers: readonly (ReadableLayer | LayerError)[];
}

/** Joins the config of an image with the layers that its archive or folder has. */
export async function describeImage(
  candidate: ImageCandidate,
  files: ImageFiles,
  reference: string | undefined,
): Promise<DescribedImage> {
  const { diffIds } = candidate.config;
  const found = await Promise.all(candidate.layers.map(({ name }) => storedOrError(files, name)));
  const layers = found.map((stored, at): ReadableLayer | LayerError => {
    if (stored instanceof LayerError) return stored;
    const { digest } = candidate.layers[at]!;
    const diffId = diffIds[at];
    // A plain layer is read by its headers alone, which is quicker than the cache.
    const isCached = stored.isCompressed && stored.known === undefined;
    return {
      ...stored,
      checks: digest !== undefined && stored.isCompressed ? { digest } : {},
      ...(isCached ? present({ cacheKey: diffId }) : {}),
    };
  });
  const problems: ImageProblem[] = [];
  if (candidate.configProblem !== undefined)
    problems.push({ code: 'missing-config', message: candidate.configProblem });
  problems.push(...countProblems(diffIds.length, layers.length));
  const name = reference ?? candidate.names[0];
  return {
    layers,
    problems,
    info: {
      ...present({ reference: name }),
      platform: candidate.platform ?? 'unknown/unknown',
      imageId: candidate.imageId,
      history: candidate.config.history,
      config: candidate.config.config,
      layers: candidate.layers.map((file, index): LayerInfo => {
        const stored = layers[index]!;
        return {
          index,
          ...present({ diffId: diffIds[index], digest: file.digest, mediaType: file.mediaType }),
          ...(stored instanceof LayerError ? {} : storedSizes(stored)),
        };
      }),
    },
  };
}

async function storedOrError(files: ImageFiles, name: string): Promise<StoredLayer | LayerError> {
  try {
    return await files.layer(name);
  } catch (error) {
    if (error instanceof LayerError) return error;
    throw error;
  }
}

function storedSizes(stored: StoredLayer): Pick<LayerInfo, 'downloadBytes' | 'onDiskBytes'> {
  if (!stored.isCompressed) return { onDiskBytes: stored.storedBytes };
  const known = stored.known?.index.tarBytes;
  return { downloadBytes: stored.storedBytes, ...present({ onDiskBytes: known }) };
}

/** What it means that the config and the manifest do not count the same layers. */
export function countProblems(diffIds: number, layers: number): ImageProblem[] {
  if (diffIds === layers) return [];
  const message = `The image’s config names ${diffIds} diff ids and its manifest ${layers} layers.`;
  return [{ code: diffIds < layers ? 'too-few-diff-ids' : 'missing-layer', message }];
}
