import { type Disposable, TabInputWebview, Uri, ViewColumn, type WebviewPanel, window, workspace } from 'vscode';
import type { Proposal } from '../../core/refactor/refactoring.ts';
import { refactoringCommands } from './commandIds.ts';
import type { RationaleLinks } from './rationalePage.ts';

const viewType = 'plimsoll.rationale';

/** The page beside a comparison. There is one; it shows the change that was made last. */
export class RationalePanel implements Disposable {
  #panel: WebviewPanel | undefined;
  #key: string | undefined;
  /** While it closes, and until it is shown again. */
  #closing: Promise<void> | undefined;

  /** @param key whose change the page explains */
  show(key: string, title: string, html: string): void {
    this.#key = key;
    this.#closing = undefined;
    if (this.#panel === undefined) {
      const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      const enableCommandUris = Object.values(refactoringCommands);
      const panel = window.createWebviewPanel(viewType, title, place, {
        enableScripts: false,
        enableCommandUris,
        localResourceRoots: [],
      });
      panel.onDidDispose(() => (this.#panel = undefined));
      this.#panel = panel;
    } else if (!this.#panel.visible) this.#panel.reveal(undefined, true);
    this.#panel.title = title;
    this.#panel.webview.html = html;
  }

  /** Settles when the page is gone from the window, so that what is shown then keeps the focus. */
  async close(key: string): Promise<void> {
    if (this.#key !== key) return;
    this.#closing ??= closeRationales();
    await this.#closing;
  }

  links(key: string, { options }: Proposal): RationaleLinks {
    return {
      apply: link(refactoringCommands.apply, key),
      discard: link(refactoringCommands.discard, key),
      line: (line) => link(refactoringCommands.line, key, line),
      file: (path) => link(refactoringCommands.file, key, path),
      ...(options.length === 0 ? {} : { answers: link(refactoringCommands.answers, key) }),
      ...(workspace.isTrusted ? { prove: link(refactoringCommands.prove, key) } : {}),
    };
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}

async function closeRationales(): Promise<void> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  // VS Code puts a prefix before the type that a panel was made with.
  const own = tabs.filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith(viewType));
  await window.tabGroups.close(own);
}

function link(command: string, ...given: readonly unknown[]): string {
  return Uri.parse(`command:${command}`)
    .with({ query: JSON.stringify(given) })
    .toString();
}
