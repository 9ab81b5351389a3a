import { type Alternative, alternatives } from '../core/base/alternatives.ts';
import type { Stage } from '../core/dockerfile/model.ts';
import type { ImageBaseView } from './bases.ts';

/** The day on which the user looks, `YYYY-MM-DD`: what is past its end of life is past it for the user. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Smaller bases for a stage, smallest first, without those on which the stage's own instructions could not run. */
export function alternativesFor(
  stage: Stage,
  { reference, platform, text, known }: ImageBaseView,
): readonly Alternative[] {
  const canOnlyRun = stage.isFinal && !stage.instructions.some(({ keyword }) => keyword === 'RUN');
  const { sizes } = known;
  return alternatives(reference, platform, today(), {
    written: text,
    ...(sizes === undefined ? {} : { current: sizes }),
  }).filter(({ purpose }) => purpose !== 'run-only' || canOnlyRun);
}
