import type { Alternative } from '../core/base/alternatives.ts';
import { stageAlternatives } from '../core/base/stageAlternatives.ts';
import type { Stage } from '../core/dockerfile/model.ts';
import type { ImageBaseView } from './bases.ts';

/** The day on which the user looks, `YYYY-MM-DD`: what is past its end of life is past it for the user. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Smaller bases for a stage, by what is known of the present one at this moment. */
export function alternativesFor(stage: Stage, view: ImageBaseView): readonly Alternative[] {
  return stageAlternatives(stage, view, view.known.sizes, today());
}
