import type { Platform } from '../../core/base/baseSize.ts';
import type { Dockerfile, Instruction } from '../../core/dockerfile/model.ts';
import type { CopyAnswer } from '../../core/estimate/context/contextContent.ts';
import { copyQuestion } from '../../core/estimate/copyWeight.ts';
import { evidenceFrom } from '../../core/estimate/evidence.ts';
import { measuredLayers } from '../../core/estimate/measuredLayers.ts';
import { chainOf } from '../../core/estimate/sizeChange.ts';
import { stageSizes } from '../../core/estimate/stageSize.ts';
import type { Weight } from '../../core/estimate/weight.ts';
import { weigh } from '../../core/estimate/weights.ts';
import type { Evidence } from '../../core/rules/scene/evidence.ts';
import type { Size, SizeSum } from '../../core/size.ts';
import { type BuiltImages, stageText } from '../../sources/estimate/builtImages.ts';
import type { WeightAnswers } from '../../sources/estimate/weightAnswers.ts';

/** What one text of a document weighs. */
export interface WeighedText {
  readonly dockerfile: Dockerfile;
  /** By instruction. */
  readonly weights: ReadonlyMap<number, Weight>;
  /** By stage. */
  readonly sizes: readonly (SizeSum | undefined)[];
  /** What the image weighs that the final stage stands on at the bottom. */
  readonly base?: Size;
  readonly evidence: Evidence;
  /** What a `COPY` or `ADD` takes of the build context, also where its weight was measured. */
  readonly copied: (instruction: Instruction) => CopyAnswer | undefined;
  /** All that is sent of the build context. */
  readonly sent: () => CopyAnswer | undefined;
}

export interface KnownOfDocument {
  readonly platform: Platform;
  readonly answers: Pick<WeightAnswers, 'known'>;
  readonly images: BuiltImages;
  /** What the base of a stage weighs. */
  readonly baseOnDisk: (stage: number) => Size | undefined;
  /** Absent where it is not known yet whether there is one. */
  readonly hasIgnoreFile?: boolean;
}

/** Weighs a text with what is known at this moment. */
export function weighDocument(dockerfile: Dockerfile, known: KnownOfDocument): WeighedText {
  const { platform, answers, images, baseOnDisk, hasIgnoreFile } = known;
  const layers = images.final === undefined ? undefined : measuredLayers(dockerfile, images.final);
  const weights = weigh(dockerfile, platform, {
    ...answers.known,
    measured: ({ index }) => layers?.get(index),
    stageImage: (stage) => (images.stages.size === 0 ? undefined : images.stages.get(stageText(dockerfile, stage))),
  });
  const bottom = chainOf(dockerfile).at(-1);
  const base = bottom && baseOnDisk(bottom.index);
  const copied = (question: ReturnType<typeof copyQuestion>): CopyAnswer | undefined => {
    const answer = question && answers.known.context(question);
    return answer?.kind === 'copy' ? answer : undefined;
  };
  return {
    dockerfile,
    weights: weights.weights,
    sizes: stageSizes(dockerfile, baseOnDisk, ({ index }) => weights.weights.get(index)?.size),
    ...(base === undefined ? {} : { base }),
    evidence: evidenceFrom(weights, { ...answers.known, ...(hasIgnoreFile === undefined ? {} : { hasIgnoreFile }) }),
    copied: (instruction) => copied(copyQuestion(dockerfile, instruction)),
    sent: () => copied({ kind: 'copy', sources: ['.'], excludes: [], unpacks: false }),
  };
}
