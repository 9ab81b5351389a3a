import type { RefactorKind } from '../../core/refactor/refactors.ts';

/** The commands of the palette, of lenses and of the light bulb. */
export const offerCommands: Readonly<Record<RefactorKind, string>> = {
  'multi-stage': 'plimsoll.convertToMultistage',
  'minimal-base': 'plimsoll.swapMinimalBase',
  dockerignore: 'plimsoll.createDockerignore',
  small: 'plimsoll.makeItSmall',
};

/** What the links of the rationale run, with the document's address as their first argument. */
export const refactoringCommands = {
  apply: 'plimsoll.refactoring.apply',
  answers: 'plimsoll.changeAnswers',
  prove: 'plimsoll.proveRefactoring',
  discard: 'plimsoll.refactoring.discard',
  line: 'plimsoll.refactoring.goToLine',
  file: 'plimsoll.refactoring.showFile',
} as const;
