import { instructionText, readHistory } from '../../core/image/createdBy.ts';
import { type LayerHistory, matchHistory } from '../../core/image/history.ts';
import type { SharedLayer } from '../../core/image/compare.ts';
import type { ImageInfo } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import { type ComparedLayer, type LayerRow, limits } from '../../protocol/explorer.ts';

/** What a Dockerfile tells of the image that was built from it. */
export interface Lines {
  /** One-based line of each layer's instruction, from base to top. */
  readonly lines: readonly (number | undefined)[];
  readonly baseLayers?: number;
}

/** The rows of an image's layers before one of them is read, from base to top. */
export function firstLayerRows(info: ImageInfo, baseLayers: number, { lines }: Pick<Lines, 'lines'>): LayerRow[] {
  return matchHistory(info).map((history, index): LayerRow => {
    const layer = info.layers[index]!;
    return {
      index,
      ...rowText(info, history),
      certainty: history.certainty,
      fromBase: index < baseLayers,
      state: 'waiting',
      ...present({
        diffId: layer.diffId?.slice(0, limits.text),
        onDiskBytes: layer.onDiskBytes,
        downloadBytes: layer.downloadBytes,
        line: lines[index],
      }),
    };
  });
}

function rowText(info: ImageInfo, history: LayerHistory): Pick<LayerRow, 'keyword' | 'text' | 'isCut'> {
  const whole = layerInstruction(info, history.layer, [history]);
  const { instruction } = history;
  const line = (instruction?.text ?? whole).replace(/\s+/g, ' ').trim();
  return {
    ...present({ keyword: instruction?.keyword }),
    text: line.slice(0, limits.text),
    isCut: line.length > limits.text || whole.includes('\n'),
  };
}

/** The whole instruction of a layer; all of them, line by line, where several went into it; empty where nothing is known. */
export function layerInstruction(
  info: ImageInfo,
  layer: number,
  matched: readonly LayerHistory[] = matchHistory(info),
): string {
  const history = matched.find((at) => at.layer === layer);
  if (history?.entry === undefined) return '';
  if (history.instruction) return instructionText(history.instruction).slice(0, limits.longText);
  const read = readHistory(info.history);
  const entries = history.covers?.length ? history.covers : [history.entry];
  return entries
    .map((entry) => instructionText(read[entry]!))
    .join('\n')
    .slice(0, limits.longText);
}

/** The layers of two images, shared ones once: all of the first from base to top, then what only the second has. */
export function comparedLayers(
  first: readonly LayerRow[],
  second: readonly LayerRow[],
  shared: readonly SharedLayer[],
): ComparedLayer[] {
  const secondOf = new Map(shared.map((layer) => [layer.first, layer.second]));
  const sharedSecond = new Set(secondOf.values());
  const row = ({ keyword, text, onDiskBytes }: LayerRow) => ({ text, ...present({ keyword, onDiskBytes }) });
  return [
    ...first.map((layer): ComparedLayer => {
      const at = secondOf.get(layer.index);
      const side = at === undefined ? 'first' : 'both';
      return { side, first: layer.index, ...present({ second: at }), ...row(layer) };
    }),
    ...second
      .filter((layer) => !sharedSecond.has(layer.index))
      .map((layer): ComparedLayer => ({ side: 'second', second: layer.index, ...row(layer) })),
  ];
}
