import type { Treemap, TreemapCell } from '../../core/explorer/rows.ts';
import { fill, type PageStrings } from '../../protocol/strings.ts';
import type { Context } from '../context.ts';
import { make, setAria, setVariable, uniqueId } from '../dom.ts';
import type { Format } from '../format.ts';
import { boundedText, visibleText } from '../visibleText.ts';

/** CSS pixels: a cell smaller than this has no room for its name. */
const labelWidth = 36;
const labelHeight = 15;
/** Below this, the name needs all the room. */
const sizeWidth = 92;
/** How many tints tell the outermost directories apart. */
const tints = 6;

/** What a cell is, in words: its name, its bytes, of how many, and how many are wasted. */
export function cellLabel(
  { strings, format }: { readonly strings: PageStrings; readonly format: Format },
  map: Pick<Treemap, 'bytes'>,
  cell: TreemapCell,
): string {
  const bytes = format.bytes(cell.bytes);
  if (cell.rest !== undefined) return fill(strings.treemapRest, format.count(cell.rest), bytes);
  const name = boundedText(cell.name, 200);
  const share = format.share(shareOf(map, cell));
  const whole = format.bytes(map.bytes);
  return cell.wastedBytes > 0
    ? fill(strings.treemapCellWasted, name, bytes, share, whole, format.bytes(cell.wastedBytes))
    : fill(strings.treemapCell, name, bytes, share, whole);
}

/** The elements of a treemap's cells, outer before inner. */
export function cellElements(context: Context, map: Treemap): HTMLElement[] {
  const { strings, format } = context;
  const { cells } = map;
  const childrenOf = new Map<number | undefined, number>();
  const position = cells.map((cell) => {
    const place = (childrenOf.get(cell.parent) ?? 0) + 1;
    childrenOf.set(cell.parent, place);
    return place;
  });
  const tint: number[] = [];
  return cells.map((cell, index) => {
    tint.push(cell.parent === undefined ? (position[index]! - 1) % tints : tint[cell.parent]!);
    const isDirectory = childrenOf.has(index);
    const label = cellLabel(context, map, cell);
    const element = make('div', {
      class: `cell-box tint-${tint[index]!} ${isDirectory ? 'cell-directory' : 'cell-leaf'}`,
      role: 'treeitem',
      id: uniqueId('cell'),
      title: label,
      aria: {
        level: cell.depth + 1,
        posinset: position[index]!,
        setsize: childrenOf.get(cell.parent) ?? 1,
        selected: false,
      },
    });
    element.dataset.cell = String(index);
    place(element, cell);
    if (cell.rest !== undefined) element.classList.add('cell-rest');
    if (!isDirectory && cell.wastedBytes > 0) {
      element.classList.add('cell-wasteful');
      setVariable(element, '--waste', String(Math.min(1, cell.wastedBytes / Math.max(1, cell.bytes))));
    }
    setVariable(element, '--depth', String(Math.min(cell.depth, 6)));
    if (cell.width < labelWidth || cell.height < labelHeight) setAria(element, 'label', label);
    else {
      const text = cell.rest === undefined ? visibleText(cell.name) : `… ${format.count(cell.rest)}`;
      const size = make('span', { class: 'cell-size' }, format.bytes(cell.bytes));
      const wasted = cell.wastedBytes > 0 ? fill(strings.wastedHere, format.bytes(cell.wastedBytes)) : '';
      element.append(
        make('span', { class: 'cell-label' }, make('bdi', {}, text), ...(cell.width < sizeWidth ? [] : [' ', size])),
        // What is to be seen, in words: the area, and the hatching.
        make('span', { class: 'aloud' }, ` ${[format.share(shareOf(map, cell)), wasted].join(' ')}`),
      );
    }
    return element;
  });
}

function place(element: HTMLElement, { x, y, width, height }: TreemapCell): void {
  element.style.left = `${x}px`;
  element.style.top = `${y}px`;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}

/** What part of the whole map a cell is, 0 to 1. */
export function shareOf(map: Pick<Treemap, 'bytes'>, cell: Pick<TreemapCell, 'bytes'>): number {
  return map.bytes > 0 ? cell.bytes / map.bytes : 0;
}
