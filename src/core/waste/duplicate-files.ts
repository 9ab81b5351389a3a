import type { Detector, FinalTree } from './detector.ts';

/** Below this a duplicate is not worth a line: license texts and empty modules are copied by the thousand. */
export const smallestDuplicate = 65_536;

/**
 * Files that may be duplicates: of equal length, at least `atLeast` bytes, and not hard links of each other. Those are
 * the ones whose content a caller has to hash. Groups are in the order of their first path, files in that of their paths.
 */
export function duplicateCandidates(
  tree: FinalTree,
  isLeftOut: (node: number) => boolean = () => false,
  atLeast = smallestDuplicate,
): number[][] {
  const groups = new Map<number, number[]>();
  const links = new Set<number>();
  const stack = [0];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const child of tree.children(node)) {
      if (tree.isDirectory(child)) stack.push(child);
      if (!tree.isFile(child) || isLeftOut(child)) continue;
      const size = tree.size(child);
      if (size < atLeast) continue;
      const link = tree.linkGroup(child);
      if (link >= 0 && links.has(link)) continue;
      if (link >= 0) links.add(link);
      const group = groups.get(size);
      if (group) group.push(child);
      else groups.set(size, [child]);
    }
  }
  const byPath = (nodes: readonly number[]) => {
    const paths = new Map(nodes.map((node) => [node, tree.path(node)]));
    return [...nodes].sort((a, b) => (paths.get(a)! < paths.get(b)! ? -1 : 1));
  };
  const candidates = [...groups.values()].filter((group) => group.length > 1).map(byPath);
  return candidates.sort((a, b) => (tree.path(a[0]!) < tree.path(b[0]!) ? -1 : 1));
}

export const duplicateFiles: Detector = {
  id: 'duplicate-files',
  title: 'Files with the same content',
  why: 'Another file has the same bytes.',
  detect(scene) {
    const { tree } = scene;
    if (!scene.canHash) return;
    for (const group of duplicateCandidates(tree, (node) => scene.isClaimed(node))) {
      const first = new Map<string, number>();
      for (const node of group) {
        const hash = scene.contentHash(node);
        if (hash === undefined) continue;
        const original = first.get(hash);
        if (original === undefined) first.set(hash, node);
        else if (tree.linkGroup(node) < 0) {
          scene.claim(node, {
            safety: 'check',
            why: `It has the same content as ${tree.path(original)}.`,
            advice: 'Copy it once, and link the other path to it: `ln` in the same RUN, or a symbolic link.',
          });
        }
      }
    }
  },
};
