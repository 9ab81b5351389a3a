import { type Disposable as VsDisposable, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { ImagePlace } from '../../protocol/explorer.ts';
import { ExplorerThread } from '../../sources/explorer/explorerThread.ts';
import { indexInWorkers } from '../../sources/image/workerIndexing.ts';
import type { DockerfileDocuments } from '../documents.ts';
import type { Guard } from '../guard.ts';
import type { SizeSources } from '../sizeSources.ts';
import { DockerfileLink } from './dockerfileLink.ts';
import { ImageFiles } from './imageFiles.ts';
import { openPlace, readPlace } from './imagePlaces.ts';
import { pageRoots } from './pageHtml.ts';
import { ExplorerPanel, placeName } from './panel.ts';
import { chooseInside, pickImage } from './pickImage.ts';
import { panelTitle } from './wording.ts';

const viewType = 'plimsoll.explorer';

/** The layer explorers that are open, and what they share: threads that read layers, and documents of files. */
export class Explorers implements VsDisposable {
  readonly #extension: Uri;
  readonly #sources: SizeSources;
  readonly #documents: DockerfileDocuments;
  readonly #guard: Guard;
  readonly #files: ImageFiles;
  readonly #panels = new Set<ExplorerPanel>();
  readonly #indexing;

  constructor(extension: Uri, sources: SizeSources, documents: DockerfileDocuments, guard: Guard) {
    this.#extension = extension;
    this.#sources = sources;
    this.#documents = documents;
    this.#guard = guard;
    // No thread is started before a layer is read.
    this.#indexing = indexInWorkers(this.#bundle('sources-image-worker.cjs'));
    this.#files = new ImageFiles((image) => this.#imageAt(image));
  }

  /** Opens an image in a panel of its own. */
  open(place: ImagePlace, dockerfile?: Uri): ExplorerPanel {
    const column = window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside;
    const panel = window.createWebviewPanel(viewType, panelTitle(placeName(place)), column, this.#options());
    return this.#show(panel, place, dockerfile, true);
  }

  /** Has the user choose an image; undefined for none. */
  pick(title: string): Promise<ImagePlace | undefined> {
    return pickImage(title, this.#sources.images.engine);
  }

  /** A panel of before a reload, with what its page had kept. */
  async restore(panel: WebviewPanel, state: unknown): Promise<void> {
    const saved = readSession(state);
    if (saved === undefined) {
      panel.dispose();
      return;
    }
    panel.webview.options = this.#options();
    const shown = this.#show(panel, saved.place, saved.dockerfile, false);
    if (saved.comparedWith !== undefined) await shown.compareWith(saved.comparedWith);
  }

  dispose(): void {
    for (const panel of this.#panels) panel.dispose();
    this.#files.dispose();
    void this.#indexing[Symbol.asyncDispose]();
  }

  #show(panel: WebviewPanel, place: ImagePlace, dockerfile: Uri | undefined, isNew: boolean): ExplorerPanel {
    const link = dockerfile && new DockerfileLink(dockerfile, this.#documents);
    const explorer = new ExplorerPanel(
      panel,
      place,
      link,
      {
        open: (at, onProgress, chosen, signal) =>
          openPlace(
            at,
            { sources: this.#sources, indexing: this.#indexing, choose: chooseInside },
            onProgress,
            chosen,
            signal,
          ),
        startThread: (image, onBroken) =>
          new ExplorerThread(this.#bundle('sources-explorer-worker.cjs'), image, onBroken),
        onError: (error) => this.#guard.run('explorer', () => raise(error)),
      },
      {
        extension: this.#extension,
        files: this.#files,
        guard: this.#guard,
        pickImage: (title) => this.pick(title),
      },
      isNew,
    );
    this.#panels.add(explorer);
    panel.onDidDispose(() => {
      this.#panels.delete(explorer);
      explorer.dispose();
    });
    return explorer;
  }

  #options(): { enableScripts: true; localResourceRoots: Uri[] } {
    return { enableScripts: true, localResourceRoots: pageRoots(this.#extension) };
  }

  #bundle(name: string): string {
    return Uri.joinPath(this.#extension, 'dist', name).fsPath;
  }

  #imageAt(image: string): ReturnType<ExplorerPanel['imageAt']> {
    for (const panel of this.#panels) {
      const found = panel.imageAt(image);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** What a page's state says of its session; it may be of another version, or of nobody. */
function readSession(
  state: unknown,
): { readonly place: ImagePlace; readonly comparedWith?: ImagePlace; readonly dockerfile?: Uri } | undefined {
  if (typeof state !== 'object' || state === null) return undefined;
  const { session } = state as { readonly session?: unknown };
  if (typeof session !== 'object' || session === null) return undefined;
  const { place, comparedWith, dockerfile } = session as Readonly<Record<string, unknown>>;
  const [read, other] = [readPlace(place), readPlace(comparedWith)];
  if (read === undefined) return undefined;
  return {
    place: read,
    ...(other === undefined ? {} : { comparedWith: other }),
    ...(typeof dockerfile === 'string' ? { dockerfile: Uri.parse(dockerfile) } : {}),
  };
}

function raise(error: unknown): never {
  throw error;
}
