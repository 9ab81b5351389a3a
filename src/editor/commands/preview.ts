import { commands, Disposable, TabInputTextDiff, Uri, window } from 'vscode';
import type { Guard } from '../guard.ts';
import { previewScheme, type Previews } from '../preview.ts';
import { previewRefusal } from '../wording.ts';
import { commandIds } from './target.ts';

/** Apply and discard, in the title bar of a comparison. */
export function registerPreviewCommands(previews: Previews, guard: Guard): Disposable {
  return Disposable.from(
    commands.registerCommand(commandIds.applyPreview, (argument: unknown) =>
      guard.runAsync('apply preview', async () => {
        const uri = previewUri(argument);
        if (uri === undefined) return;
        const applied = await previews.apply(uri);
        if (applied !== 'applied') await window.showWarningMessage(previewRefusal(applied));
      }),
    ),
    commands.registerCommand(commandIds.discardPreview, (argument: unknown) =>
      guard.runAsync('discard preview', async () => {
        const uri = previewUri(argument);
        if (uri !== undefined) await previews.discard(uri);
      }),
    ),
  );
}

/** The title bar passes the address of the side with the proposal; from the palette it is the comparison in front. */
function previewUri(argument: unknown): Uri | undefined {
  if (argument instanceof Uri && argument.scheme === previewScheme) return argument;
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputTextDiff && input.modified.scheme === previewScheme ? input.modified : undefined;
}
