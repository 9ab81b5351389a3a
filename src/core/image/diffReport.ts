import { present } from '../present.ts';
import { type ComparedRow, comparedRows, type ComparedTotal, compareTrees, sharedLayers } from './compare.ts';
import type { ImageProblem, ImageSourceKind } from './image.ts';
import { imageBytes, layerOnDisk, type ReadImage } from './readImage.ts';
import { stackLayers } from './stack.ts';

/**
 * What `plimsoll diff --json` prints: two images side by side. Fields may be added, none renamed; sizes are whole bytes;
 * what is not known is absent. The same two images give the same bytes.
 */
export interface DiffReport {
  readonly schema: 1;
  readonly first: DiffedImage;
  readonly second: DiffedImage;
  readonly layers: {
    /** Layers that both have, by diff id: they are stored and pulled once. */
    readonly shared: readonly {
      readonly diffId: string;
      readonly onDiskBytes?: number;
      readonly first: number;
      readonly second: number;
    }[];
    readonly onlyFirst: readonly DiffedLayer[];
    readonly onlySecond: readonly DiffedLayer[];
  };
  /** Over all files, links and devices of both final file systems. */
  readonly totals: readonly ComparedTotal[];
  /** Differences, the greatest first; a directory that only one image has is one row. */
  readonly paths: readonly ComparedRow[];
  readonly problems: readonly (ImageProblem & { readonly image: 'first' | 'second' })[];
}

export interface DiffedImage {
  readonly reference?: string;
  readonly source: ImageSourceKind;
  readonly platform: string;
  readonly imageId: string;
  readonly onDiskBytes?: number;
  readonly downloadBytes?: number;
  readonly finalBytes: number;
}

export interface DiffedLayer {
  readonly index: number;
  readonly diffId?: string;
  readonly onDiskBytes?: number;
}

/** Compares two images. `top`: how many paths; all by default. */
export function diffReport(first: ReadImage, second: ReadImage, options: { readonly top?: number } = {}): DiffReport {
  const [a, b] = [stackLayers(first.layers), stackLayers(second.layers)];
  const [idsA, idsB] = [diffIdsOf(first), diffIdsOf(second)];
  const comparison = compareTrees({ tree: a, diffIds: idsA }, { tree: b, diffIds: idsB });
  const shared = sharedLayers(idsA, idsB);
  const only = (image: ReadImage, taken: ReadonlySet<number>): DiffedLayer[] =>
    image.info.layers.flatMap(({ diffId }, index) =>
      taken.has(index) ? [] : [{ index, ...present({ diffId, onDiskBytes: layerOnDisk(image, index) }) }],
    );
  return {
    schema: 1,
    first: diffedImage(first, a.finalBytes),
    second: diffedImage(second, b.finalBytes),
    layers: {
      shared: shared.map((layer) => ({
        diffId: idsA[layer.first]!,
        ...present({ onDiskBytes: layerOnDisk(first, layer.first) ?? layerOnDisk(second, layer.second) }),
        ...layer,
      })),
      onlyFirst: only(first, new Set(shared.map((layer) => layer.first))),
      onlySecond: only(second, new Set(shared.map((layer) => layer.second))),
    },
    totals: comparison.totals,
    paths: comparedRows(comparison, a, b, present({ top: options.top })),
    problems: [
      ...[...first.problems, ...a.problems].map((problem) => ({ image: 'first' as const, ...problem })),
      ...[...second.problems, ...b.problems].map((problem) => ({ image: 'second' as const, ...problem })),
    ],
  };
}

function diffIdsOf(image: ReadImage): (string | undefined)[] {
  return image.info.layers.map(({ diffId }) => diffId);
}

function diffedImage(image: ReadImage, finalBytes: number): DiffedImage {
  const { info, source } = image;
  return {
    ...present({ reference: info.reference }),
    source,
    platform: info.platform,
    imageId: info.imageId,
    ...imageBytes(image),
    finalBytes,
  };
}
