import { type Disposable, EventEmitter, type TextDocument } from 'vscode';
import type { Project } from '../../core/refactor/project.ts';
import type { RefactorOptions } from '../../core/refactor/options.ts';
import type { Answers, Inquiry, Proposal, Refactoring } from '../../core/refactor/refactoring.ts';
import type { RefactorKind, refactors } from '../../core/refactor/refactors.ts';
import { type ProjectFiles, refactorWith } from '../../sources/project/projectFiles.ts';
import type { Guard } from '../guard.ts';
import type { DocumentWeights, WeighedDocument } from '../weighing/documentWeights.ts';
import type { DocumentEvidence } from './documentEvidence.ts';

/** What somebody may want of a document. */
export interface Wish {
  readonly kind: RefactorKind;
  /** The index of the stage that it is about, where that is not the final one. */
  readonly stage?: number;
}

/** A refactoring that applies to a document: it can be made, or needs an answer first. */
export interface Offer extends Wish {
  /** Absent where only the click works it out. */
  readonly refactoring?: Proposal | Inquiry;
}

/** Each is worked out to be offered; all of them as one change is offered where one of them is. */
const tried = ['multi-stage', 'minimal-base', 'dockerignore'] as const satisfies readonly RefactorKind[];

/** The other stages on an image, each of which may do with a smaller one. */
function stageWishes({ dockerfile }: WeighedDocument): readonly Wish[] {
  return dockerfile.stages
    .filter(({ base, isFinal }) => base.kind === 'image' && !isFinal)
    .map(({ index }) => ({ kind: 'minimal-base', stage: index }));
}

/**
 * While a line is being typed its every state could be refactored: that waits for a pause, in milliseconds, and in a file that
 * takes long for a longer one, so that it never has more than its share of the extension host's time.
 */
const typingPause = 400;
const share = 0.1;

/** Who clicked waits so long for what the built image tells, and no longer. Milliseconds. */
const patience = 3000;

interface State {
  project: Promise<ProjectFiles> | undefined;
  /** The project has changed since the offers were made. */
  revision: number;
  offered:
    { readonly weighed: WeighedDocument; readonly revision: number; readonly offers: readonly Offer[] } | undefined;
  readonly life: AbortController;
  pause: NodeJS.Timeout | undefined;
  pausedAt: number | undefined;
  isComputing: boolean;
  /** While the image that was built from the document is looked into. */
  looking: Promise<void> | undefined;
  /** How long it took to work out the offers, without what it waited for. Milliseconds. */
  cost: number;
}

/** What came of a refactoring, and whether it lacked what the built image tells. */
interface Made {
  readonly refactoring: Refactoring;
  readonly lacksEvidence: boolean;
}

export interface RefactoringDeps {
  readonly weights: Pick<DocumentWeights, 'of'>;
  readonly evidence: Pick<DocumentEvidence, 'of' | 'ask'>;
  readonly refactors: typeof refactors;
  /** Opens the project of a document, or one of which nothing is known. Throws only the signal's reason. */
  readonly open: (document: TextDocument, signal: AbortSignal) => Promise<ProjectFiles>;
  readonly options: (document: TextDocument) => Pick<RefactorOptions, 'platform' | 'today' | 'parse'>;
  readonly guard: Guard;
}

/**
 * The refactorings that open Dockerfiles could have. What applies is worked out in the background, after a pause, and told at
 * once from what was worked out last: whoever draws a lens or a light bulb waits for nothing.
 */
export class DocumentRefactorings implements Disposable {
  readonly #deps: RefactoringDeps;
  readonly #states = new Map<TextDocument, State>();
  readonly #changed = new EventEmitter<void>();

  /** Fires when what {@link offers} answers has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: RefactoringDeps) {
    this.#deps = deps;
  }

  /** What applied when it was last worked out. Costs no disk, no parse and no refactoring. */
  offers(document: TextDocument): readonly Offer[] {
    const weighed = this.#deps.weights.of(document);
    if (weighed === undefined) return [];
    const state = this.#state(document);
    const { offered } = state;
    if (offered?.weighed !== weighed || offered.revision !== state.revision) this.#computeSoon(document, state);
    return offered?.offers ?? [];
  }

