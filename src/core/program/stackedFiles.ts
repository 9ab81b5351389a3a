import { EntryKind, linkTarget, NONE } from '../image/layerIndex.ts';
import { entryAt, type EntryPlace, presentChildren, presentKind, type StackedTree } from '../image/stackedTree.ts';
import { finalTreeOf } from '../waste/finalTree.ts';
import { accessTo, type RandomAccess } from './elf.ts';
import type { FileEntry, FileSystem } from './fileSystem.ts';

/** Reads the content of a regular file, whole, by its place among the layers. */
export type ReadContent = (place: EntryPlace, signal: AbortSignal) => Promise<Uint8Array>;

/** As much as is kept of contents that were read: a loader asks for the same libraries again and again. */
const keptBytes = 256 * 1024 * 1024;

/** The final file system of a stacked image, whose contents `read` brings. */
export function stackedFiles(tree: StackedTree, read: ReadContent): FileSystem {
  const final = finalTreeOf(tree);
  const kept = new Map<number, Promise<Uint8Array>>();
  let bytes = 0;
  const contentOf = (node: number, signal: AbortSignal): Promise<Uint8Array> => {
    const content = tree.content[node]!;
    const known = kept.get(content);
    if (known !== undefined) return known;
    bytes += final.size(node);
    if (bytes > keptBytes) {
      kept.clear();
      bytes = final.size(node);
    }
    const reading = read(entryAt(tree, content), signal);
    kept.set(content, reading);
    // What failed, or was cancelled, is read anew by the next who asks.
    reading.catch(() => kept.delete(content));
    return reading;
  };
  return {
    entry(path): FileEntry | undefined {
      const node = final.find(path);
      if (node < 0) return undefined;
      const kind = presentKind(tree, node);
      if (kind === undefined) return undefined;
      const target = kind === EntryKind.symlink ? targetOf(tree, node) : undefined;
      return {
        kind:
          kind === EntryKind.file
            ? 'file'
            : kind === EntryKind.directory
              ? 'directory'
              : kind === EntryKind.symlink
                ? 'link'
                : 'other',
        mode: modeOf(tree, node),
        ...(target === undefined ? {} : { target }),
      };
    },
    names(directory) {
      const node = final.find(directory);
      return node < 0 ? [] : Array.from(presentChildren(tree, node), (child) => final.nameText(child));
    },
    async open(path, signal): Promise<RandomAccess> {
      const node = final.find(path);
      if (node < 0 || !final.isFile(node) || tree.content[node] === NONE) {
        throw new RangeError(`${path} is no regular file of the image.`);
      }
      return accessTo(await contentOf(node, signal));
    },
  };
}

function targetOf(tree: StackedTree, node: number): string | undefined {
  const { layer, entry } = entryAt(tree, tree.content[node]!);
  const index = tree.layers[layer];
  return index === undefined ? undefined : linkTarget(index, entry);
}

/** The mode of a directory that no layer names is what engines make it with. */
function modeOf(tree: StackedTree, node: number): number {
  const from = tree.content[node] === NONE ? tree.entry[node]! : tree.content[node]!;
  if (from === NONE) return 0o755;
  const { layer, entry } = entryAt(tree, from);
  return tree.layers[layer]?.mode[entry] ?? 0o755;
}
