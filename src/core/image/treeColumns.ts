import { EntryKind, type LayerIndex, NONE } from './layerIndex.ts';
import { layerOfEntry, type StackedTree, TOMBSTONE } from './stackedTree.ts';

/** The bytes that count at each node itself: every content's once, at the name that shipped it or else at the first left. */
export function ownBytes(
  layers: readonly (LayerIndex | undefined)[],
  entryBase: Uint32Array,
  { kind, entry, content, layer, nodeOf }: Pick<StackedTree, 'kind' | 'entry' | 'content' | 'layer' | 'nodeOf'>,
): Float64Array {
  const bytes = new Float64Array(kind.length);
  /** Names whose content came with another entry. */
  const links: number[] = [];
  for (let node = 0; node < kind.length; node++) {
    const id = content[node]!;
    if (kind[node] !== EntryKind.file || id === NONE) continue;
    if (entry[node] === id) bytes[node] = layers[layer[node]!]!.size[id - entryBase[layer[node]!]!]!;
    else links.push(node);
  }
  const counted = new Set<number>();
  for (const node of links) {
    const id = content[node]!;
    const shipped = nodeOf[id]!;
    const isThere = shipped !== NONE && kind[shipped] === EntryKind.file && entry[shipped] === id;
    if ((isThere && content[shipped] === id) || counted.has(id)) continue;
    counted.add(id);
    const place = layerOfEntry(entryBase, id);
    bytes[node] = layers[place]!.size[id - entryBase[place]!]!;
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
  const all = new Uint32Array(count);
  const presentChildren = new Uint32Array(count);
  for (let node = 1; node < count; node++) {
    all[parent[node]!]!++;
    if (kind[node] !== TOMBSTONE) presentChildren[parent[node]!]!++;
  }
  const firstChild = new Uint32Array(count + 1);
  const nextPresent = new Uint32Array(count);
  const nextGone = new Uint32Array(count);
  for (let node = 0; node < count; node++) {
    const first = firstChild[node]!;
    nextPresent[node] = first;
    nextGone[node] = first + presentChildren[node]!;
    firstChild[node + 1] = first + all[node]!;
  }
  const children = new Uint32Array(Math.max(0, count - 1));
  for (let node = 1; node < count; node++) {
    const next = kind[node] === TOMBSTONE ? nextGone : nextPresent;
    children[next[parent[node]!]!++] = node;
  }
  return { children, firstChild, presentChildren };
}