  /** A refactoring of the document as it is now; undefined for what is no Dockerfile. Throws only the signal's reason. */
  async refactor(document: TextDocument, wish: Wish, answers: Answers): Promise<Refactoring | undefined> {
    const weighed = this.#deps.weights.of(document);
    if (weighed === undefined) return undefined;
    const state = this.#state(document);
    const made = await this.#refactor(document, state, weighed, wish, answers);
    if (!made.lacksEvidence) return made.refactoring;
    let waiting: NodeJS.Timeout | undefined;
    const impatience = new Promise<void>((resolve) => (waiting = setTimeout(resolve, patience)));
    await Promise.race([this.#look(document, state, weighed), impatience]);
    clearTimeout(waiting);
    const now = this.#deps.weights.of(document) ?? weighed;
    return (await this.#refactor(document, state, now, wish, answers)).refactoring;
  }

  /** Something in the project of these documents has changed. */
  projectChanged(concerns: (document: TextDocument) => boolean): void {
    for (const [document, state] of this.#states) {
      if (!concerns(document)) continue;
      state.project = undefined;
      state.revision++;
    }
    this.#changed.fire();
  }

  /** The document is closed. */
  forget(document: TextDocument): void {
    const state = this.#states.get(document);
    clearTimeout(state?.pause);
    state?.life.abort();
    this.#states.delete(document);
  }

  dispose(): void {
    for (const document of [...this.#states.keys()]) this.forget(document);
    this.#changed.dispose();
  }

  #state(document: TextDocument): State {
    const known = this.#states.get(document);
    if (known !== undefined) return known;
    const state: State = {
      project: undefined,
      revision: 0,
      offered: undefined,
      life: new AbortController(),
      pause: undefined,
      pausedAt: undefined,
      isComputing: false,
      looking: undefined,
      cost: 0,
    };
    this.#states.set(document, state);
    return state;
  }

  async #refactor(
    document: TextDocument,
    state: State,
    weighed: WeighedDocument,
    { kind, stage }: Wish,
    answers: Answers,
  ): Promise<Made> {
    const { dockerfile, sizes, weights, base } = weighed;
    const { signal } = state.life;
    state.project ??= this.#deps.open(document, signal);
    const files = await state.project;
    const evidence = this.#deps.evidence.of(document, weighed);
    const final = dockerfile.stages.find(({ isFinal }) => isFinal);
    const options: RefactorOptions = {
      ...this.#deps.options(document),
      answers,
      ...(stage === undefined ? {} : { stage }),
      // Without its base an image is known for its crumbs: “131 B → 110 B” helps nobody.
      finalSize: final !== undefined && base !== undefined ? sizes[final.index] : undefined,
      weight: ({ index }) => weights.get(index)?.size,
      ...(evidence === undefined ? {} : { needs: evidence.needs, bytesAt: evidence.bytesAt }),
    };
    const refactor = (project: Project): Refactoring => {
      const began = performance.now();
      const refactoring = this.#deps.refactors[kind](dockerfile, project, options);
      state.cost += performance.now() - began;
      return refactoring;
    };
    const refactoring = await refactorWith(files, refactor, signal);
    return { refactoring, lacksEvidence: evidence?.isWanted === true };
  }

  /** Has the image looked into, once at a time. Who draws a lens hears of it when it is done. */
  #look(document: TextDocument, state: State, weighed: WeighedDocument): Promise<void> {
    return (state.looking ??= this.#lookInto(document, state, weighed));
  }

  async #lookInto(document: TextDocument, state: State, weighed: WeighedDocument): Promise<void> {
    const { signal } = state.life;
    const work = (): Promise<boolean> => this.#deps.evidence.ask(document, weighed, signal);
    const isKnown = await this.#deps.guard.runAsync('evidence', work, signal);
    state.looking = undefined;
    if (isKnown !== true || signal.aborted) return;
    state.revision++;
    this.#changed.fire();
  }

  /** At once for a document that was just opened, after a pause while it is typed in. */
  #computeSoon(document: TextDocument, state: State): void {
    if (state.isComputing || (state.pause !== undefined && state.pausedAt === document.version)) return;
    clearTimeout(state.pause);
    state.pausedAt = document.version;
    state.pause = setTimeout(
      () => {
        state.pause = undefined;
        void this.#compute(document, state);
      },
      state.offered === undefined ? 0 : Math.max(typingPause, state.cost / share),
    );
  }

  async #compute(document: TextDocument, state: State): Promise<void> {
    const weighed = this.#deps.weights.of(document);
    if (weighed === undefined) return;
    const { revision } = state;
    const { signal } = state.life;
    state.isComputing = true;
    state.cost = 0;
    const offers: Offer[] = [];
    let lacksEvidence = false;
    for (const wish of [...tried.map((kind) => ({ kind })), ...stageWishes(weighed)]) {
      const work = (): Promise<Made> => this.#refactor(document, state, weighed, wish, {});
      const made = await this.#deps.guard.runAsync(`offer ${wish.kind}`, work, signal);
      lacksEvidence ||= made?.lacksEvidence === true;
      if (made !== undefined && made.refactoring.kind !== 'refusal')
        offers.push({ ...wish, refactoring: made.refactoring });
      // One after the other, with time for the keyboard in between.
      await new Promise((resolve) => setTimeout(resolve, 0));
      if (signal.aborted) return;
    }
    if (offers.some(({ stage }) => stage === undefined)) offers.push({ kind: 'small' });
    state.isComputing = false;
    state.offered = { weighed, revision, offers };
    this.#changed.fire();
    if (lacksEvidence) void this.#look(document, state, weighed);
  }
}
