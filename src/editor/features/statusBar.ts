import {
  type Disposable as VsDisposable,
  Disposable,
  StatusBarAlignment,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import { commandIds, type StageTarget } from '../commands/target.ts';
import type { Guard } from '../guard.ts';
import { isDockerfile } from '../selector.ts';
import type { SizeSources } from '../sizeSources.ts';
import type { StageBases } from '../stageBases.ts';
import { lensTooltip, sourcesSentence, statusName, statusText } from '../wording.ts';

/** In the status bar: the base of the active Dockerfile's final stage, its size, and which sources speak. */
export function registerStatusBar(bases: StageBases, sources: SizeSources, guard: Guard): VsDisposable {
  const item = window.createStatusBarItem('plimsoll.base', StatusBarAlignment.Right, 100);
  item.name = statusName();

  const show = (document: TextDocument | undefined): void => {
    guard.run('status bar', () => {
      const final =
        document && isDockerfile(document) ? bases.of(document).find(({ stage }) => stage.isFinal) : undefined;
      if (document === undefined || final === undefined) {
        item.hide();
        return;
      }
      item.text = `$(package) ${statusText(final.view)}`;
      item.tooltip = [lensTooltip(final.view), sourcesSentence(sources.state)].join('\n');
      const target: StageTarget = { uri: document.uri.toString(), stage: final.stage.index };
      item.command = { command: commandIds.showBaseMenu, title: statusName(), arguments: [target] };
      item.show();
      bases.ask(document);
    });
  };
  const showActive = (): void => show(window.activeTextEditor?.document);

  showActive();
  return Disposable.from(
    item,
    bases.onDidChange(showActive),
    window.onDidChangeActiveTextEditor((editor) => show(editor?.document)),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (document === window.activeTextEditor?.document) show(document);
    }),
  );
}
