import { stringText } from '../image/layerIndex.ts';
import type { TreeView } from './treeView.ts';
import { groupChildren } from './order.ts';

/**
 * The nodes of a tree that have the paths of some nodes of another; what is not there is left out. Every directory on the
 * way is searched once, however many are looked for in it.
 *
 * @param nodes ascending, as parents come before their children.
 */
export function sameNodes(from: TreeView, to: TreeView, nodes: readonly number[]): number[] {
  const wanted = new Set<number>();
  for (const node of nodes) {
    for (let at = node; at !== 0 && !wanted.has(at); at = from.paths.parent[at]!) wanted.add(at);
  }
  const byParent = new Map<number, number[]>();
  for (const node of [...wanted].sort((a, b) => a - b)) {
    const parent = from.paths.parent[node]!;
    const siblings = byParent.get(parent);
    if (siblings) siblings.push(node);
    else byParent.set(parent, [node]);
  }
  const order = Uint32Array.from({ length: to.paths.count }, (_, node) => node);
  const children = groupChildren(to.paths, order);
  const found = new Map<number, number>([[0, 0]]);
  for (const [parent, siblings] of byParent) {
    const there = found.get(parent);
    if (there === undefined) continue;
    const byName = new Map(siblings.map((node) => [stringText(from.strings, from.paths.name[node]!), node]));
    for (let at = children.first[there]!; at < children.first[there + 1]!; at++) {
      const child = children.nodes[at]!;
      const node = byName.get(stringText(to.strings, to.paths.name[child]!));
      if (node !== undefined) found.set(node, child);
    }
  }
  return nodes.flatMap((node) => found.get(node) ?? []);
}
