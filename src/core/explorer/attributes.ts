import { EntryKind, type LayerIndex, NONE, stringText } from '../image/layerIndex.ts';
import { rowTextLimit } from './rows.ts';
import type { RowDetails } from './treeView.ts';

/** A number of the entry `at` in a layer. */
type Read = (layer: LayerIndex, at: number) => number;

export type AttributeColumn = 'owner' | 'mode' | 'modified';

/** What each column sorts by, the most important last. */
const readers: Readonly<Record<AttributeColumn, readonly Read[]>> = {
  owner: [(layer, at) => layer.gid[at]!, (layer, at) => layer.uid[at]!],
  mode: [(layer, at) => layer.mode[at]!],
  modified: [(layer, at) => layer.mtime[at]!],
};

/** Before all that some layer names stands what none does. */
export const unnamed = -1;

/**
 * The keys of a tree's nodes in a column of their entries' attributes.
 *
 * @param readAt reads from the entry of a node; {@link unnamed} where it has none.
 */
export function attributeKeys(
  column: AttributeColumn,
  count: number,
  readAt: (node: number, read: Read) => number,
): Float64Array[] {
  return readers[column].map((read) => {
    const keys = new Float64Array(count);
    for (let node = 0; node < count; node++) keys[node] = readAt(node, read);
    return keys;
  });
}

/** What a row tells of its entry. */
export function attributesOf(
  layer: LayerIndex,
  at: number,
): Pick<RowDetails, 'uid' | 'gid' | 'mode' | 'modified' | 'link'> {
  const link = layer.kind[at] === EntryKind.symlink ? layer.link[at]! : NONE;
  return {
    uid: layer.uid[at]!,
    gid: layer.gid[at]!,
    mode: layer.mode[at]!,
    modified: layer.mtime[at]!,
    ...(link === NONE ? {} : { link: stringText(layer.strings, link).slice(0, rowTextLimit) }),
  };
}
