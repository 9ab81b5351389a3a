import { Disposable, EventEmitter, type TextDocument, workspace } from 'vscode';
import type { Platform } from '../../core/base/baseSize.ts';
import type { Dockerfile } from '../../core/dockerfile/model.ts';
import { parseDockerfile } from '../../core/dockerfile/parse.ts';
import { sizeChange } from '../../core/estimate/sizeChange.ts';
import type { ImageInfo } from '../../core/image/image.ts';
import type { AptGraphs } from '../../sources/apt/aptGraphs.ts';
import { findIgnoreFile, type IgnoreFile } from '../../sources/context/ignoreFile.ts';
import { imageNamed } from '../../sources/engine/localImages.ts';
import { SourceError } from '../../sources/error.ts';
import { type BuiltImages, findBuiltImages, newestImages, noBuiltImages } from '../../sources/estimate/builtImages.ts';
import { contentLength } from '../../sources/estimate/contentLength.ts';
import type { ImageReader } from '../../sources/estimate/imageReader.ts';
import { WeightAnswers } from '../../sources/estimate/weightAnswers.ts';
import { lockSizes } from '../../sources/npm/lockSizes.ts';
import type { NpmPackages } from '../../sources/npm/npmPackages.ts';
import type { DockerfileDocuments } from '../documents.ts';
import type { Guard } from '../guard.ts';
import { isDockerfile } from '../selector.ts';
import { readSettings } from '../settings.ts';
import type { SizeSources } from '../sizeSources.ts';
import type { StageBases } from '../stageBases.ts';
import { buildContextOf } from './buildContextOf.ts';
import { composeNames } from './composeNames.ts';
import type { ContextFolders } from './contextFolders.ts';
import type { ImageLinks } from './imageLinks.ts';
import { weighDocument, type WeighedText } from './weighDocument.ts';

/** What is known of a document at this moment. */
export interface WeighedDocument extends WeighedText {
  /** By how many bytes the final image differs from that of the saved text; absent where it does not, or nobody knows. */
  readonly change?: number;
  /** The image that was built from it, perhaps from an earlier text, and whether the user said so. */
  readonly image?: { readonly name: string; readonly info: ImageInfo; readonly isLinked: boolean };
  /** Better answers are on their way. */
  readonly pending: boolean;
}

/** Absolute, of the build context and of the ignore file that counts in it. */
export interface DocumentContext {
  readonly folder: string;
  readonly ignoreFile: IgnoreFile | undefined;
}

/** While a line is being typed its every state would be asked about: questions wait for a pause. Milliseconds. */
const typingPause = 400;

interface State {
  readonly answers: WeightAnswers;
  readonly folder: string | undefined;
  /** While it is there the build context is watched. */
  readonly hold: Disposable | undefined;
  ignoreFile: IgnoreFile | undefined;
  images: BuiltImages;
  /** What is to be looked for before questions are asked. */
  readonly missing: Set<'ignoreFile' | 'image'>;
  /** What is known has changed since a result was made. */
  revision: number;
  result: { readonly revision: number; readonly weighed: WeighedDocument } | undefined;
  /** The text as it was last saved; `revision` is that of its weights. */
  saved: { readonly revision: number; readonly weighed: WeighedText } | undefined;
  readonly life: AbortController;
  pause: NodeJS.Timeout | undefined;
  isFetching: boolean;
}

export interface WeightDeps {
  readonly documents: DockerfileDocuments;
  readonly bases: Pick<StageBases, 'of' | 'onDidChange'>;
  readonly sources: Pick<SizeSources, 'state' | 'platform' | 'images' | 'onDidChange' | 'onDidChangeImages'>;
  readonly graphs: AptGraphs;
  readonly folders: ContextFolders;
  readonly reader: ImageReader;
  readonly npm: Pick<NpmPackages, 'lookUp'>;
  readonly links: ImageLinks;
  readonly guard: Guard;
}

/**
 * What the instructions of open Dockerfiles weigh: the one service behind hints, hovers, lenses and findings. It answers at
 * once with what is known; files, engine and network are asked in the background, per document, and not after it is closed.
 */
export class DocumentWeights implements Disposable {
  readonly #deps: WeightDeps;
  readonly #states = new Map<TextDocument, State>();
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: Disposable;

