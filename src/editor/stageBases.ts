import { Disposable as VsDisposable, EventEmitter, type TextDocument, workspace } from 'vscode';
import type { Stage } from '../core/dockerfile/model.ts';
import { type ImageBaseView, type StageBaseView, viewBase } from './bases.ts';
import type { DockerfileDocuments } from './documents.ts';
import { isDockerfile } from './selector.ts';
import { readSettings } from './settings.ts';
import type { SizeSources } from './sizeSources.ts';

/** Where the sizes come from, and the platform where neither file nor settings name one. */
interface Sources extends Pick<SizeSources, 'chain' | 'platform'> {
  onDidChange(listener: () => void): Closable;
}

/** What {@link VsDisposable} asks for, without being one. */
interface Closable {
  dispose(): unknown;
}

export interface StageBase {
  readonly stage: Stage;
  readonly view: StageBaseView;
}

/** Answers come in bursts, one for each base: the window is redrawn once for those of one moment. Milliseconds. */
const redrawDelay = 30;
/** While a reference is being typed its every prefix is a reference too: they are asked for after a pause. Milliseconds. */
const typingPause = 400;

/** What the stages of a document start from and what that weighs: the one service behind lens, hover and status bar. */
export class StageBases implements VsDisposable {
  readonly #documents: DockerfileDocuments;
  readonly #sources: Sources;
  readonly #changed = new EventEmitter<void>();
  readonly #subscriptions: readonly Closable[];
  readonly #pauses = new Map<TextDocument, NodeJS.Timeout>();
  readonly #asked = new WeakSet<TextDocument>();
  #redraw: NodeJS.Timeout | undefined;

  /** Fires when what {@link of} answers has changed, not for the user's edits. */
  readonly onDidChange = this.#changed.event;

  constructor(documents: DockerfileDocuments, sources: Sources) {
    this.#documents = documents;
    this.#sources = sources;
    const redraw = this.#sources.chain.onChange(() => this.#redrawSoon());
    this.#subscriptions = [
      new VsDisposable(() => redraw[Symbol.dispose]()),
      sources.onDidChange(() => this.#redrawSoon()),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('plimsoll')) this.#redrawSoon();
      }),
    ];
  }

  /** The stages in order, with what is known at this moment. */
  of(document: TextDocument): StageBase[] {
    if (!isDockerfile(document)) return [];
    const dockerfile = this.#documents.get(document);
    const { platform } = readSettings(document.uri, this.#sources.platform);
    return dockerfile.stages.map((stage) => ({
      stage,
      view: viewBase(dockerfile, stage, platform, (reference, of) => this.#sources.chain.known(reference, of)),
    }));
  }

  /** Has better answers fetched: at once for a document that was just opened, after a pause while it is typed in. */
  ask(document: TextDocument): void {
    if (!this.#asked.has(document)) {
      this.#asked.add(document);
      this.#requestAll(document);
      return;
    }
    clearTimeout(this.#pauses.get(document));
    const pause = setTimeout(() => {
      this.#pauses.delete(document);
      if (!document.isClosed) this.#requestAll(document);
    }, typingPause);
    this.#pauses.set(document, pause);
  }

  /** Asks all sources again for the bases of a document. */
  refresh(document: TextDocument): void {
    for (const { reference, platform } of this.#images(document))
      this.#sources.chain.request(reference, platform, { refresh: true });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    clearTimeout(this.#redraw);
    for (const pause of this.#pauses.values()) clearTimeout(pause);
    this.#changed.dispose();
  }

  #redrawSoon(): void {
    this.#redraw ??= setTimeout(() => {
      this.#redraw = undefined;
      this.#changed.fire();
    }, redrawDelay);
  }

  #requestAll(document: TextDocument): void {
    for (const { reference, platform } of this.#images(document)) this.#sources.chain.request(reference, platform);
  }

  #images(document: TextDocument): ImageBaseView[] {
    return this.of(document)
      .map(({ view }) => view)
      .filter((view) => view.kind === 'image');
  }
}
