import { NONE } from '../image/layerIndex.ts';
import type { StackedTree } from '../image/stackedTree.ts';

/** What every scope needs to know of a stacked tree, found once per tree; columns by entry or node. */
export interface TreeFacts {
  readonly tree: StackedTree;
  /** Per entry: its layer. */
  readonly layerOf: Uint16Array;
  /** Per entry that ships a content: where its bytes are counted, `NONE` for all other entries. */
  readonly home: Uint32Array;
  /** Per entry that ships a content: the layer in which its last name went; `NO_LAYER` while it lasts. */
  readonly lostAt: Uint16Array;
  /** Per entry: length of its content. */
  readonly size: Float64Array;
}

export function treeFacts(tree: StackedTree): TreeFacts {
  const { entryBase, nodeOf, contentOf, lostIn } = tree;
  const entries = nodeOf.length;
  const layerOf = new Uint16Array(entries);
  const size = new Float64Array(entries);
  tree.layers.forEach((layer, number) => {
    layerOf.fill(number, entryBase[number], entryBase[number + 1]);
    if (layer) size.set(layer.size.subarray(0, layer.count), entryBase[number]);
  });

  const home = new Uint32Array(entries).fill(NONE);
  const lostAt = new Uint16Array(entries);
  for (let entry = 0; entry < entries; entry++) {
    const node = nodeOf[entry]!;
    if (node === NONE) continue;
    const content = contentOf[entry]!;
    if (content === NONE) continue;
    // The name that ships it; of a content that is no path of its own, its first name.
    if (content === entry || home[content] === NONE) home[content] = node;
    if (lostIn[entry]! > lostAt[content]!) lostAt[content] = lostIn[entry]!;
  }
  return { tree, layerOf, home, lostAt, size };
}