  /** Fires when what {@link of} answers has changed, not for the user's edits. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: WeightDeps) {
    this.#deps = deps;
    this.#subscriptions = Disposable.from(
      deps.folders.onDidChange((folder) => this.#contextChanged(folder)),
      deps.bases.onDidChange(() => this.#outdate()),
      // What was built meanwhile is looked for; what is known of files stays.
      deps.sources.onDidChange(() => this.#seekImages()),
      deps.sources.onDidChangeImages(() => this.#seekImages()),
      deps.links.onDidChange(() => this.#seekImages()),
      workspace.onDidSaveTextDocument((document) => this.#saved(document)),
      workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('plimsoll')) this.#startOver();
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.#startOver()),
      this.#changed,
    );
  }

  /** What is known at this moment; undefined for what is no Dockerfile. Costs no disk, process or network. */
  of(document: TextDocument): WeighedDocument | undefined {
    if (!isDockerfile(document)) return undefined;
    const state = this.#state(document);
    const dockerfile = this.#deps.documents.get(document);
    const { result, revision } = state;
    if (result?.revision === revision && result.weighed.dockerfile === dockerfile) return result.weighed;
    state.answers.known.scripts.nextText();
    const weighed = this.#weighWith(document, state, dockerfile);
    state.result = { revision, weighed };
    this.#fetchSoon(document, state);
    return weighed;
  }

  /** Has found out what was asked through {@link WeighedText.evidence} and is not known yet. */
  ask(document: TextDocument): void {
    this.#fetchSoon(document, this.#state(document));
  }

  /** The build context of a document as it is known. */
  contextOf(document: TextDocument): DocumentContext | undefined {
    const { folder, ignoreFile } = this.#state(document);
    return folder === undefined ? undefined : { folder, ignoreFile };
  }

  dispose(): void {
    for (const document of [...this.#states.keys()]) this.#forget(document);
    this.#subscriptions.dispose();
  }

  /** The same for another text of a document, a proposed one say; nothing is kept of it. */
  weigh(document: TextDocument, dockerfile: Dockerfile): WeighedText {
    const state = this.#state(document);
    const views = this.#deps.bases.of(document);
    const isKnown = state.folder !== undefined && !state.missing.has('ignoreFile');
    return weighDocument(dockerfile, {
      platform: this.#platform(document),
      answers: state.answers,
      images: state.images,
      baseOnDisk: (stage) => {
        const view = views[stage]?.view;
        return view?.kind === 'image' ? view.known.sizes?.onDisk : undefined;
      },
      ...(isKnown ? { hasIgnoreFile: state.ignoreFile !== undefined } : {}),
    });
  }

  #weighWith(document: TextDocument, state: State, dockerfile: Dockerfile): WeighedDocument {
    const weighed = this.weigh(document, dockerfile);
    const change = this.#changeSinceSaved(document, state, weighed);
    const { final } = state.images;
    return {
      ...weighed,
      ...(change === undefined ? {} : { change }),
      ...(final === undefined
        ? {}
        : { image: { name: final.name, info: final.info, isLinked: final.isLinked === true } }),
      get pending() {
        return state.missing.size > 0 || state.isFetching || state.answers.hasWanted;
      },
    };
  }

  #changeSinceSaved(document: TextDocument, state: State, weighed: WeighedText): number | undefined {
    const { revision, saved } = state;
    if (!document.isDirty) {
      state.saved = { revision, weighed };
      return undefined;
    }
    if (saved === undefined) return undefined;
    if (saved.revision !== revision) {
      // The bases are those of the text as it is now: what the saved one stood on stays as it was known then.
      const { base } = saved.weighed;
      const again = this.weigh(document, saved.weighed.dockerfile);
      state.saved = { revision, weighed: { ...again, ...(base === undefined ? {} : { base }) } };
    }
    return sizeChange(state.saved!.weighed, weighed);
  }

  #platform(document: TextDocument): Platform {
    return readSettings(document.uri, this.#deps.sources.platform).platform;
  }

