import type { Stage } from '../dockerfile/model.ts';
import { type Alternative, alternatives } from './alternatives.ts';
import type { BaseSizes } from './baseSize.ts';
import type { ImageReference } from './stageReference.ts';

/**
 * Smaller bases for a stage, smallest first, without those on which its own instructions could not run.
 *
 * @param sizes what is known of the present base, where that is better than the catalogue.
 * @param today `YYYY-MM-DD`; what is past its end of life then is not offered.
 */
export function stageAlternatives(
  stage: Stage,
  { reference, platform, text }: ImageReference,
  sizes: BaseSizes | undefined,
  today: string,
): readonly Alternative[] {
  const canOnlyRun = stage.isFinal && !stage.instructions.some(({ keyword }) => keyword === 'RUN');
  const current = sizes === undefined ? {} : { current: sizes };
  return alternatives(reference, platform, today, { written: text, ...current }).filter(
    ({ purpose }) => purpose !== 'run-only' || canOnlyRun,
  );
}

/**
 * True where another `FROM` is all that it takes. A base that only runs things has no shell and often an entry point of its
 * own, so the start command would have to change with it: it is shown, and not offered as an edit of one line.
 */
export function isOneLineSwap({ purpose }: Alternative): boolean {
  return purpose !== 'run-only';
}
