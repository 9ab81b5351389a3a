/**
 * Chromium lays out in 64ths of a device pixel in 32 bits: 33.5 million device pixels, which at a zoom of 4 are 8.3 million
 * CSS pixels. A list that would be taller gets this height, and scroll positions are mapped.
 */
export const tallestBody = 8_000_000;

/** A list of rows of one height behind a viewport; lengths in CSS pixels. */
export interface ListGeometry {
  readonly rowCount: number;
  readonly rowHeight: number;
  /** Height of what is visible of the rows. */
  readonly viewport: number;
}

/**
 * Where a list is scrolled to. `scrollTop` is what the browser knows; `scrollTop + offset` is the place in the list as if it
 * could be as tall as it is. The offset is 0 in lists that are not too tall.
 */
export interface ScrollPlace {
  readonly scrollTop: number;
  readonly offset: number;
}

/** Height of all rows. */
export function fullHeight(geometry: ListGeometry): number {
  return geometry.rowCount * geometry.rowHeight;
}

/** Height that the browser is told. */
export function bodyHeight(geometry: ListGeometry): number {
  return Math.min(fullHeight(geometry), tallestBody);
}

/**
 * Near both ends of a list that is too tall, a pixel is a pixel: else a step towards an end would meet it too early. What
 * lies between is mapped in proportion.
 */
const trueEdge = 1_000_000;

/** The place that a position in the list is best shown at: the scroll bar stands where the position is. */
export function placeAt(geometry: ListGeometry, position: number): ScrollPlace {
  const { farthest, farthestScroll } = ends(geometry);
  const wanted = Math.min(Math.max(0, Math.round(position)), farthest);
  const scrollTop = mapLength(wanted, farthest, farthestScroll);
  return { scrollTop, offset: wanted - scrollTop };
}

/**
 * What the browser's new scroll position means. A small step (wheel, keys, touch) moves by as many pixels as it is long; a
 * long one (the scroll bar's thumb) goes to the place in proportion.
 */
export function placeAfterScroll(geometry: ListGeometry, before: ScrollPlace, scrollTop: number): ScrollPlace {
  const { farthest, farthestScroll } = ends(geometry);
  const isStep = Math.abs(scrollTop - before.scrollTop) <= 4 * geometry.viewport;
  // The ends are the ends however they were reached.
  const isEnd = scrollTop <= 0 || scrollTop >= farthestScroll;
  const position =
    isStep && !isEnd
      ? Math.min(Math.max(0, scrollTop + before.offset), farthest)
      : mapLength(scrollTop, farthestScroll, farthest);
  return { scrollTop, offset: position - scrollTop };
}

function ends(geometry: ListGeometry): { readonly farthest: number; readonly farthestScroll: number } {
  return {
    farthest: Math.max(0, fullHeight(geometry) - geometry.viewport),
    farthestScroll: Math.max(0, bodyHeight(geometry) - geometry.viewport),
  };
}

/** Maps 0 to `from` onto 0 to `to`. */
function mapLength(value: number, from: number, to: number): number {
  if (from === to || value <= trueEdge) return Math.min(value, to);
  if (from - value <= trueEdge) return to - (from - value);
  return Math.round(trueEdge + ((value - trueEdge) / (from - 2 * trueEdge)) * (to - 2 * trueEdge));
}

/** Whether small steps have led the scroll bar away from where the position is, in proportion. To be mended when scrolling rests. */
export function isAdrift(geometry: ListGeometry, place: ScrollPlace): boolean {
  return placeAt(geometry, place.scrollTop + place.offset).scrollTop !== place.scrollTop;
}

/** The rows that are at least partly visible, `end` excluded, and `spare` more on each side. */
export function visibleRows(
  geometry: ListGeometry,
  place: ScrollPlace,
  spare: number,
): { readonly start: number; readonly end: number } {
  if (geometry.viewport <= 0) return { start: 0, end: 0 };
  const position = place.scrollTop + place.offset;
  const start = Math.floor(position / geometry.rowHeight) - spare;
  const end = Math.ceil((position + geometry.viewport) / geometry.rowHeight) + spare;
  return {
    start: Math.min(Math.max(0, start), geometry.rowCount),
    end: Math.min(Math.max(0, end), geometry.rowCount),
  };
}

/** The position nearest to the present one at which a row is wholly visible. */
export function positionShowing(geometry: ListGeometry, place: ScrollPlace, row: number): number {
  const position = place.scrollTop + place.offset;
  const top = row * geometry.rowHeight;
  if (top < position) return top;
  const bottom = top + geometry.rowHeight;
  return bottom > position + geometry.viewport ? bottom - geometry.viewport : position;
}

/** Whole rows that a page key passes. */
export function pageRows(geometry: ListGeometry): number {
  return Math.max(1, Math.floor(geometry.viewport / geometry.rowHeight) - 1);
}
