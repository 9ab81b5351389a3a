import {
  Disposable as VsDisposable,
  EventEmitter,
  Range,
  type TextDocument,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { layerLines, matchDockerfile } from '../../core/image/dockerfileMatch.ts';
import type { ImageInfo } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import type { DockerfileDocuments } from '../documents.ts';
import type { Lines } from './layerRows.ts';

/** Below this a Dockerfile and an image have nothing in common but a line or two. */
const leastScore = 0.3;
/** After the last keystroke, before lines are matched anew. Milliseconds. */
const pause = 300;

/** The way between the layers of a panel and the lines of one Dockerfile, in both directions. */
export class DockerfileLink implements VsDisposable {
  readonly uri: Uri;
  readonly #documents: DockerfileDocuments;
  readonly #moved = new EventEmitter<void>();
  readonly #selected = new EventEmitter<number>();
  readonly #subscriptions: VsDisposable;
  #document: TextDocument | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Fires when lines may have moved. */
  readonly onDidMove = this.#moved.event;
  /** Fires with the one-based line in which the cursor has come to stand. */
  readonly onDidSelect = this.#selected.event;

  constructor(uri: Uri, documents: DockerfileDocuments) {
    this.uri = uri;
    this.#documents = documents;
    this.#subscriptions = VsDisposable.from(
      this.#moved,
      this.#selected,
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document === this.#document) this.#moveSoon();
      }),
      workspace.onDidOpenTextDocument((document) => {
        if (document.uri.toString() === uri.toString()) this.#document = document;
      }),
      window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
        if (textEditor.document === this.#document) this.#selected.fire(selections[0]!.active.line + 1);
      }),
    );
  }

  /** Reads the file. Without it (it is gone, say) the panel has no lines. */
  async load(): Promise<void> {
    this.#document = await workspace.openTextDocument(this.uri);
    this.#moved.fire();
  }

  /** The lines of an image's layers; undefined where the file is not there or says something else. */
  linesOf(info: ImageInfo): Lines | undefined {
    if (this.#document === undefined) return undefined;
    const match = matchDockerfile(info, this.#documents.get(this.#document));
    if (match.score < leastScore) return undefined;
    return { lines: layerLines(match, info.layers.length), ...present({ baseLayers: match.baseLayers }) };
  }

  /** The model of the file, for a report. */
  get dockerfile(): ReturnType<DockerfileDocuments['get']> | undefined {
    return this.#document && this.#documents.get(this.#document);
  }

  /** Shows a one-based line, in the editor that has the file if there is one. */
  async goTo(line: number): Promise<void> {
    const open = window.visibleTextEditors.find(({ document }) => document.uri.toString() === this.uri.toString());
    const document = open?.document ?? (await workspace.openTextDocument(this.uri));
    const start = document.lineAt(Math.min(line, document.lineCount) - 1).range.start;
    await window.showTextDocument(document, {
      viewColumn: open?.viewColumn ?? ViewColumn.Beside,
      selection: new Range(start, start),
      preserveFocus: false,
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  #moveSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#moved.fire(), pause);
  }
}
