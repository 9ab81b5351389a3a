import {
  commands,
  type Disposable,
  EventEmitter,
  Range,
  TabInputTextDiff,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
  type ViewColumn,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import { applyEdits, type TextEdit } from '../core/text.ts';

/** Proposed texts have addresses of their own: no file, and nothing that another extension would save. */
export const previewScheme = 'plimsoll-preview';

/** A file that changes, or is made, together with the document. */
export interface OtherFile {
  readonly uri: Uri;
  /** Absent for a file that is made. */
  readonly before?: string;
  readonly text: string;
}

/** What belongs to a change that was worked out from more than the document. */
export interface PreviewMore {
  readonly others: readonly OtherFile[];
  /** True if the same would be worked out now. */
  readonly isCurrent: () => Promise<boolean>;
  /** Works it out anew, and shows it. */
  readonly renew: () => Promise<void>;
  /** The last comparison of the change is closed. */
  readonly closed: () => Promise<void>;
}

interface Proposal {
  readonly document: TextDocument;
  readonly version: number;
  readonly edits: readonly TextEdit[];
  /** By the addresses that the proposed texts have. */
  readonly texts: ReadonlyMap<string, string>;
  readonly more: PreviewMore | undefined;
}

/** A proposal as whoever tries it out needs it. */
export interface ProposedTexts {
  readonly document: TextDocument;
  readonly text: string;
  readonly others: readonly OtherFile[];
}

/** What became of a proposal that was to be applied. */
export type Applied = 'applied' | 'stale' | 'renewed' | 'refused' | 'unknown';

/**
 * Changes that are shown before they are made: a comparison of the document with its proposed text, and the edit once
 * the user accepts it. One proposal for each document; a newer one takes its place.
 */
export class Previews implements TextDocumentContentProvider, Disposable {
  /** By the document's address, which is the query of all addresses of a proposal. */
  readonly #proposals = new Map<string, Proposal>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #subscriptions: Disposable[] = [];
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscriptions.push(
      workspace.registerTextDocumentContentProvider(previewScheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => this.#textClosed(uri)),
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) if (isComparison(input)) this.#comparisonClosed(input.modified);
      }),
    );
  }

  provideTextDocumentContent(uri: Uri): string | undefined {
    if (uri.fragment === nothing) return '';
    return this.#proposals.get(uri.query)?.texts.get(uri.toString());
  }

  /** Opens the comparison, of the first other file where the document itself stays as it is. Nothing is changed yet. */
  async show(document: TextDocument, edits: readonly TextEdit[], title: string, more?: PreviewMore): Promise<void> {
    const own = proposed(document.uri, document);
    const others = more?.others ?? [];
    const texts = new Map([
      [own.toString(), applyEdits(document.getText(), edits)],
      ...others.map(({ uri, text }) => [proposed(uri, document).toString(), text] as const),
    ]);
    this.#proposals.set(own.query, { document, version: document.version, edits, texts, more });
    for (const uri of texts.keys()) this.#changed.fire(Uri.parse(uri));
    const [first] = others;
    if (edits.length === 0 && first !== undefined) await this.showOther(document, first, title);
    else {
      const place = { preview: more === undefined, ...placeOf(own.query) };
      await commands.executeCommand('vscode.diff', document.uri, own, title, place);
    }
  }

  /** Opens the comparison of another file of the document's proposal. */
  async showOther(document: TextDocument, { uri, before }: OtherFile, title: string): Promise<void> {
    const changed = proposed(uri, document);
    const original = before === undefined ? changed.with({ fragment: nothing }) : uri;
    await commands.executeCommand('vscode.diff', original, changed, title, {
      preview: false,
      ...placeOf(changed.query),
    });
  }

  /** What is proposed for a document, by its address; undefined where there is nothing, or it has been changed since. */
  proposalOf(document: string): ProposedTexts | undefined {
    const proposal = this.#proposals.get(document);
    if (proposal === undefined || proposal.document.version !== proposal.version) return undefined;
    const { document: changed, edits, more } = proposal;
    return { document: changed, text: applyEdits(changed.getText(), edits), others: more?.others ?? [] };
  }

  /** The address under which the document's proposal is applied and discarded. */
  addressOf(document: TextDocument): Uri {
    return proposed(document.uri, document);
  }

  /** Makes the change as one edit that one undo takes back, unless what was compared is no longer so. */
  async apply(uri: Uri): Promise<Applied> {
    const proposal = this.#proposals.get(uri.query);
    if (proposal === undefined) return 'unknown';
    const { document, version, edits, more } = proposal;
    if (more !== undefined && !(await more.isCurrent())) {
      await more.renew();
      return 'renewed';
    }
    if (document.isClosed || document.version !== version) return 'stale';
    const change = new WorkspaceEdit();
    for (const edit of edits) {
      change.replace(
        document.uri,
        new Range(document.positionAt(edit.start), document.positionAt(edit.end)),
        edit.newText,
      );
    }
    for (const other of more?.others ?? []) if (!(await addOther(change, other))) return 'stale';
    if (!(await workspace.applyEdit(change))) return 'refused';
    const place = placeOf(uri.query);
    await this.discard(uri);
    const [first] = more?.others ?? [];
    // Where only another file changes, that is where the user may undo it.
    await window.showTextDocument(edits.length === 0 && first !== undefined ? first.uri : document.uri, place);
    return 'applied';
  }

  /** Closes the comparisons of a proposal. */
  async discard(uri: Uri): Promise<void> {
    const tabs = comparisonTabs().filter(({ input }) => input.modified.query === uri.query);
    await window.tabGroups.close(tabs.map(({ tab }) => tab));
    await this.#forget(uri.query);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#proposals.clear();
  }

  #textClosed(uri: Uri): void {
    const { scheme, query } = uri;
    if (scheme !== previewScheme) return;
    const isOpen = workspace.textDocuments.some((other) => other.uri.scheme === scheme && other.uri.query === query);
    if (!isOpen) void this.#forget(query);
  }

  #comparisonClosed({ query }: Uri): void {
    if (!comparisonTabs().some(({ input }) => input.modified.query === query)) {
      void this.#proposals.get(query)?.more?.closed();
    }
  }

  async #forget(query: string): Promise<void> {
    const proposal = this.#proposals.get(query);
    this.#proposals.delete(query);
    await proposal?.more?.closed();
  }
}

