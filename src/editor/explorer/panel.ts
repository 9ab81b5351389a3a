import { Disposable as VsDisposable, env, ProgressLocation, Uri, type WebviewPanel, window, workspace } from 'vscode';
import type { ImagePlace } from '../../protocol/explorer.ts';
import type { ExplorerHost, ExplorerPage } from '../../protocol/explorer.ts';
import { pageMethods } from '../../protocol/methods.ts';
import { openRpc, type Port, type Rpc, RpcError } from '../../protocol/rpc.ts';
import { safeFileName } from '../../core/explorer/fileContent.ts';
import type { OpenImage } from '../../core/image/image.ts';
import { isSourceError } from '../../sources/error.ts';
import type { Guard } from '../guard.ts';
import { abortOn } from './abortOn.ts';
import type { DockerfileLink } from './dockerfileLink.ts';
import { explorerHost, type NamedFile, type PanelActions } from './host.ts';
import { type ImageFile, type ImageFiles, placeId } from './imageFiles.ts';
import { pageHtml } from './pageHtml.ts';
import { ExplorerSession, type SessionSources, titleOf } from './session.ts';
import {
  chooseVersion,
  compareFailed,
  compareTitle,
  pickTitle,
  comparingAt,
  comparingWith,
  diffTitle,
  imageLayerLabel,
  layerLabel,
  noLine,
  notAFile,
  onlyVersion,
  pageStrings,
  panelTitle,
  unnamedImage,
  versionLabel,
} from './wording.ts';

/** Milliseconds that reading waits for a new page to be drawn; one that is not in sight is not drawn. */
const drawingPatience = 2000;

/** What a panel needs of the house. */
export interface PanelServices {
  readonly extension: Uri;
  readonly files: ImageFiles;
  readonly guard: Guard;
  /** Has the user choose an image; undefined for none. */
  readonly pickImage: (title: string) => Promise<ImagePlace | undefined>;
}

/** One panel of the explorer: its page, its session, and what the page has done outside of itself. */
export class ExplorerPanel implements VsDisposable {
  readonly #panel: WebviewPanel;
  readonly #session: ExplorerSession;
  readonly #services: PanelServices;
  readonly #link: DockerfileLink | undefined;
  readonly #host: ExplorerHost;
  readonly #subscriptions: VsDisposable[] = [];
  /** The page shows what is known so far, and asks for rows. */
  readonly #drawn = Promise.withResolvers<undefined>();
  #rpc: Rpc<ExplorerPage> | undefined;

