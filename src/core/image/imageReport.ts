import type { Dockerfile } from '../dockerfile/model.ts';
import { present } from '../present.ts';
import { finalTreeOf } from '../waste/finalTree.ts';
import { findRemovable, type RemovableRow } from '../waste/removable.ts';
import { baseLayers } from './baseLayers.ts';
import { instructionText } from './createdBy.ts';
import { diveFigures } from './dive.ts';
import { layerLines, matchDockerfile } from './dockerfileMatch.ts';
import { matchHistory } from './history.ts';
import { ImagePaths } from './imagePaths.ts';
import type { ImageProblem, ImageSourceKind } from './image.ts';
import { imageBytes, layerOnDisk, type ReadImage } from './readImage.ts';
import { stackLayers } from './stack.ts';
import type { StackedTree, WasteCause } from './stackedTree.ts';
import { efficiency, wasteRows } from './waste.ts';

/**
 * What `plimsoll image --json` prints, the shape of which programs depend on: fields may be added, none renamed. Sizes are
 * whole bytes; what is not known is absent. The same image gives the same bytes.
 */
export interface ImageReport {
  readonly schema: 1;
  readonly reference?: string;
  readonly source: ImageSourceKind;
  readonly platform: string;
  readonly imageId: string;
  readonly totals: ImageTotals;
  readonly layers: readonly LayerReport[];
  readonly waste: readonly WasteReport[];
  readonly removable: readonly RemovableReport[];
  readonly problems: readonly ImageProblem[];
}

export interface ImageTotals {
  readonly layers: number;
  readonly entries: number;
  /** Sum of the lengths of the uncompressed layers; absent where one of them is not known. */
  readonly onDiskBytes?: number;
  /** Sum of the lengths of the compressed layers; absent where one of them is not known. */
  readonly downloadBytes?: number;
  /** Regular-file bytes of the stacked file system. */
  readonly finalBytes: number;
  /** Regular-file bytes that layers ship and the stacked file system does not contain. */
  readonly wastedBytes: number;
  /** Of the removable rows together. */
  readonly removableBytes: number;
  /** `finalBytes` by the sum of the layers' `fileBytes`; 1 where there are no bytes. */
  readonly efficiency: number;
  /** As dive computes them. */
  readonly dive: { readonly efficiency: number; readonly wastedBytes: number };
}

export interface LayerReport {
  readonly index: number;
  readonly diffId?: string;
  readonly digest?: string;
  readonly createdBy?: string;
  readonly onDiskBytes?: number;
  /** This and the following are absent where the layer could not be read. */
  readonly fileBytes?: number;
  readonly downloadBytes?: number;
  readonly entries?: number;
  readonly wastedBytes?: number;
  /** One-based, in the Dockerfile that was given. */
  readonly line?: number;
  readonly fromBase: boolean;
}

export interface WasteReport {
  readonly cause: WasteCause;
  readonly path: string;
  readonly bytes: number;
  readonly layer: number;
  readonly byLayer: number;
  /** Line of the instruction that wastes the bytes. */
  readonly line?: number;
}

export interface RemovableReport {
  readonly kind: string;
  readonly path: string;
  readonly bytes: number;
  readonly entries: number;
  readonly layer: number;
  /** Line of the instruction that ships the bytes. */
  readonly line?: number;
  readonly fromBase: boolean;
  readonly safety: RemovableRow['safety'];
  readonly why: string;
  readonly advice: string;
}

export interface ImageReportInput extends ReadImage {
  /** The Dockerfile that the image was built from, for the lines. */
  readonly dockerfile?: Dockerfile;
  /** How many rows of waste, the largest first; all by default. */
  readonly top?: number;
  /** The stacked layers, where the caller has them already. */
  readonly tree?: StackedTree;
}

/** The full account of an image whose layers have been read. Linear in its entries, but for sorting what it lists. */
export function imageReport(input: ImageReportInput): ImageReport {
  const { info, layers } = input;
  const paths = new ImagePaths(layers);
  const tree = input.tree ?? stackLayers(layers, paths);
  const history = matchHistory(info);
  const match = input.dockerfile === undefined ? undefined : matchDockerfile(info, input.dockerfile);
  const lines = match === undefined ? [] : layerLines(match, layers.length);
  const base = match?.baseLayers ?? baseLayers(info).count;
  const removable = findRemovable(finalTreeOf(tree), { config: info.config, baseLayers: base });
  const reports = info.layers.map((layer, i): LayerReport => {
    const entry = history[i]?.entry;
    const read = layers[i];
    const instruction = history[i]?.instruction;
    return {
      index: i,
      ...present({
        diffId: layer.diffId,
        digest: layer.digest,
        createdBy: instruction
          ? instructionText(instruction)
          : entry === undefined
            ? undefined
            : info.history[entry]?.createdBy,
        onDiskBytes: layerOnDisk(input, i),
        downloadBytes: layer.downloadBytes,
        line: lines[i],
      }),
      ...(read === undefined
        ? {}
        : { fileBytes: tree.fileBytes[i]!, entries: read.count, wastedBytes: tree.wastedBytes[i]! }),
      fromBase: i < base,
    };
  });
  return {
    schema: 1,
    ...present({ reference: info.reference }),
    source: input.source,
    platform: info.platform,
    imageId: info.imageId,
    totals: {
      layers: layers.length,
      entries: layers.reduce((total, layer) => total + (layer?.count ?? 0), 0),
      ...imageBytes(input),
      finalBytes: tree.finalBytes,
      wastedBytes: sum(tree.wastedBytes),
      removableBytes: removable.bytes,
      efficiency: efficiency(tree),
      dive: diveFigures(layers, paths),
    },
    layers: reports,
    waste: wasteRows(tree, input.top === undefined ? {} : { top: input.top }).map((row) => ({
      ...row,
      ...present({ line: lines[row.byLayer] }),
    })),
    removable: removable.rows.map((row) => ({
      kind: row.kind,
      path: row.path,
      bytes: row.bytes,
      entries: row.entries,
      layer: row.layer,
      ...present({ line: lines[row.layer] }),
      fromBase: row.fromBase,
      safety: row.safety,
      why: row.why,
      advice: row.advice,
    })),
    problems: [...input.problems, ...tree.problems],
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
