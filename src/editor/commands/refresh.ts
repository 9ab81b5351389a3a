import { commands, type Disposable, window } from 'vscode';
import type { Guard } from '../guard.ts';
import { isDockerfile } from '../selector.ts';
import type { SizeSources } from '../sizeSources.ts';
import type { StageBases } from '../stageBases.ts';
import { chosenStage, commandIds } from './target.ts';

/** Asks engine and registry again for the bases of a file, whatever is remembered. */
export function registerRefresh(bases: StageBases, sources: SizeSources, guard: Guard): Disposable {
  return commands.registerCommand(commandIds.refresh, (argument: unknown) =>
    guard.runAsync('refresh', async () => {
      const document = (await chosenStage(bases, argument))?.document ?? window.activeTextEditor?.document;
      if (document === undefined || !isDockerfile(document)) return;
      sources.retryEngine();
      bases.refresh(document);
    }),
  );
}
