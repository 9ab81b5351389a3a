import { PathInterner } from './interner.ts';
import type { LayerIndex } from './layerIndex.ts';

/**
 * The paths of all layers of one image, numbered through: a path that several layers name has one number, and the root
 * has 0. What compares layers asks by these numbers, so that each path is looked up once for all of them.
 */
export class ImagePaths {
  /** The paths by their numbers. More may be added. */
  readonly table: PathInterner;
  readonly #ofLayer = new Map<LayerIndex, Uint32Array>();

  constructor(layers: readonly (LayerIndex | undefined)[]) {
    const distinct = new Set(layers.filter((layer) => layer !== undefined));
    let bytes = 0;
    let paths = 1;
    for (const layer of distinct) {
      bytes += layer.strings.bytes.length;
      paths += layer.paths.count;
    }
    this.table = new PathInterner(paths, bytes);
    for (const layer of distinct) this.#ofLayer.set(layer, numbered(layer, this.table));
  }

  /** The numbers of a layer's paths, by their nodes there; of a layer that was given to the constructor. */
  of(layer: LayerIndex): Uint32Array {
    const numbers = this.#ofLayer.get(layer);
    if (numbers === undefined) throw new RangeError('The paths of this layer were not numbered.');
    return numbers;
  }
}

function numbered({ paths, strings }: LayerIndex, table: PathInterner): Uint32Array {
  const { parent, name, count } = paths;
  const { bytes, offsets } = strings;
  const numbers = new Uint32Array(count);
  for (let node = 1; node < count; node++) {
    const own = name[node]!;
    numbers[node] = table.child(numbers[parent[node]!]!, bytes, offsets[own]!, offsets[own + 1]!);
  }
  return numbers;
}
