import type { Dockerfile } from '../dockerfile/model.ts';
import { matchDockerfile } from '../image/dockerfileMatch.ts';
import type { ImageInfo } from '../image/image.ts';
import type { MeasuredLayer } from './weights.ts';

/** An image that was built from a Dockerfile, perhaps from an earlier text of it. */
export interface BuiltImage {
  readonly name: string;
  readonly info: ImageInfo;
  /** The user says that it was: then also where it fits less well than others. */
  readonly isLinked?: boolean;
}

/** An image that fits a file less well was built from another one. */
export const leastScore = 0.5;

/**
 * The layers that a file's instructions made in an image that was built from it, by the instructions' indexes. What stands
 * below the first instruction that changed since would be built anew, so it counts no longer; what stands above holds.
 */
export function measuredLayers(
  dockerfile: Dockerfile,
  { name, info, isLinked }: BuiltImage,
): ReadonlyMap<number, MeasuredLayer> {
  const { matches, stale, score } = matchDockerfile(info, dockerfile);
  if (score < leastScore && isLinked !== true) return new Map();
  const firstChanged = Math.min(...stale);
  return new Map(
    matches.flatMap(({ instruction, layer, quality }) => {
      const bytes = layer === undefined ? undefined : info.layers[layer]?.onDiskBytes;
      const holds = quality === 'same' && instruction < firstChanged;
      if (!holds || layer === undefined || bytes === undefined) return [];
      return [[instruction, { bytes, image: name, imageId: info.imageId, layer }]];
    }),
  );
}
