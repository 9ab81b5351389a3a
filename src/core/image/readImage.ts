import { present, type Present } from '../present.ts';
import type { ImageInfo, ImageProblem, ImageSourceKind } from './image.ts';
import type { LayerIndex } from './layerIndex.ts';

/** An image of which everything has been read that can be. */
export interface ReadImage {
  readonly source: ImageSourceKind;
  readonly info: ImageInfo;
  /** As many as `info.layers`; undefined for one that could not be read. */
  readonly layers: readonly (LayerIndex | undefined)[];
  readonly problems: readonly ImageProblem[];
}

/** Length of a layer's uncompressed tar: as it was read, else as the source says. */
export function layerOnDisk({ info, layers }: ReadImage, layer: number): number | undefined {
  return layers[layer]?.tarBytes ?? info.layers[layer]?.onDiskBytes;
}

/** The layers' sums; absent where a part is not known: a sum of some layers is no size of an image. */
export function imageBytes(image: ReadImage): Present<{ onDiskBytes: number; downloadBytes: number }> {
  const { layers } = image.info;
  return present({
    onDiskBytes: sumOfKnown(layers.map((_, layer) => layerOnDisk(image, layer))),
    downloadBytes: sumOfKnown(layers.map(({ downloadBytes }) => downloadBytes)),
  });
}

function sumOfKnown(values: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}
