import type { Row } from '../../core/explorer/rows.ts';
import type { NodeOf } from '../../protocol/explorer.ts';
import { fill } from '../../protocol/strings.ts';
import { type Context, run } from '../context.ts';
import type { IconName } from '../icons.ts';
import type { MenuItem } from '../menu.ts';
import type { TableModel } from './tableModel.ts';

export interface RowAction {
  readonly text: string;
  readonly icon?: IconName;
  readonly run: () => void;
}

/** What can be done with a row's file or path. */
export function fileActions(context: Context, model: TableModel, row: Row): RowAction[] {
  const { host, strings } = context;
  const { summary } = model;
  if (!summary) return [];
  const node: NodeOf = { table: model.table, tree: summary.tree, node: row.node };
  const action = (text: string, call: () => Promise<void>): RowAction => ({ text, run: () => run(context, call()) });
  // What only the first of two images has is opened from there.
  const side = model.table === 'compare' && row.change === 'removed' ? { side: 'first' as const } : {};
  return [
    ...(row.canOpen
      ? [
          action(strings.openFile, () => host.openFile({ ...node, ...side })),
          ...(row.kind === 'file' ? [action(strings.diffFile, () => host.diffFile(node))] : []),
          action(strings.saveFile, () => host.saveFile({ ...node, ...side })),
        ]
      : []),
    action(strings.copyPath, () => host.copyPath(node)),
  ];
}

/** What can be done with the tree at a row. */
export function treeActions({ strings }: Context, model: TableModel, index: number, row: Row): RowAction[] {
  if (row.expanded === undefined) return [];
  return [
    { text: strings.expandBelow, run: () => model.expand(index, true, true) },
    { text: strings.collapseBelow, run: () => model.expand(index, false, true) },
  ];
}

/** The way to the layer that takes the row's file away, or writes over it; none where that layer is shown. */
export function fateAction(
  { strings }: Context,
  model: TableModel,
  row: Row,
  goToLayer: (layer: number) => void,
): RowAction | undefined {
  const { fate } = row;
  const { scope } = model.query;
  if (!fate || (scope.kind === 'layer' && scope.layer === fate.layer)) return undefined;
  return { text: fill(strings.jumpToLayer, fate.layer + 1), icon: 'goTo', run: () => goToLayer(fate.layer) };
}

/** Actions as the items of a menu. */
export function menuItems(actions: readonly RowAction[]): MenuItem[] {
  return actions.map(({ text, run: act }) => ({ text, run: act }));
}
