import { Disposable, EventEmitter, type TextDocument, workspace } from 'vscode';
import type { Dockerfile, Instruction } from '../../core/dockerfile/model.ts';
import type { CopyAnswer } from '../../core/estimate/context/contextContent.ts';
import { copyQuestion } from '../../core/estimate/copyWeight.ts';
import { evidenceFrom } from '../../core/estimate/evidence.ts';
import { type BuiltImage, leastScore, measuredLayers } from '../../core/estimate/measuredLayers.ts';
import { stageSizes } from '../../core/estimate/stageSize.ts';
import type { Weight } from '../../core/estimate/weight.ts';
import { weigh } from '../../core/estimate/weights.ts';
import { matchScore } from '../../core/image/dockerfileMatch.ts';
import type { Evidence } from '../../core/rules/scene/evidence.ts';
import type { SizeSum } from '../../core/size.ts';
import type { AptGraphs } from '../../sources/apt/aptGraphs.ts';
import { findIgnoreFile, type IgnoreFile } from '../../sources/context/ignoreFile.ts';
import { imagesByHistory } from '../../sources/engine/localImages.ts';
import { isSourceError, SourceError } from '../../sources/error.ts';
import { contentLength } from '../../sources/estimate/contentLength.ts';
import { WeightAnswers } from '../../sources/estimate/weightAnswers.ts';
import type { DockerfileDocuments } from '../documents.ts';
import type { Guard } from '../guard.ts';
import { isDockerfile } from '../selector.ts';
import { readSettings } from '../settings.ts';
import type { SizeSources } from '../sizeSources.ts';
import type { StageBases } from '../stageBases.ts';
import { buildContextOf } from './buildContextOf.ts';
import type { ContextFolders } from './contextFolders.ts';

/** What is known of a document at this moment. */
export interface WeighedDocument {
  readonly dockerfile: Dockerfile;
  /** By instruction. */
  readonly weights: ReadonlyMap<number, Weight>;
  /** By stage. */
  readonly sizes: readonly (SizeSum | undefined)[];
  readonly evidence: Evidence;
  /** What a `COPY` or `ADD` takes of the build context, also where its weight was measured. */
  readonly copied: (instruction: Instruction) => CopyAnswer | undefined;
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
  ignoreFile: IgnoreFile | undefined;
  image: BuiltImage | undefined;
  /** What is to be looked for before questions are asked. */
  readonly missing: Set<'ignoreFile' | 'image'>;
  /** What is known has changed since a result was made. */
  revision: number;
  result: { readonly revision: number; readonly weighed: WeighedDocument } | undefined;
  readonly life: AbortController;
  pause: NodeJS.Timeout | undefined;
  isFetching: boolean;
}

export interface WeightDeps {
  readonly documents: DockerfileDocuments;
  readonly bases: StageBases;
  readonly sources: SizeSources;
  readonly graphs: AptGraphs;
  readonly folders: ContextFolders;
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
    const weighed = this.weigh(document, dockerfile);
    state.result = { revision, weighed };
    this.#fetchSoon(document, state);
    return weighed;
  }

  /** Has found out what was asked through {@link WeighedDocument.evidence} and is not known yet. */
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
  weigh(document: TextDocument, dockerfile: Dockerfile): WeighedDocument {
    const state = this.#state(document);
    const { answers, image } = state;
    const { platform } = readSettings(document.uri, this.#deps.sources.platform);
    const layers = image === undefined ? undefined : measuredLayers(dockerfile, image);
    const known = { ...answers.known, measured: ({ index }: { index: number }) => layers?.get(index) };
    const weights = weigh(dockerfile, platform, known);
    const views = this.#deps.bases.of(document);
    const sizes = stageSizes(
      dockerfile,
      (stage) => {
        const view = views[stage]?.view;
        return view?.kind === 'image' ? view.known.sizes?.onDisk : undefined;
      },
      ({ index }) => weights.weights.get(index)?.size,
    );
    const hasIgnoreFile = state.folder === undefined ? {} : { hasIgnoreFile: state.ignoreFile !== undefined };
    return {
      dockerfile,
      weights: weights.weights,
      sizes,
      evidence: evidenceFrom(weights, { ...answers.known, ...(state.missing.has('ignoreFile') ? {} : hasIgnoreFile) }),
      copied: (instruction) => {
        const question = copyQuestion(dockerfile, instruction);
        const answer = question && answers.known.context(question);
        return answer?.kind === 'copy' ? answer : undefined;
      },
      get pending() {
        return state.missing.size > 0 || state.isFetching || answers.hasWanted;
      },
    };
  }

  #state(document: TextDocument): State {
    const known = this.#states.get(document);
    if (known !== undefined) return known;
    const folder = buildContextOf(document);
    const isOnline = this.#deps.sources.state.mode === 'online';
    const state: State = {
      answers: new WeightAnswers({
        graphs: this.#deps.graphs,
        context: (question, signal) => {
          if (folder === undefined) throw new SourceError('absent', 'There is no build context.');
          return this.#deps.folders.ask(folder, state.ignoreFile?.text ?? '', question, signal);
        },
        ...(isOnline ? { download: contentLength } : {}),
      }),
      folder,
      ignoreFile: undefined,
      image: undefined,
      missing: new Set(['ignoreFile', 'image']),
      revision: 0,
      result: undefined,
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
    if (state.missing.delete('image')) state.image = await this.#builtFrom(document, signal);
    signal.throwIfAborted();
  }

  /** The engine's image that was most likely built from a document. */
  async #builtFrom(document: TextDocument, signal: AbortSignal): Promise<BuiltImage | undefined> {
    const { engine } = this.#deps.sources.images;
    if (engine === undefined) return undefined;
    try {
      const dockerfile = this.#deps.documents.get(document);
      const [best] = await imagesByHistory(engine, (info) => matchScore(info, dockerfile), signal);
      if (best === undefined || best.score < leastScore) return undefined;
      return { name: best.names[0] ?? best.imageId.slice(0, 19), info: best.info };
    } catch (error) {
      // No engine is a normal state: then nothing was measured.
      if (isSourceError(error)) return undefined;
      throw error;
    }
  }

  #seekImages(): void {
    for (const state of this.#states.values()) state.missing.add('image');
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
    this.#states.delete(document);
    const { folder } = state;
    const isShared = [...this.#states.values()].some((other) => other.folder === folder);
    if (folder !== undefined && !isShared) this.#deps.folders.release(folder);
  }
}
