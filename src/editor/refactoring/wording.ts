import { l10n } from 'vscode';
import { formatChange } from '../../core/refactor/formatChange.ts';
import type { Note, Proposal, Refusal } from '../../core/refactor/refactoring.ts';
import type { RefactorKind } from '../../core/refactor/refactors.ts';
import { formatBytes } from '../../core/size.ts';
import type { Offer } from './documentRefactorings.ts';

/** The wish as it stands on a lens or in a light bulb, without its size. */
export function wish(kind: RefactorKind): string {
  switch (kind) {
    case 'multi-stage':
      return l10n.t('Convert to multi-stage');
    case 'minimal-base':
      return l10n.t('Swap in a minimal base');
    case 'dockerignore':
      return l10n.t('Complete .dockerignore');
    case 'small':
      return l10n.t('Make it small');
  }
}

/**
 * `Convert to multi-stage: 1.2 GB → ≈ 12 MB`; with an ellipsis where questions come first. Where the final image stays as it is,
 * what is spared is told, and no smaller image.
 */
export function offerTitle({ kind, stage, refactoring }: Offer): string {
  const title = stage === undefined ? wish(kind) : l10n.t('Swap in a minimal base for this stage');
  if (refactoring === undefined) return title;
  if (refactoring.kind === 'inquiry') return l10n.t('{0} …', title);
  const download = refactoring.spares?.download;
  if (download !== undefined) return l10n.t('{0}: {1} less to download', title, formatBytes(download));
  const change = formatChange(refactoring);
  return change === undefined ? title : `${title}: ${change}`;
}

export function offerTooltip({ refactoring }: Offer): string {
  return refactoring?.kind === 'inquiry'
    ? l10n.t('It takes an answer first. You see the change before it is made.')
    : l10n.t('You see the change, and why it looks as it does, before it is made.');
}

/** The title of the comparison. */
export function comparisonTitle(file: string, { title }: Proposal): string {
  return l10n.t('{0}: {1}?', file, title);
}

export function fileComparisonTitle(file: string, isNew: boolean): string {
  return isNew ? l10n.t('{0} (new)', file) : l10n.t('{0} (changed)', file);
}

export function rationaleTitle(file: string): string {
  return l10n.t('{0}: why it changes', file);
}

/** Why nothing is changed, and what would help. */
export function refusalMessage(kind: RefactorKind, { message, unblock }: Refusal): string {
  const why = unblock === undefined ? message : `${message} ${unblock}`;
  return l10n.t('{0}: not here. {1}', wish(kind), why);
}

export function goToLine(line: number): string {
  return l10n.t('Go to line {0}', line);
}

export function proposedAnswer(): string {
  return l10n.t('proposed');
}

export function chosenAnswer(): string {
  return l10n.t('as it is now');
}

export function whichAnswer(): string {
  return l10n.t('Which answer do you want to change?');
}

export function noOtherAnswers(): string {
  return l10n.t('Plimsoll: nothing in this change was a choice.');
}

export function workingOnIt(): string {
  return l10n.t('Plimsoll: reading the project');
}

export function noteHeading(kind: Note['kind']): string {
  switch (kind) {
    case 'moved':
      return l10n.t('What goes where');
    case 'checked':
      return l10n.t('What was checked');
    case 'changed':
      return l10n.t('What the image does otherwise');
    case 'assumed':
      return l10n.t('What is assumed');
    case 'test':
      return l10n.t('What to test');
  }
}

export function sizeSentence(proposal: Proposal): string | undefined {
  const change = formatChange(proposal);
  const { before, after, runBase } = proposal;
  const saved = before === undefined || after === undefined ? 0 : before.bytes - after.bytes;
  const base = runBase === undefined ? undefined : l10n.t('It then runs on {0}.', runBase);
  if (proposal.spares !== undefined) return l10n.t('The final image stays as it is: its build has less to fetch.');
  if (change === undefined) return base;
  const size =
    saved > 0
      ? l10n.t('The final image: {0}, {1} less.', change, formatBytes(saved))
      : l10n.t('The final image: {0}.', change);
  return base === undefined ? size : `${size} ${base}`;
}

export function optionsHeading(): string {
  return l10n.t('What could be decided otherwise');
}

export function filesHeading(): string {
  return l10n.t('Other files');
}

export function lineLabel(line: number): string {
  return l10n.t('line {0}', line);
}

/** The buttons of the rationale. */
export const buttons = {
  apply: (): string => l10n.t('Apply'),
  answers: (): string => l10n.t('Change Answers…'),
  prove: (): string => l10n.t('Prove It'),
  discard: (): string => l10n.t('Discard'),
};
