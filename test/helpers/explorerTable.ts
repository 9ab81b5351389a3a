import type { Scope } from '../../src/core/explorer/query.ts';
import { ScopeView } from '../../src/core/explorer/scopeView.ts';
import { Table } from '../../src/core/explorer/table.ts';
import { treeFacts } from '../../src/core/explorer/treeFacts.ts';
import { type Files, stackOf } from './finalTree.ts';

/** A table over made-up layers. */
export function tableOf(layers: readonly Files[], scope: Scope = { kind: 'image' }, baseLayers = 0): Table {
  return new Table(new ScopeView(treeFacts(stackOf(...layers)), scope, baseLayers));
}

/** The rows of a table as text, indented by their level: `name`, and `+` or `-` for closed and open directories. */
export function printRows(table: Table): string[] {
  const { rowCount } = table.figures();
  return table.rows(0, rowCount).map(({ name, level, expanded }) => {
    const mark = expanded === undefined ? '' : expanded ? '- ' : '+ ';
    return '  '.repeat(level - 1) + mark + name;
  });
}
