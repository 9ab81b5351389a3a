import { EntryKind, NONE, stringText } from '../image/layerIndex.ts';
import { entryAt, layerOfEntry, presentChildren, type StackedTree, treePath } from '../image/stackedTree.ts';
import type { FinalTree } from './detector.ts';

/** The final file system of a stacked image, as detectors see it. Tombstones are out of its reach. */
export function finalTreeOf(stacked: StackedTree): FinalTree {
  const { paths, strings, kind, content } = stacked;
  const names = namesOfContents(stacked);
  const encoder = new TextEncoder();
  const child = (node: number, wanted: Uint8Array) =>
    presentChildren(stacked, node).find((candidate) => hasName(stacked, candidate, wanted)) ?? -1;
  const below = (node: number, path: string): number => {
    let at = node;
    for (const segment of path.split('/')) {
      if (at < 0) return -1;
      if (segment !== '' && segment !== '.') at = child(at, encoder.encode(segment));
    }
    return at;
  };
  // Detectors ask for many paths with the same beginnings; a hostile image has a million names in one directory.
  const known = new Map<string, number>([['', 0]]);
  const find = (path: string): number => {
    const normal = path.replace(/\/+(?=\/|$)/g, '');
    const found = known.get(normal);
    if (found !== undefined) return found;
    const slash = normal.lastIndexOf('/');
    const parent = find(normal.slice(0, Math.max(0, slash)));
    const node = parent < 0 ? -1 : below(parent, normal.slice(slash + 1));
    known.set(normal, node);
    return node;
  };
  return {
    count: paths.count,
    names: strings,
    children: (node) => presentChildren(stacked, node),
    parent: (node) => paths.parent[node]!,
    name: (node) => paths.name[node]!,
    nameText: (node) => (node === 0 ? '' : stringText(strings, paths.name[node]!)),
    path: (node) => treePath(stacked, node),
    find,
    below,
    isDirectory: (node) => kind[node] === EntryKind.directory,
    isFile: (node) => kind[node] === EntryKind.file,
    size(node) {
      if (kind[node] !== EntryKind.file || content[node] === NONE) return 0;
      const { layer, entry } = entryAt(stacked, content[node]!);
      return stacked.layers[layer]?.size[entry] ?? 0;
    },
    layer: (node) => (content[node] === NONE ? stacked.layer[node]! : layerOfEntry(stacked.entryBase, content[node]!)),
    // Beyond the end for `NONE`.
    linkGroup: (node) => (names[content[node]!]! > 1 ? content[node]! : -1),
    linkCount: (group) => names[group]!,
  };
}

/** For each entry how many files in the final file system have its content. */
function namesOfContents({ paths, kind, content, entryBase }: StackedTree): Uint32Array {
  const names = new Uint32Array(entryBase.at(-1)!);
  for (let node = 1; node < paths.count; node++) {
    if (kind[node] === EntryKind.file && content[node] !== NONE) names[content[node]!]!++;
  }
  return names;
}

function hasName({ paths, strings }: StackedTree, node: number, wanted: Uint8Array): boolean {
  const { bytes, offsets } = strings;
  const name = paths.name[node]!;
  const start = offsets[name]!;
  if (offsets[name + 1]! - start !== wanted.length) return false;
  for (let i = 0; i < wanted.length; i++) if (bytes[start + i] !== wanted[i]) return false;
  return true;
}
