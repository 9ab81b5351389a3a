import { ContextContent, type ArchiveSize } from '../../src/core/estimate/context/contextContent.ts';
import { ContextTree } from '../../src/core/estimate/context/contextTree.ts';

/** A tree of a build context from paths and their bytes; a path that ends in a slash is an empty folder, -1 bytes a link. */
export function treeOf(files: Readonly<Record<string, number>>): ContextTree {
  const tree = new ContextTree();
  const folders = new Map<string, { files: Map<string, number>; folders: Set<string> }>([
    ['', { files: new Map(), folders: new Set() }],
  ]);
  for (const [path, bytes] of Object.entries(files)) {
    const parts = path.split('/');
    const name = parts.pop()!;
    let at = '';
    for (const part of parts) {
      folders.get(at)!.folders.add(part);
      at = at === '' ? part : `${at}/${part}`;
      if (!folders.has(at)) folders.set(at, { files: new Map(), folders: new Set() });
    }
    if (name !== '') folders.get(at)!.files.set(name, bytes);
  }
  for (const [path, folder] of folders) {
    tree.setFolder({
      path,
      files: [...folder.files].map(([name, bytes]) => (bytes < 0 ? { name, bytes: 0, link: true } : { name, bytes })),
      folders: [...folder.folders],
    });
  }
  tree.complete = true;
  return tree;
}

export function contentOf(
  files: Readonly<Record<string, number>>,
  ignoreText = '',
  archiveSize: (path: string) => ArchiveSize = () => ({ isArchive: false }),
): ContextContent {
  return new ContextContent(treeOf(files), ignoreText, archiveSize);
}
