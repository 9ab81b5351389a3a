import { commands, type Disposable, env, QuickPickItemKind, window } from 'vscode';
import { formatReference } from '../../core/base/reference.ts';
import type { ImageBaseView } from '../bases.ts';
import type { Guard } from '../guard.ts';
import type { Previews } from '../preview.ts';
import type { StageBases } from '../stageBases.ts';
import {
  copyReferenceLabel,
  copySizeLabel,
  exploreLayersLabel,
  lensTitle,
  menuHeading,
  noBaseHere,
  refreshLabel,
} from '../wording.ts';
import { alternativeChoices, type Choice } from './alternativeChoices.ts';
import { type ChosenStage, chosenStage, commandIds, type StageTarget } from './target.ts';

/** The menu of a base: smaller ones, copy, refresh. */
export function registerBaseMenu(bases: StageBases, previews: Previews, guard: Guard): Disposable {
  return commands.registerCommand(commandIds.showBaseMenu, (argument: unknown) =>
    guard.runAsync('base menu', async () => {
      const chosen = await chosenStage(bases, argument);
      if (chosen?.view.kind !== 'image') return void window.setStatusBarMessage(noBaseHere(), 5000);
      const { view } = chosen;
      const choice = await window.showQuickPick<Choice>(
        [...alternativeChoices(chosen, view, previews), ...otherChoices(chosen, view, bases)],
        { title: lensTitle(view), placeHolder: menuHeading(), matchOnDescription: true, matchOnDetail: true },
      );
      await choice?.run?.();
    }),
  );
}

function otherChoices(chosen: ChosenStage, view: ImageBaseView, bases: StageBases): Choice[] {
  const size = lensTitle(view);
  const reference = formatReference(view.reference);
  const target: StageTarget = { uri: chosen.document.uri.toString(), stage: chosen.stage.index };
  return [
    { label: '', kind: QuickPickItemKind.Separator },
    {
      label: `$(layers) ${exploreLayersLabel()}`,
      run: () => commands.executeCommand(commandIds.exploreImage, target),
    },
    { label: `$(copy) ${copySizeLabel()}`, run: () => env.clipboard.writeText(size) },
    { label: `$(copy) ${copyReferenceLabel()}`, description: reference, run: () => env.clipboard.writeText(reference) },
    { label: `$(refresh) ${refreshLabel()}`, run: () => bases.refresh(chosen.document) },
  ];
}
