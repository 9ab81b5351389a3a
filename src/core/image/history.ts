import { layerless, readHistory, type HistoryInstruction } from './createdBy.ts';
import type { ImageInfo } from './image.ts';

/**
 * How well a layer's history is known:
 * - `exact`: the history has one entry for each layer, marked as the specification asks.
 * - `inferred`: its tool does not mark entries without a layer; the count fits when they are told by their keyword.
 * - `squashed`: several instructions went into the layer; `covers` says which.
 * - `unknown`: there is no history, or it does not fit the layers. A wrong instruction would be worse than none.
 */
export type HistoryCertainty = 'exact' | 'inferred' | 'squashed' | 'unknown';

/** What made one layer. */
export interface LayerHistory {
  /** Index into `ImageInfo.layers`. */
  readonly layer: number;
  readonly certainty: HistoryCertainty;
  /** Index into `ImageInfo.history`; absent where unknown. */
  readonly entry?: number;
  /** The instruction in its normal form; absent where unknown, and where several went into the layer. */
  readonly instruction?: HistoryInstruction;
  /** For a squashed layer: indexes of the entries whose instructions wrote files into it, in order. */
  readonly covers?: readonly number[];
  /** When it was made, RFC 3339, as the image says. */
  readonly created?: string;
}

/**
 * Matches layers to the entries of the history, one result per layer, from base to top.
 * https://github.com/opencontainers/image-spec/blob/main/config.md (`history`, `empty_layer`)
 */
export function matchHistory(info: ImageInfo): LayerHistory[] {
  const read = readHistory(info.history);
  const { entries, certainty } = layerEntries(info, read);
  if (certainty === 'unknown') return info.layers.map((_, layer) => ({ layer, certainty }));

  return entries.map((entry, layer) => {
    const { created } = info.history[entry]!;
    const known = { layer, entry, ...(created === undefined ? {} : { created }) };
    const covers = squashedInto(entry, layer === 0 ? 0 : entries[layer - 1]! + 1, read);
    if (covers.length > 0) return { ...known, certainty: 'squashed', covers };
    return { ...known, certainty, instruction: read[entry]! };
  });
}

/** The entries that made layers, one per layer; empty where that cannot be told. */
function layerEntries(
  info: ImageInfo,
  read: readonly HistoryInstruction[],
): { entries: readonly number[]; certainty: 'exact' | 'inferred' | 'unknown' } {
  const marked = [...info.history.keys()].filter((i) => !info.history[i]!.emptyLayer);
  if (marked.length === info.layers.length) return { entries: marked, certainty: 'exact' };
  const told = marked.filter((i) => !layerless.has(read[i]!.keyword ?? ''));
  if (told.length === info.layers.length) return { entries: told, certainty: 'inferred' };
  return { entries: [], certainty: 'unknown' };
}

/**
 * Squashing builders (`--squash`, `--layers=false`, `buildah commit`) mark every entry but the last as empty. A `COPY` that
 * made no layer gives them away; a `RUN` only below an entry that cannot have made the layer itself, because Docker's
 * first builder also marks a `RUN` that changed nothing.
 */
function squashedInto(entry: number, from: number, read: readonly HistoryInstruction[]): number[] {
  const writers = (keywords: readonly string[]) =>
    range(from, entry).filter((i) => keywords.includes(read[i]!.keyword ?? ''));
  const selfMade = !layerless.has(read[entry]!.keyword ?? '');
  if (writers(selfMade ? ['COPY', 'ADD'] : ['COPY', 'ADD', 'RUN']).length === 0) return [];
  const all = writers(['COPY', 'ADD', 'RUN']);
  return ['COPY', 'ADD', 'RUN'].includes(read[entry]!.keyword ?? '') ? [...all, entry] : all;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
