import { changes } from '../image/change.ts';
import { stringText } from '../image/layerIndex.ts';
import { cellTextLimit, rowKinds, type TreemapCell } from './rows.ts';
import type { TreeView } from './treeView.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Around the parts of a directory, and above them for its name, in CSS pixels. */
const [padding, heading] = [2, 18];
/** What is smaller is not drawn apart, in square pixels: it could be neither seen nor hit. */
const leastArea = 40;
/** A directory whose inside is smaller is drawn as one block. */
const leastInside = 24;

/**
 * Lays out what is in a directory, as areas proportional to bytes, and what is in its largest directories within them, as
 * long as cells are left. Only what is drawn is sorted: of a directory with a million files those with enough bytes to be
 * seen. "Squarified treemaps", Bruls, Huizing, van Wijk, 2000: https://vanwijk.win.tue.nl/stm.pdf
 *
 * @param first where the children of each node stand in `children`.
 */
export function treemapCells(
  view: TreeView,
  children: { readonly first: Uint32Array; readonly nodes: Uint32Array },
  node: number,
  box: Box,
  mostCells: number,
): TreemapCell[] {
  const cells: TreemapCell[] = [];
  /** The directories that may still be filled, the largest last. */
  const waiting: { node: number; box: Box; parent: number | undefined; depth: number }[] = [
    { node, box, parent: undefined, depth: 0 },
  ];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const parts = partsOf(view, children, place.node, place.box, mostCells - cells.length);
    if (parts === undefined) continue;
    const boxes = squarify(
      parts.map(({ bytes }) => bytes),
      place.box,
    );
    parts.forEach((part, at) => {
      const cell = cellOf(view, part, boxes[at]!, place.parent, place.depth);
      const inside = insideOf(cell);
      if (cell.kind === 'directory' && part.node !== undefined && inside !== undefined) {
        waiting.push({ node: part.node, box: inside, parent: cells.length, depth: place.depth + 1 });
      }
      cells.push(cell);
    });
    waiting.sort((a, b) => area(a.box) - area(b.box));
  }
  return cells;
}

/** A child that is drawn apart, or the rest of them. */
interface Part {
  readonly node?: number;
  readonly bytes: number;
  readonly wasted: number;
  readonly rest?: number;
}

/** The children to draw and the rest, the largest first; undefined where there is nothing to draw, or no cell left. */
function partsOf(
  { area: bytes, wasted }: TreeView,
  { first, nodes }: { readonly first: Uint32Array; readonly nodes: Uint32Array },
  directory: number,
  box: Box,
  cells: number,
): Part[] | undefined {
  const from = first[directory]!;
  const to = first[directory + 1]!;
  let total = 0;
  for (let at = from; at < to; at++) total += bytes[nodes[at]!]!;
  if (total === 0 || cells < 2) return undefined;
  const least = (total * leastArea) / area(box);
  const parts: Part[] = [];
  let [rest, restBytes, restWasted] = [0, 0, 0];
  for (let at = from; at < to; at++) {
    const node = nodes[at]!;
    const own = bytes[node]!;
    if (own === 0) continue;
    if (own >= least) {
      parts.push({ node, bytes: own, wasted: wasted[node]! });
      continue;
    }
    rest++;
    restBytes += own;
    restWasted += wasted[node]!;
  }
  parts.sort((a, b) => b.bytes - a.bytes);
  // Half of the cells that are left, so that one directory with many equal parts does not take them from all others.
  for (const part of parts.splice(Math.max(1, Math.floor(cells / 2)))) {
    rest++;
    restBytes += part.bytes;
    restWasted += part.wasted;
  }
  if (rest > 0) parts.push({ bytes: restBytes, wasted: restWasted, rest });
  return parts.sort((a, b) => b.bytes - a.bytes);
}

function cellOf(view: TreeView, part: Part, box: Box, parent: number | undefined, depth: number): TreemapCell {
  const { node } = part;
  const name = node === undefined ? '' : stringText(view.strings, view.paths.name[node]!).slice(0, cellTextLimit);
  return {
    ...(node === undefined ? {} : { node }),
    ...(parent === undefined ? {} : { parent }),
    name,
    kind: node === undefined ? 'file' : rowKinds[view.kind[node]!]!,
    change: node === undefined ? 'same' : changes[view.change[node]!]!,
    depth,
    ...box,
    bytes: part.bytes,
    wastedBytes: part.wasted,
    ...(part.rest === undefined ? {} : { rest: part.rest }),
  };
}

function insideOf({ x, y, width, height }: Box): Box | undefined {
  const inside = {
    x: x + padding,
    y: y + heading,
    width: width - 2 * padding,
    height: height - heading - padding,
  };
  return inside.width < leastInside || inside.height < leastInside ? undefined : inside;
}

function area({ width, height }: Box): number {
  return width * height;
}

/** Boxes for values that are sorted, the largest first, as near to squares as rows of them can be. */
export function squarify(values: readonly number[], box: Box): Box[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  const scale = total === 0 ? 0 : area(box) / total;
  const boxes: Box[] = [];
  let { x, y, width, height } = box;
  for (let from = 0; from < values.length;) {
    const side = Math.min(width, height);
    let to = from;
    let sum = 0;
    let worst = Infinity;
    // A row grows as long as its boxes become squarer.
    while (to < values.length) {
      const grown = sum + values[to]! * scale;
      const ratio = worstRatio(values[from]! * scale, values[to]! * scale, grown, side);
      if (to > from && ratio > worst) break;
      [sum, worst] = [grown, ratio];
      to++;
    }
    const thickness = side === 0 ? 0 : sum / side;
    const isUpright = width >= height;
    let along = 0;
    for (let at = from; at < to; at++) {
      const length = sum === 0 ? 0 : (values[at]! * scale * side) / sum;
      boxes.push(
        isUpright
          ? { x, y: y + along, width: thickness, height: length }
          : { x: x + along, y, width: length, height: thickness },
      );
      along += length;
    }
    if (isUpright) [x, width] = [x + thickness, Math.max(0, width - thickness)];
    else [y, height] = [y + thickness, Math.max(0, height - thickness)];
    from = to;
  }
  return boxes;
}

function worstRatio(largest: number, smallest: number, sum: number, side: number): number {
  if (sum === 0 || smallest === 0) return Infinity;
  return Math.max((side * side * largest) / (sum * sum), (sum * sum) / (side * side * smallest));
}
