const svg = 'http://www.w3.org/2000/svg';

/** Drawn on a grid of 16 by 16, with strokes of one unit, in the colour of the text. */
const drawings = {
  chevron: 'M6 4l4 4-4 4',
  file: 'M4.5 2.5h5l2.5 2.5v8.5h-7.5zM9.5 2.5v2.5h2.5',
  directory: 'M2.5 12.5v-9h4l1.5 1.5h5.5v7.5z',
  symlink: 'M4.5 2.5h5l2.5 2.5v8.5h-7.5zM6.5 10.5c0-2 1-3 3-3M8 6l1.7 1.5L8 9',
  device: 'M3.5 4.5h9v7h-9zM6 13.5v-2M10 13.5v-2M6 4.5v-2M10 4.5v-2',
  fifo: 'M2.5 5.5h8.5v5h-8.5M11 5.5l2.5 2.5-2.5 2.5',
  added: 'M8 3.5v9M3.5 8h9',
  removed: 'M3.5 8h9',
  changed: 'M8 5a3 3 0 1 1 0 6a3 3 0 1 1 0-6',
  metadata: 'M3.5 5.5h9M3.5 10.5h9M6 3.5v4M10 8.5v4',
  time: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11M8 5v3l2 1.5',
  same: 'M4 6.5h8M4 9.5h8',
  waste: 'M8 2.5l6 11h-12zM8 6.5v3.5M8 11.5v.7',
  ascending: 'M4.5 9.5l3.5-3.5 3.5 3.5',
  descending: 'M4.5 6.5l3.5 3.5 3.5-3.5',
  goTo: 'M6.5 3.5h6v6M12.5 3.5l-8.5 8.5',
  swap: 'M3 5.5h9M9.5 3l2.5 2.5-2.5 2.5M13 10.5h-9M6.5 8l-2.5 2.5 2.5 2.5',
  export: 'M8 9.5v-7M5.5 5l2.5-2.5 2.5 2.5M3.5 8.5v5h9v-5',
  compare: 'M2.5 3.5h4.5v9h-4.5zM9 3.5h4.5v9h-4.5z',
  more: 'M4 8h.01M8 8h.01M12 8h.01',
  up: 'M8 13v-9M4.5 7l3.5-3.5 3.5 3.5',
  list: 'M3 4.5h10M3 8h10M3 11.5h10',
  map: 'M2.5 3.5h11v9h-11zM8.5 3.5v9M8.5 8h5',
  clear: 'M4.5 4.5l7 7M11.5 4.5l-7 7',
  expand: 'M3.5 5l4.5 4 4.5-4M3.5 9l4.5 4 4.5-4',
  collapse: 'M3.5 8l4.5-4 4.5 4M3.5 12l4.5-4 4.5 4',
  stop: 'M4.5 4.5h7v7h-7z',
} as const;

export type IconName = keyof typeof drawings;

/** A picture that says nothing by itself: whatever it means stands beside it as text, or as the label of its control. */
export function icon(name: IconName): SVGSVGElement {
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', '0 0 16 16');
  picture.setAttribute('class', `icon icon-${name}`);
  picture.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', drawings[name]);
  picture.append(path);
  return picture;
}

/** Shows another picture in the place of one. Touches nothing where it is the same. */
export function setIcon(picture: SVGSVGElement, name: IconName): void {
  const wanted = `icon icon-${name}`;
  if (picture.getAttribute('class') === wanted) return;
  picture.setAttribute('class', wanted);
  picture.firstElementChild!.setAttribute('d', drawings[name]);
}