  #state(document: TextDocument): State {
    const known = this.#states.get(document);
    if (known !== undefined) return known;
    const folder = buildContextOf(document);
    const { graphs, folders, reader, npm, sources } = this.#deps;
    const isOnline = sources.state.mode === 'online';
    const state: State = {
      answers: new WeightAnswers({
        graphs,
        context: (question, signal) => {
          if (folder === undefined) throw new SourceError('absent', 'There is no build context.');
          return folders.ask(folder, state.ignoreFile?.text ?? '', question, signal);
        },
        ...(isOnline
          ? {
              download: contentLength,
              image: (question, signal) => reader.answer(question, this.#platform(document), signal),
              locked: (lock, platform, signal) => lockSizes(lock, platform, npm, signal),
            }
          : {}),
      }),
      folder,
      hold: folder === undefined ? undefined : folders.hold(folder),
      ignoreFile: undefined,
      images: noBuiltImages,
      missing: new Set(['ignoreFile', 'image']),
      revision: 0,
      result: undefined,
      saved: undefined,
      life: new AbortController(),
      pause: undefined,
      isFetching: false,
    };
    this.#states.set(document, state);
    return state;
  }

  /** At once for a document that was just opened, after a pause while it is typed in. */
  #fetchSoon(document: TextDocument, state: State): void {
    if (state.missing.size === 0 && !state.answers.hasWanted) return;
    clearTimeout(state.pause);
    state.pause = setTimeout(() => void this.#fetch(document, state), state.missing.size === 0 ? typingPause : 0);
  }

  async #fetch(document: TextDocument, state: State): Promise<void> {
    if (state.isFetching) return;
    state.isFetching = true;
    const { signal } = state.life;
    await this.#deps.guard.runAsync(
      'weights',
      async () => {
        await this.#prepare(document, state, signal);
        await state.answers.fetch(signal);
        signal.throwIfAborted();
      },
      signal,
    );
    state.isFetching = false;
    if (signal.aborted) return;
    state.revision++;
    this.#changed.fire();
  }

  async #prepare(document: TextDocument, state: State, signal: AbortSignal): Promise<void> {
    if (state.missing.has('ignoreFile') && state.folder !== undefined) {
      state.ignoreFile = await findIgnoreFile(document.uri.fsPath, state.folder);
    }
    state.missing.delete('ignoreFile');
    // A search that fails is not tried again before something changes.
    if (state.missing.delete('image')) state.images = await this.#builtFrom(document, signal);
    signal.throwIfAborted();
  }

  /** The engine's images that were most likely built from a document, or that the user linked to it. */
  async #builtFrom(document: TextDocument, signal: AbortSignal): Promise<BuiltImages> {
    const { sources, documents, links } = this.#deps;
    const { engine } = sources.images;
    if (engine === undefined) return noBuiltImages;
    const name = links.of(document.uri);
    const images = await newestImages(engine, signal);
    const linked =
      name === undefined || images.length === 0
        ? undefined
        : (images.find(({ imageId, names }) => imageId === name || names.includes(name)) ??
          (await imageNamed(engine, name, signal)));
    const settings = readSettings(document.uri, sources.platform);
    return findBuiltImages(images, documents.get(document), {
      ...(linked === undefined ? {} : { linked }),
      names: await composeNames(document),
      forStage: (target) => parseDockerfile(document.getText(), { ...settings, target }),
    });
  }

  #seekImages(): void {
    this.#deps.reader.forget();
    for (const state of this.#states.values()) {
      state.missing.add('image');
      state.answers.imagesChanged();
    }
    this.#outdate();
  }

  #contextChanged(folder: string): void {
    for (const state of this.#states.values()) {
      if (state.folder !== folder) continue;
      state.answers.contextChanged();
      state.missing.add('ignoreFile');
    }
    this.#outdate();
  }

  /** What is told of changes since then is over. */
  #saved(document: TextDocument): void {
    const state = this.#states.get(document);
    if (state === undefined) return;
    state.revision++;
    this.#changed.fire();
  }

  #outdate(): void {
    for (const state of this.#states.values()) state.revision++;
    this.#changed.fire();
  }

  #startOver(): void {
    for (const document of [...this.#states.keys()]) this.#forget(document);
    this.#changed.fire();
  }

  #forget(document: TextDocument): void {
    const state = this.#states.get(document);
    if (state === undefined) return;
    clearTimeout(state.pause);
    state.life.abort();
    state.hold?.dispose();
    this.#states.delete(document);
  }
}
