import type { Memento, TextDocument } from 'vscode';

/** What the editor's services take of VS Code, for `vi.mock('vscode', …)`. Events fire when a test says so. */
export class EventEmitterDouble<T> {
  readonly #listeners = new Set<(event: T) => void>();
  readonly event = (listener: (event: T) => void): { dispose(): void } => {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  };
  fire(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class DisposableDouble {
  static from(...all: readonly { dispose(): unknown }[]): DisposableDouble {
    return new DisposableDouble(() => all.forEach((each) => each.dispose()));
  }
  readonly dispose: () => void;
  constructor(dispose: () => void) {
    this.dispose = dispose;
  }
}

/** A URI of a file: only what paths need. */
export class UriDouble {
  static file(path: string): UriDouble {
    return new UriDouble(path);
  }
  static joinPath(uri: UriDouble, ...parts: string[]): UriDouble {
    return new UriDouble(
      decodeURIComponent(new URL([...uri.path.split('/'), ...parts].join('/'), 'file:///').pathname).replace(/\/$/, ''),
    );
  }
  readonly scheme = 'file';
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return `file://${this.path}`;
  }
}

export interface DocumentDouble {
  readonly document: TextDocument;
  /** Takes another text, as typing does. */
  type(text: string): void;
  save(): void;
}

export function documentDouble(path: string, text: string): DocumentDouble {
  const state = {
    version: 1,
    languageId: 'dockerfile',
    isClosed: false,
    isDirty: false,
    uri: new UriDouble(path),
    text,
    getText: () => state.text,
  };
  return {
    document: state as unknown as TextDocument,
    type: (changed) => {
      state.text = changed;
      state.version++;
      state.isDirty = true;
    },
    save: () => void (state.isDirty = false),
  };
}

/** What an extension may keep, in memory. */
export function mementoDouble(): Memento {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string) => kept.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
  } as Memento;
}
