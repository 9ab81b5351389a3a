import type { Stage } from '../dockerfile/model.ts';
import type { TextEdit } from '../text.ts';

/**
 * The edit that gives a stage another base image and touches nothing else of its line. Where the new reference is the
 * old one with something added, and the old one is written with variables, the variables stay: `golang:${GO}` to
 * `golang:1.26-alpine` becomes `golang:${GO}-alpine`. Undefined where the stage has no base to replace.
 */
export function swapBase(text: string, stage: Stage, reference: string): TextEdit | undefined {
  const { start, end } = stage.baseSpan;
  if (start === end) return undefined;
  const written = text.slice(start, end);
  const expanded = stage.base.kind === 'image' ? stage.base.reference : undefined;
  const keepsVariables = written.includes('$') && expanded !== undefined && reference.startsWith(expanded);
  const newText = keepsVariables ? written + reference.slice(expanded.length) : reference;
  return newText === written ? undefined : { start, end, newText };
}
