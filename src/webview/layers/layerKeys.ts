/** A line of the list of layers: a layer by its index, or the heading of the base's layers. */
export type LayerLine = number | 'base';

/** The lines that can be seen, from base to top. */
export function layerLines(layerCount: number, baseLayers: number, isFolded: boolean): LayerLine[] {
  const layers = Array.from({ length: layerCount }, (_, index) => index);
  if (baseLayers === 0) return layers;
  return ['base', ...(isFolded ? layers.slice(baseLayers) : layers)];
}

export type LayerAction =
  | { readonly kind: 'go'; readonly line: LayerLine }
  | { readonly kind: 'fold'; readonly folded: boolean }
  | { readonly kind: 'activate' };

/** What a key does in the list of layers: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/. */
export function layerAction(
  key: string,
  lines: readonly LayerLine[],
  at: LayerLine | undefined,
  base: { readonly layers: number; readonly isFolded: boolean },
): LayerAction | undefined {
  const place = at === undefined ? -1 : lines.indexOf(at);
  const go = (target: number): LayerAction | undefined => {
    const line = lines[Math.min(Math.max(0, target), lines.length - 1)];
    return line === undefined ? undefined : { kind: 'go', line };
  };
  switch (key) {
    case 'ArrowDown':
      return go(place + 1);
    case 'ArrowUp':
      return go(place < 0 ? lines.length - 1 : place - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(lines.length - 1);
    case 'ArrowRight':
      if (at !== 'base') return undefined;
      return base.isFolded ? { kind: 'fold', folded: false } : go(place + 1);
    case 'ArrowLeft':
      if (at === 'base') return { kind: 'fold', folded: true };
      return at !== undefined && at < base.layers ? { kind: 'go', line: 'base' } : undefined;
    case 'Enter':
    case ' ':
      return at === 'base' ? { kind: 'fold', folded: !base.isFolded } : { kind: 'activate' };
    default:
      return undefined;
  }
}
