import type { Platform } from '../core/base/baseSize.ts';
import type { Reference } from '../core/base/reference.ts';
import { type ImageReference, stageReference, type StageReference } from '../core/base/stageReference.ts';
import type { Dockerfile, Stage } from '../core/dockerfile/model.ts';
import type { BaseState } from '../sources/chain.ts';

/** What a stage starts from, with what is known about it, as the editor shows it. */
export type StageBaseView = Exclude<StageReference, ImageReference> | ImageBaseView;

export interface ImageBaseView extends ImageReference {
  /** What the sources know of it at this moment. */
  readonly known: Pick<BaseState, 'sizes' | 'pending' | 'reasons'>;
}

/** The base of a stage with what is known about it. Costs no request: `known` answers from memory. */
export function viewBase(
  dockerfile: Dockerfile,
  stage: Stage,
  defaultPlatform: Platform,
  known: (reference: Reference, platform: Platform) => ImageBaseView['known'],
): StageBaseView {
  const base = stageReference(dockerfile, stage, defaultPlatform);
  return base.kind === 'image' ? { ...base, known: known(base.reference, base.platform) } : base;
}
