import { QuickPickItemKind, type QuickPickItem } from 'vscode';
import type { Alternative } from '../../core/base/alternatives.ts';
import { baseName } from '../../core/program/fileSystem.ts';
import { swapBase } from '../../core/refactor/swapBase.ts';
import { isOneLineSwap } from '../../core/base/stageAlternatives.ts';
import { alternativesFor } from '../alternatives.ts';
import type { ImageBaseView } from '../bases.ts';
import type { Previews } from '../preview.ts';
import {
  alternativeDescription,
  alternativeDetail,
  alternativesHeading,
  noAlternatives,
  previewTitle,
} from '../wording.ts';
import type { ChosenStage } from './target.ts';

/** A row of a menu, with what it does. */
export interface Choice extends QuickPickItem {
  readonly run?: () => unknown;
}

/** One row for each smaller base; one row that says so where there is none. */
export function alternativeChoices(chosen: ChosenStage, view: ImageBaseView, previews: Previews): Choice[] {
  const offered = alternativesFor(chosen.stage, view).filter(isOneLineSwap);
  const heading: Choice = { label: alternativesHeading(), kind: QuickPickItemKind.Separator };
  if (offered.length === 0) return [heading, { label: noAlternatives() }];
  return [
    heading,
    ...offered.map((alternative) => ({
      label: `$(arrow-small-right) ${alternative.written}`,
      description: alternativeDescription(alternative),
      detail: alternativeDetail(alternative),
      run: () => previewAlternative(chosen, alternative, previews),
    })),
  ];
}

/** Shows the Dockerfile with another base for a stage beside what it is now. */
export async function previewAlternative(
  chosen: ChosenStage,
  alternative: Alternative,
  previews: Previews,
): Promise<void> {
  const { document, stage } = chosen;
  const edit = swapBase(document.getText(), stage, alternative.written);
  const name = baseName(document.uri.path);
  if (edit !== undefined) await previews.show(document, [edit], previewTitle(name, alternative));
}
