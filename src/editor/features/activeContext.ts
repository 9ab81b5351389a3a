import { commands, type Disposable, type TextEditor, window } from 'vscode';
import { isDockerfile } from '../selector.ts';

/**
 * Keeps `plimsoll.isDockerfileActive`, which completes the walkthrough's first step: VS Code's own `editorLangId` is
 * known inside editors only.
 */
export function registerActiveContext(): Disposable {
  const follow = (editor: TextEditor | undefined): void => {
    const isActive = editor !== undefined && isDockerfile(editor.document);
    void commands.executeCommand('setContext', 'plimsoll.isDockerfileActive', isActive);
  };
  follow(window.activeTextEditor);
  return window.onDidChangeActiveTextEditor(follow);
}
