import type { SavedState, Session } from '../protocol/explorer.ts';
import type { TableModel } from './table/tableModel.ts';
import type { Surroundings } from './vscodeApi.ts';

/** Milliseconds after the last change until the state is handed over. */
const savePause = 250;

/** What of the state is the page's own, and not a table's. */
export interface PageState extends Omit<SavedState, 'version' | 'session' | 'files' | 'compare'> {
  readonly baseFolded: boolean;
}

/** Hands the page's state to VS Code when it has changed, so that hiding and reloading the page lose nothing. */
export class StateKeeper {
  readonly #surroundings: Pick<Surroundings, 'save'>;
  readonly #tables: { readonly files: TableModel; readonly compare: TableModel };
  #session: Session;
  #state: PageState;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #onError: (error: unknown) => void;

  constructor(
    surroundings: Pick<Surroundings, 'save'>,
    tables: { readonly files: TableModel; readonly compare: TableModel },
    session: Session,
    state: PageState,
    onError: (error: unknown) => void,
  ) {
    this.#surroundings = surroundings;
    this.#tables = tables;
    this.#session = session;
    this.#state = state;
    this.#onError = onError;
    tables.files.onChange(() => this.#later());
    tables.compare.onChange(() => this.#later());
  }

  get state(): PageState {
    return this.#state;
  }

  change(state: Partial<PageState>): void {
    this.#state = { ...this.#state, ...state };
    this.#later();
  }

  /** The host's part: always the latest that it sent. */
  keepSession(session: Session): void {
    this.#session = session;
    this.#later();
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#save().catch(this.#onError);
    }, savePause);
  }

  async #save(): Promise<void> {
    const { files, compare } = this.#tables;
    const [savedFiles, savedCompare] = await Promise.all([files.saved(), compare.saved()]);
    this.#surroundings.save({
      version: 1,
      session: this.#session,
      ...this.#state,
      files: savedFiles,
      compare: savedCompare,
    });
  }
}
