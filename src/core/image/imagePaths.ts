import { PathInterner, StringInterner } from './interner.ts';
import { type LayerIndex, NONE } from './layerIndex.ts';

/**
 * The paths of all layers of one image, numbered through: a path that several layers name has one number, and the root
 * has 0. What compares layers asks by these numbers, so that each name is hashed once for all of them.
 */
export class ImagePaths {
  readonly strings: StringInterner;
  /** Parents and names of the paths; users may add paths of their own. */
  readonly paths: PathInterner;
  readonly #ofLayer = new Map<LayerIndex, Uint32Array>();

  constructor(layers: readonly (LayerIndex | undefined)[]) {
    const distinct = new Set(layers.filter((layer) => layer !== undefined));
    let strings = 0;
    let bytes = 0;
    let paths = 1;
    for (const layer of distinct) {
      strings += layer.strings.count;
      bytes += layer.strings.bytes.length;
      paths += layer.paths.count;
    }
    this.strings = new StringInterner(strings, bytes);
    this.paths = new PathInterner(paths);
    for (const layer of distinct) this.#ofLayer.set(layer, this.#numbered(layer));
  }

  /** The numbers of a layer's paths, by their nodes there; of a layer that was given to the constructor. */
  of(layer: LayerIndex): Uint32Array {
    const numbers = this.#ofLayer.get(layer);
    if (numbers === undefined) throw new RangeError('The paths of this layer were not numbered.');
    return numbers;
  }

  #numbered({ paths, strings }: LayerIndex): Uint32Array {
    const names = new Uint32Array(strings.count).fill(NONE);
    const numbers = new Uint32Array(paths.count);
    for (let node = 1; node < paths.count; node++) {
      const own = paths.name[node]!;
      let name = names[own]!;
      if (name === NONE) {
        name = this.strings.intern(strings.bytes, strings.offsets[own]!, strings.offsets[own + 1]!);
        names[own] = name;
      }
      numbers[node] = this.paths.intern(numbers[paths.parent[node]!]!, name);
    }
    return numbers;
  }
}
