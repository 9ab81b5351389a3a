import type { ImageConfig } from '../../src/core/image/image.ts';
import { LayerIndexer } from '../../src/core/image/indexer.ts';
import type { LayerIndex } from '../../src/core/image/layerIndex.ts';
import { stackLayers } from '../../src/core/image/stack.ts';
import type { StackedTree } from '../../src/core/image/stackedTree.ts';
import type { Detector } from '../../src/core/waste/detector.ts';
import { finalTreeOf } from '../../src/core/waste/finalTree.ts';
import { findRemovable, type Removable, type RemovableOptions } from '../../src/core/waste/removable.ts';
import { emptyConfig } from './historyFixture.ts';
import { type Member, tar } from './tar.ts';

/**
 * The entries of a layer by their absolute paths: a number is a regular file of so many bytes, `-> x` a symbolic link,
 * `=> /x` a hard link; a path with a slash at its end is a directory.
 */
export type Files = Readonly<Record<string, number | string>>;

export function layerOf(files: Files): LayerIndex {
  const indexer = new LayerIndexer();
  indexer.push(tar(Object.entries(files).map(([path, what]) => toMember(path.slice(1), what))));
  return indexer.finish().index;
}

export function stackOf(...layers: readonly Files[]): StackedTree {
  return stackLayers(layers.map(layerOf));
}

export interface Found extends Partial<Omit<RemovableOptions, 'config'>> {
  readonly config?: Partial<ImageConfig>;
}

/** Runs detectors over made-up layers, from base to top. */
export function removableOf(layers: readonly Files[], options: Found = {}): Removable {
  return findRemovable(finalTreeOf(stackOf(...layers)), {
    baseLayers: 0,
    ...options,
    config: { ...emptyConfig, ...options.config },
  });
}

/** The rows of one detector over one layer, each as `safe /path 12`, in the order of their paths. */
export function rowsOf(detector: Detector, files: Files, config: Partial<ImageConfig> = {}): string[] {
  const { rows } = removableOf([files], { detectors: [detector], config });
  return rows.map((row) => `${row.safety} ${row.path} ${row.bytes}`).sort();
}

function toMember(name: string, what: number | string): Member {
  if (typeof what === 'number') return { name, content: what };
  const link = what.slice(3);
  return what.startsWith('->') ? { name, type: '2', link } : { name, type: '1', link: link.slice(1) };
}
