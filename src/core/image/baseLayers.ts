import { readHistory, type HistoryInstruction } from './createdBy.ts';
import { matchHistory } from './history.ts';
import type { HistoryEntry, ImageInfo } from './image.ts';

/** An image that may be the base: one whose layers a source has read. */
export interface KnownBase {
  readonly reference: string;
  /** Manifest digest, where it is known. */
  readonly digest?: string;
  /** From base to top. */
  readonly diffIds: readonly string[];
}

/**
 * How the base's layers were told from the image's own, strongest first:
 * - `diff-ids`: a known image has exactly these layers at the bottom.
 * - `stated`: the builder wrote where the base ends (Podman's `FROM` comments, a squash's parent, an import).
 * - `history`: a `CMD` or another builder's spelling ends the history of one image and begins another's.
 * - `dates`: more than a day lies between two entries. A guess: a cached step is old, too.
 */
export type BaseEvidence = 'diff-ids' | 'stated' | 'history' | 'dates';

export interface BaseLayers {
  /** How many layers, counted from the bottom, are the base's. 0 where the image has no base or none can be told. */
  readonly count: number;
  /** Absent where nothing tells. */
  readonly evidence?: BaseEvidence;
  /** The base's name, where the evidence or a label gives one. A label may be the base's own, and speak of its base. */
  readonly reference?: string;
  /** The base's digest by its label, to be looked up for a stronger answer. */
  readonly digest?: string;
}

/** Tells the layers of the base from the image's own. `known` are images that might be it, in any order. */
export function baseLayers(info: ImageInfo, known: readonly KnownBase[] = []): BaseLayers {
  const labels = labelled(info);
  const base = longestPrefix(info, known);
  if (base) return { ...labels, count: base.diffIds.length, evidence: 'diff-ids', reference: base.reference };

  const boundary = findBoundary(info.history, readHistory(info.history));
  const layers = matchHistory(info);
  if (!boundary || layers.some((layer) => layer.certainty === 'unknown')) return { ...labels, count: 0 };
  const count = layers.filter((layer) => layer.entry! < boundary.entry).length;
  return {
    ...labels,
    count,
    evidence: boundary.evidence,
    ...(boundary.reference === undefined ? {} : { reference: boundary.reference }),
  };
}

/** `org.opencontainers.image.base.*`: https://github.com/opencontainers/image-spec/blob/main/annotations.md */
function labelled(info: ImageInfo): { reference?: string; digest?: string } {
  const reference = info.config.labels['org.opencontainers.image.base.name'];
  const digest = info.config.labels['org.opencontainers.image.base.digest'];
  return { ...(reference ? { reference } : {}), ...(digest ? { digest } : {}) };
}

/** The known image with the most layers, all of them at the bottom of this one. An image is not its own base. */
function longestPrefix(info: ImageInfo, known: readonly KnownBase[]): KnownBase | undefined {
  return known
    .filter(({ diffIds }) => diffIds.length > 0 && diffIds.length < info.layers.length)
    .filter(({ diffIds }) => diffIds.every((diffId, i) => diffId === info.layers[i]!.diffId))
    .reduce<KnownBase | undefined>(
      (best, base) => (best && best.diffIds.length >= base.diffIds.length ? best : base),
      undefined,
    );
}

interface Boundary {
  /** The layers of this entry and those above it are the image's own. */
  readonly entry: number;
  readonly evidence: BaseEvidence;
  readonly reference?: string;
}

function findBoundary(history: readonly HistoryEntry[], read: readonly HistoryInstruction[]): Boundary | undefined {
  return statedBoundary(history) ?? writtenBoundary(history, read) ?? datedBoundary(history);
}

const dayInMilliseconds = 86_400_000;

/** Podman and Buildah write `FROM name` beside the first entry above a base, and `FROM id` beside the ones above it. */
function statedBoundary(history: readonly HistoryEntry[]): Boundary | undefined {
  const from = history.findLastIndex((entry) => podmanBase(entry) !== undefined);
  // Entries of another builder on top: the comment speaks of the base's base.
  if (from >= 0 && history.slice(from + 1).every((entry) => entry.comment?.startsWith('FROM '))) {
    return { entry: from, evidence: 'stated', reference: podmanBase(history[from]!)! };
  }
  const merged = history.findLastIndex((entry) => /^merge sha256:\w+ to sha256:\w+$/.test(entry.comment ?? ''));
  if (merged >= 0 && merged === history.length - 1) return { entry: merged, evidence: 'stated' };
  const last = history.findLastIndex((entry) => !entry.emptyLayer);
  const imported = history.findLastIndex((entry) => /^imported from /i.test(entry.comment ?? ''));
  // An import is an image by itself; but above it, a base may have been built that says nothing.
  if (imported >= 0 && imported < last && !history.slice(imported + 1).some(endsAnImage)) {
    return { entry: imported + 1, evidence: 'stated' };
  }
  return undefined;
}

function podmanBase(entry: HistoryEntry): string | undefined {
  const name = /^FROM (\S+)$/.exec(entry.comment ?? '')?.[1];
  return name === undefined || /^[0-9a-f]{12,64}$/.test(name) ? undefined : name;
}

function endsAnImage(entry: HistoryEntry, index: number, entries: readonly HistoryEntry[]): boolean {
  const isCmd = (at: HistoryEntry) => /(?:^|#\(nop\)\s+)CMD\b/.test(at.createdBy ?? '');
  return isCmd(entry) && entries.slice(index + 1).some((above) => !above.emptyLayer);
}

/**
 * A `CMD` comes last in nearly every image; where layers follow it, another image begins. Failing that, the spelling
 * changes where one builder built on another's work.
 */
function writtenBoundary(history: readonly HistoryEntry[], read: readonly HistoryInstruction[]): Boundary | undefined {
  const cmd = history.findLastIndex(endsAnImage);
  if (cmd >= 0) return { entry: cmd + 1, evidence: 'history' };
  const change = read.findIndex((at, i) => i > 0 && at.spelling !== read[i - 1]!.spelling);
  if (change > 0 && read.slice(change).every((at) => at.spelling === read[change]!.spelling)) {
    return hasLayer(history, change) ? { entry: change, evidence: 'history' } : undefined;
  }
  return undefined;
}

function datedBoundary(history: readonly HistoryEntry[]): Boundary | undefined {
  let widest: { entry: number; gap: number } | undefined;
  for (let entry = 1; entry < history.length; entry++) {
    const gap = Date.parse(history[entry]!.created ?? '') - Date.parse(history[entry - 1]!.created ?? '');
    if (gap > dayInMilliseconds && gap > (widest?.gap ?? 0) && hasLayer(history, entry)) widest = { entry, gap };
  }
  return widest && { entry: widest.entry, evidence: 'dates' };
}

function hasLayer(history: readonly HistoryEntry[], from: number): boolean {
  return history.slice(from).some((entry) => !entry.emptyLayer);
}