/** Marks the address of a file that is not there yet. */
const nothing = 'nothing';

function proposed(uri: Uri, document: TextDocument): Uri {
  return Uri.from({ scheme: previewScheme, path: uri.path, query: document.uri.toString() });
}

function isComparison(input: unknown): input is TabInputTextDiff {
  return input instanceof TabInputTextDiff && input.modified.scheme === previewScheme;
}

function comparisonTabs() {
  return window.tabGroups.all
    .flatMap((group) => group.tabs)
    .flatMap((tab) => (isComparison(tab.input) ? [{ tab, input: tab.input }] : []));
}

/** Where a proposal is compared already: the active group may be that of a page beside it. */
function placeOf(query: string): { viewColumn?: ViewColumn } {
  const open = comparisonTabs().find(({ input }) => input.modified.query === query);
  return open === undefined ? {} : { viewColumn: open.tab.group.viewColumn };
}

/** False if the file is no longer what was compared. */
async function addOther(change: WorkspaceEdit, { uri, before, text }: OtherFile): Promise<boolean> {
  if (before === undefined) {
    change.createFile(uri, { contents: new TextEncoder().encode(text), overwrite: false });
    return true;
  }
  const document = await workspace.openTextDocument(uri);
  if (document.getText() !== before) return false;
  change.replace(uri, new Range(document.positionAt(0), document.positionAt(before.length)), text);
  return true;
}
