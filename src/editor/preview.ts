import {
  commands,
  type Disposable,
  EventEmitter,
  Range,
  TabInputTextDiff,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import { applyEdits, type TextEdit } from '../core/text.ts';

/** Proposed texts have addresses of their own: no file, and nothing that another extension would save. */
export const previewScheme = 'plimsoll-preview';

interface Proposal {
  readonly document: TextDocument;
  readonly version: number;
  readonly edits: readonly TextEdit[];
  readonly text: string;
}

/** What became of a proposal that was to be applied. */
export type Applied = 'applied' | 'stale' | 'refused' | 'unknown';

/**
 * Changes that are shown before they are made: a comparison of the document with its proposed text, and the edit once
 * the user accepts it. One proposal for each document; a newer one takes its place.
 */
export class Previews implements TextDocumentContentProvider, Disposable {
  readonly #proposals = new Map<string, Proposal>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #subscriptions: Disposable[] = [];
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscriptions.push(
      workspace.registerTextDocumentContentProvider(previewScheme, this),
      workspace.onDidCloseTextDocument((closed) => this.#proposals.delete(closed.uri.toString())),
    );
  }

  provideTextDocumentContent(uri: Uri): string | undefined {
    return this.#proposals.get(uri.toString())?.text;
  }

  /** Opens the comparison. Nothing is changed yet. */
  async show(document: TextDocument, edits: readonly TextEdit[], title: string): Promise<void> {
    const uri = Uri.from({ scheme: previewScheme, path: document.uri.path, query: document.uri.toString() });
    const text = applyEdits(document.getText(), edits);
    this.#proposals.set(uri.toString(), { document, version: document.version, edits, text });
    this.#changed.fire(uri);
    await commands.executeCommand('vscode.diff', document.uri, uri, title, { preview: true });
  }

  /** Makes the change as one edit that one undo takes back, unless the document is no longer what was compared. */
  async apply(uri: Uri): Promise<Applied> {
    const proposal = this.#proposals.get(uri.toString());
    if (proposal === undefined) return 'unknown';
    const { document, version, edits } = proposal;
    if (document.isClosed || document.version !== version) return 'stale';
    const change = new WorkspaceEdit();
    for (const edit of edits) {
      change.replace(
        document.uri,
        new Range(document.positionAt(edit.start), document.positionAt(edit.end)),
        edit.newText,
      );
    }
    if (!(await workspace.applyEdit(change))) return 'refused';
    await this.discard(uri);
    await window.showTextDocument(document);
    return 'applied';
  }

  /** Closes the comparison. */
  async discard(uri: Uri): Promise<void> {
    const tabs = window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => tab.input instanceof TabInputTextDiff && tab.input.modified.toString() === uri.toString());
    await window.tabGroups.close(tabs);
    this.#proposals.delete(uri.toString());
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#proposals.clear();
  }
}