  /** @param isNew no page has been in this panel before: it has nothing saved, and reading waits until it has been drawn. */
  constructor(
    panel: WebviewPanel,
    place: ImagePlace,
    link: DockerfileLink | undefined,
    sources: Omit<SessionSources, 'linesOf'>,
    services: PanelServices,
    isNew = false,
  ) {
    this.#panel = panel;
    this.#services = services;
    this.#link = link;
    this.#session = new ExplorerSession(place, link?.uri.toString(), {
      ...sources,
      linesOf: (info) => link?.linesOf(info),
    });
    this.#host = this.#observed(explorerHost(this.#session, this.#actions()));
    panel.webview.html = pageHtml(panel.webview, services.extension, env.language);
    this.#subscriptions.push(
      panel.onDidChangeViewState(() => this.#followVisibility()),
      ...(link === undefined
        ? []
        : [
            link,
            link.onDidMove(() => this.#session.updateLines()),
            link.onDidSelect((line) => this.#selectLine(line)),
          ]),
    );
    this.#connect();
    // Lines come when the file has been read; opening the image does not wait for them.
    void services.guard.runAsync('explorer', async () => link?.load());
    if (isNew) this.#welcome();
    this.#opening(place, () => this.#session.begin(isNew ? this.#drawn.promise : undefined));
  }

  get session(): ExplorerSession {
    return this.#session;
  }

  /** The image that it has open at a place: its own, or the one that it is compared with. */
  imageAt(id: string): OpenImage | undefined {
    const { place, comparedWith } = this.#session.session;
    if (this.#session.summary !== undefined && placeId(place) === id) return this.#session.opened.image;
    return comparedWith !== undefined && placeId(comparedWith) === id ? this.#session.comparing.image : undefined;
  }

  /** Compares the image with another, with progress and a way to cancel. */
  async compareWith(place: ImagePlace): Promise<void> {
    const options = {
      location: ProgressLocation.Notification,
      title: comparingWith(placeName(place)),
      cancellable: true,
    };
    await window.withProgress(options, async (progress, token) => {
      using stop = abortOn(token);
      try {
        await this.#session.comparing.with(
          this.#session,
          place,
          ({ bytes, totalBytes }) => progress.report({ message: comparingAt(bytes, totalBytes) }),
          stop.signal,
        );
      } catch (error) {
        if (stop.signal.aborted || (error instanceof RpcError && error.code === 'cancelled')) return;
        if (!isSourceError(error) && !(error instanceof RpcError)) throw error;
        void window.showErrorMessage(compareFailed(error.message));
      }
    });
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#rpc?.[Symbol.dispose]();
    for (const subscription of this.#subscriptions) subscription.dispose();
    void this.#services.guard.runAsync('explorer', () => this.#session[Symbol.asyncDispose]());
  }

  /** The panel is called by its place until the image is open. */
  #opening(place: ImagePlace, open: () => Promise<void>): void {
    this.#panel.title = panelTitle(placeName(place));
    void this.#services.guard.runAsync('explorer', async () => {
      await open();
      const { summary, session } = this.#session;
      if (summary === undefined) return;
      this.#panel.title = panelTitle(summary.title);
      this.#services.files.refresh(placeId(session.place));
    });
  }

  /** A hidden page is torn down by VS Code and made anew: what it asked for nobody waits for, and its numbers begin again. */
  #followVisibility(): void {
    if (this.#panel.visible && this.#rpc === undefined) this.#connect();
    if (this.#panel.visible || this.#rpc === undefined) return;
    this.#session.page = undefined;
    this.#rpc[Symbol.dispose]();
    this.#rpc = undefined;
  }

  #connect(): void {
    this.#rpc = openRpc<ExplorerHost, ExplorerPage>(this.#port(), pageMethods, {
      local: this.#host,
      describe: (error) => {
        // What is no sentence for people is a fault of ours, and belongs in the log.
        if (!isSourceError(error)) this.#services.guard.run('explorer', () => raise(error));
        return { code: 'failed', message: error instanceof Error ? error.message : String(error) };
      },
    });
  }

  /** Sends ahead what the page would have to ask and wait for: VS Code keeps messages until a page is there to hear them. */
  #welcome(): void {
    const timer = setTimeout(() => this.#drawn.resolve(undefined), drawingPatience);
    this.#subscriptions.push(new VsDisposable(() => clearTimeout(timer)));
    void this.#services.guard.runAsync('explorer', async () => {
      const start = await this.#host.start({}, new AbortController().signal);
      // A panel that was closed meanwhile hears nothing; there is nobody to tell.
      this.#rpc?.remote.welcome(start).catch(() => undefined);
    });
  }

  #port(): Port {
    const { webview } = this.#panel;
    return {
      post: (message) => void webview.postMessage(message),
      onMessage: (listener) => {
        const subscription = webview.onDidReceiveMessage(listener);
        return { [Symbol.dispose]: () => void subscription.dispose() };
      },
    };
  }

  /** A page that starts is one that looks on; one that asks for rows has been drawn. */
  #observed(host: ExplorerHost): ExplorerHost {
    return {
      ...host,
      start: async (request, signal) => {
        const start = await host.start(request, signal);
        this.#session.page = this.#rpc?.remote;
        return start;
      },
      show: (request, signal) => {
        this.#drawn.resolve(undefined);
        return host.show(request, signal);
      },
    };
  }

  #selectLine(line: number): void {
    const rows = this.#session.rows.filter((row) => row.line !== undefined && row.line <= line);
    // Instructions go over several lines: the cursor is in the last one that begins at or above it.
    const row = rows.reduce<(typeof rows)[number] | undefined>(
      (best, at) => (best === undefined || at.line! >= best.line! ? at : best),
      undefined,
    );
    if (row !== undefined) this.#rpc?.remote.selectLayer({ layer: row.index }).catch(() => undefined);
  }

  #actions(): PanelActions {
    const { files, pickImage } = this.#services;
    return {
      texts: { strings: pageStrings(), locale: env.language },
      chooseComparison: async () => {
        const place = await pickImage(compareTitle());
        if (place !== undefined) await this.compareWith(place);
      },
      chooseSource: async () => {
        const place = await pickImage(pickTitle());
        if (place !== undefined) this.#opening(place, () => this.#session.moveTo(place));
      },
      openFile: (file) => files.open(this.#imageFile(file)),
      diffFiles: (first, second) =>
        files.diff(this.#imageFile(first), this.#imageFile(second), this.#diffTitle(first, second)),
      chooseFile: async (versions) => {
        const items = versions.map((file) => ({ label: versionLabel(file.layer), file }));
        return (await window.showQuickPick(items, { title: chooseVersion() }))?.file;
      },
      saveFile: async (file, signal) => {
        const target = await window.showSaveDialog({ defaultUri: proposed(safeFileName(file.path)) });
        if (target !== undefined) await files.save(this.#imageFile(file), target, signal);
      },
      copyText: async (text) => env.clipboard.writeText(text),
      goToLine: async (line) => {
        if (line === undefined || this.#link === undefined) window.setStatusBarMessage(noLine(), 5000);
        else await this.#link.goTo(line);
      },
      saveReport: (format, signal) => this.#saveReport(format, signal),
      refuse: (reason) => {
        window.setStatusBarMessage(reason === 'no-file' ? notAFile() : onlyVersion(), 5000);
        return Promise.resolve();
      },
    };
  }

  #imageFile({ side, path, layer, entry, bytes }: NamedFile): ImageFile {
    const { place, comparedWith } = this.#session.session;
    return { image: placeId(side === 'image' ? place : comparedWith!), path, layer, entry, bytes };
  }

  #diffTitle(first: NamedFile, second: NamedFile): string {
    const name = first.path.replace(/^.*\//s, '');
    if (first.side === second.side) return diffTitle(name, layerLabel(first.layer), layerLabel(second.layer));
    const labelOf = ({ side, layer }: NamedFile): string => {
      const image = side === 'image' ? this.#session.opened.image : this.#session.comparing.image;
      return imageLayerLabel(titleOf(image.info), layer);
    };
    return diffTitle(name, labelOf(first), labelOf(second));
  }

  async #saveReport(format: 'markdown' | 'json' | 'csv', signal: AbortSignal): Promise<void> {
    const ending = { markdown: 'md', json: 'json', csv: 'csv' }[format];
    const name = safeFileName(this.#session.summary?.title.replace(/[/:@]/g, '-') ?? unnamedImage());
    const target = await window.showSaveDialog({ defaultUri: proposed(`${name}.${ending}`) });
    if (target === undefined) return;
    const { thread } = this.#session.opened;
    const text = await thread.ask('exportText', [format, this.#session.problems, this.#link?.dockerfile], signal);
    await workspace.fs.writeFile(target, new TextEncoder().encode(text));
  }
}

/** What a place is called before its image is open. */
export function placeName(place: ImagePlace): string {
  if (place.kind === 'reference') return place.reference;
  return place.reference ?? Uri.parse(place.uri).path.replace(/\/+$/, '').replace(/^.*\//, '');
}

function proposed(name: string): Uri {
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/');
  return Uri.joinPath(folder, name);
}

function raise(error: unknown): never {
  throw error;
}
