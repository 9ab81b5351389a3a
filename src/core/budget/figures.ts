import type { ImageReport } from '../image/imageReport.ts';
import type { FileReport, StageReport } from '../report.ts';
import type { Figure, LimitName } from './budget.ts';

export type Figures = Readonly<Partial<Record<LimitName, Figure>>>;

/** What budgets ask of a Dockerfile’s last stage. */
export function dockerfileFigures(report: FileReport): Figures {
  const final = report.stages.find(({ isFinal }) => isFinal);
  const download = final && downloadOf(report, final);
  return {
    ...(final?.size === undefined ? {} : { maxSize: { value: final.size.bytes, complete: final.size.complete } }),
    ...(download === undefined ? {} : { maxDownload: download }),
    // What is known to be saved; a finding of unknown bytes is no reason to fail, nor to doubt.
    maxReclaimable: { value: report.reclaimableBytes ?? 0, complete: true },
  };
}

/** The base’s download: all of it where nothing is added, else the least that it can be. */
function downloadOf({ stages, instructions }: FileReport, final: StageReport): Figure | undefined {
  const adds = new Set(instructions.map(({ stage }) => stage));
  let addsHere = false;
  let at: StageReport | undefined = final;
  while (at) {
    const { index, base }: StageReport = at;
    addsHere ||= adds.has(index);
    if (base.kind === 'scratch') return addsHere ? undefined : { value: 0, complete: true };
    if (base.kind !== 'stage') return base.download && { value: base.download.bytes, complete: !addsHere };
    at = belowOf(stages, index, base.reference);
  }
  return undefined;
}

/** The nearest stage before one that has a name, or that number. */
function belowOf(stages: readonly StageReport[], index: number, name: string): StageReport | undefined {
  return stages.findLast((other) => other.index < index && (other.name ?? String(other.index)) === name);
}

/** What budgets ask of an image that was read. */
export function imageFigures({ totals, layers }: ImageReport): Figures {
  const sizes = layers.map(({ onDiskBytes }) => onDiskBytes);
  const exactly = (value: number): Figure => ({ value, complete: true });
  const isWhole = layers.every(({ fileBytes }) => fileBytes !== undefined);
  return {
    ...(totals.onDiskBytes === undefined ? {} : { maxSize: exactly(totals.onDiskBytes) }),
    ...(totals.downloadBytes === undefined ? {} : { maxDownload: exactly(totals.downloadBytes) }),
    maxLayer: { value: Math.max(0, ...sizes.map((bytes) => bytes ?? 0)), complete: !sizes.includes(undefined) },
    // A layer that could not be read may waste more; of an efficiency nothing is known then.
    maxWasted: { value: totals.wastedBytes, complete: isWhole },
    maxRemovable: { value: totals.removableBytes, complete: isWhole },
    ...(isWhole ? { minEfficiency: exactly(totals.efficiency) } : {}),
    ...(isWhole ? { lowestEfficiency: exactly(totals.dive.efficiency) } : {}),
    highestWastedBytes: { value: totals.dive.wastedBytes, complete: isWhole },
    ...(isWhole ? { highestUserWastedPercent: exactly(userWasted({ totals, layers })) } : {}),
  };
}

/**
 * dive’s share: all copies of every path that more than one layer has, by the bytes of all layers but the first. It can
 * be more than 1, and without end where only empty layers were added. An image of one layer passes.
 */
function userWasted({ totals, layers }: Pick<ImageReport, 'totals' | 'layers'>): number {
  const added = layers.slice(1).reduce((sum, { fileBytes = 0 }) => sum + fileBytes, 0);
  return added === 0 ? (totals.dive.wastedBytes > 0 ? Number.MAX_SAFE_INTEGER : 0) : totals.dive.wastedBytes / added;
}
