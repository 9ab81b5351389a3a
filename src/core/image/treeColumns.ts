import { EntryKind, type LayerIndex, NONE } from './layerIndex.ts';
import { layerOfEntry, type StackedTree, TOMBSTONE } from './stackedTree.ts';

/** The bytes that count at each node itself: every content's once, at the name that shipped it or else at the first left. */
export function ownBytes(
  layers: readonly (LayerIndex | undefined)[],
  entryBase: Uint32Array,
  { kind, entry, content }: Pick<StackedTree, 'kind' | 'entry' | 'content'>,
  nodeOf: Uint32Array,
): Float64Array {
  const bytes = new Float64Array(kind.length);
  const counted = new Uint8Array(nodeOf.length);
  layers.forEach((layer, l) => {
    const base = entryBase[l]!;
    for (let i = 0; layer !== undefined && i < layer.count; i++) {
      const node = nodeOf[base + i]!;
      if (node === NONE || entry[node] !== base + i || content[node] !== base + i) continue;
      if (kind[node] !== EntryKind.file) continue;
      counted[base + i] = 1;
      bytes[node] = layer.size[i]!;
    }
  });
  for (let node = 0; node < kind.length; node++) {
    const id = content[node]!;
    if (kind[node] !== EntryKind.file || id === NONE || counted[id] === 1) continue;
    counted[id] = 1;
    const layer = layerOfEntry(entryBase, id);
    bytes[node] = layers[layer]!.size[id - entryBase[layer]!]!;
  }
  return bytes;
}

/** Bytes (`own`, added up in place) and number of what is below each node, in one pass from the last to the first: parents come before children. */
export function subtreeSums(
  parent: Uint32Array,
  kind: Uint8Array,
  own: Float64Array,
): Pick<StackedTree, 'bytes' | 'descendants'> {
  const bytes = own;
  const descendants = new Uint32Array(parent.length);
  for (let node = parent.length - 1; node > 0; node--) {
    if (kind[node] === TOMBSTONE) continue;
    bytes[parent[node]!]! += bytes[node]!;
    descendants[parent[node]!]! += descendants[node]! + 1;
  }
  return { bytes, descendants };
}

/** The nodes by parent, the present ones first. */
export function groupedByParent(
  parent: Uint32Array,
  kind: Uint8Array,
): Pick<StackedTree, 'children' | 'firstChild' | 'presentChildren'> {
  const count = parent.length;
  const firstChild = new Uint32Array(count + 1);
  const presentChildren = new Uint32Array(count);
  for (let node = 1; node < count; node++) {
    firstChild[parent[node]! + 1]!++;
    if (kind[node] !== TOMBSTONE) presentChildren[parent[node]!]!++;
  }
  for (let node = 0; node < count; node++) firstChild[node + 1]! += firstChild[node]!;
  const children = new Uint32Array(Math.max(0, count - 1));
  const nextPresent = firstChild.slice(0, count);
  const nextGone = new Uint32Array(count);
  for (let node = 0; node < count; node++) nextGone[node] = firstChild[node]! + presentChildren[node]!;
  for (let node = 1; node < count; node++) {
    const next = kind[node] === TOMBSTONE ? nextGone : nextPresent;
    children[next[parent[node]!]!++] = node;
  }
  return { children, firstChild, presentChildren };
}
