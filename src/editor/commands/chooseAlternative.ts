import { commands, type Disposable, window } from 'vscode';
import { isOneLineSwap } from '../../core/base/stageAlternatives.ts';
import { alternativesFor } from '../alternatives.ts';
import type { Guard } from '../guard.ts';
import type { Previews } from '../preview.ts';
import type { StageBases } from '../stageBases.ts';
import { alternativesHeading, lensTitle, noBaseHere } from '../wording.ts';
import { alternativeChoices, type Choice, previewAlternative } from './alternativeChoices.ts';
import { chosenStage, commandIds, readTarget } from './target.ts';

/** A smaller base for a stage: from a list, or the one that a link in the hover names. */
export function registerChooseAlternative(bases: StageBases, previews: Previews, guard: Guard): Disposable {
  return commands.registerCommand(commandIds.chooseAlternative, (argument: unknown) =>
    guard.runAsync('choose alternative', async () => {
      const chosen = await chosenStage(bases, argument);
      if (chosen?.view.kind !== 'image') return void window.setStatusBarMessage(noBaseHere(), 5000);
      const { stage, view } = chosen;
      const named = readTarget(argument)?.reference;
      if (named !== undefined) {
        // A link's arguments are text in a document: only what Plimsoll itself offers is taken from it.
        const offered = alternativesFor(stage, view)
          .filter(isOneLineSwap)
          .find(({ written }) => written === named);
        if (offered !== undefined) await previewAlternative(chosen, offered, previews);
        return;
      }
      const choice = await window.showQuickPick<Choice>(alternativeChoices(chosen, view, previews), {
        title: lensTitle(view),
        placeHolder: alternativesHeading(),
        matchOnDescription: true,
        matchOnDetail: true,
      });
      await choice?.run?.();
    }),
  );
}
