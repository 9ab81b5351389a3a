import type { Treemap, TreemapCell } from '../../core/explorer/rows.ts';
import type { Context } from '../context.ts';
import { linkButton } from '../controls.ts';
import { make } from '../dom.ts';
import { shareOf } from './treemapCells.ts';
import { visibleText } from '../visibleText.ts';
import { fill } from '../../protocol/strings.ts';

/** The treemap in words and numbers: what is directly in the directory, the largest first. */
export function treemapTable(context: Context, map: Treemap, onZoom: (cell: TreemapCell) => void): HTMLElement {
  const { strings, format } = context;
  const heading = (text: string, kind = ''): HTMLElement => {
    const cell = make('th', { class: kind }, text);
    cell.scope = 'col';
    return cell;
  };
  const row = (cell: TreemapCell): HTMLElement => {
    const bytes = format.bytes(cell.bytes);
    const text =
      cell.rest === undefined ? visibleText(cell.name) : fill(strings.treemapRest, format.count(cell.rest), bytes);
    const isDirectory = cell.kind === 'directory' && cell.rest === undefined && cell.node !== undefined;
    const name = isDirectory ? linkButton('', () => onZoom(cell)) : make('span', {});
    name.append(make('bdi', {}, isDirectory ? `${text}/` : text));
    return make(
      'tr',
      {},
      make('td', {}, name),
      make('td', { class: 'number' }, bytes),
      make('td', { class: 'number' }, format.share(shareOf(map, cell))),
      make('td', { class: 'number waste-text' }, cell.wastedBytes > 0 ? format.bytes(cell.wastedBytes) : ''),
    );
  };
  const { columnName, columnSize, columnShare, columnWasted } = strings;
  return make(
    'table',
    { class: 'plain-table' },
    make(
      'thead',
      {},
      make(
        'tr',
        {},
        heading(columnName),
        heading(columnSize, 'number'),
        heading(columnShare, 'number'),
        heading(columnWasted, 'number'),
      ),
    ),
    make('tbody', {}, ...map.cells.filter(({ depth }) => depth === 0).map(row)),
  );
}
