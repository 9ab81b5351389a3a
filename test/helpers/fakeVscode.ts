import { vi } from 'vitest';

/**
 * As much of VS Code as the explorer's editor side uses, in memory:
 *
 * ```ts
 * vi.mock('vscode', async () => (await import('../../helpers/fakeVscode.ts')).vscode);
 * ```
 *
 * What is asked of the user is answered by what a test puts into {@link desk}; what is done is written down there.
 */

interface Disposing {
  dispose(): void;
}

class FakeUri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;

  constructor(parts: { scheme: string; authority?: string; path?: string; query?: string }) {
    this.scheme = parts.scheme;
    this.authority = parts.authority ?? '';
    this.path = parts.path ?? '';
    this.query = parts.query ?? '';
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    const query = this.query === '' ? '' : `?${encodeURIComponent(this.query)}`;
    const path = this.path.split('/').map(encodeURIComponent).join('/');
    return `${this.scheme}://${this.authority}${path}${query}`;
  }

  static from(parts: ConstructorParameters<typeof FakeUri>[0]): FakeUri {
    return new FakeUri(parts);
  }

  static file(path: string): FakeUri {
    return new FakeUri({ scheme: 'file', path });
  }

  static parse(text: string): FakeUri {
    const [, scheme = '', authority = '', path = '', query = ''] =
      /^([a-z-]+):\/\/([^/?]*)([^?]*)\??(.*)$/s.exec(text) ?? [];
    return new FakeUri({ scheme, authority, path: decodeURIComponent(path), query: decodeURIComponent(query) });
  }

  static joinPath(base: FakeUri, ...parts: readonly string[]): FakeUri {
    const { pathname } = new URL(parts.join('/'), `file://${base.path.replace(/\/?$/, '/')}`);
    return new FakeUri({ scheme: base.scheme, authority: base.authority, path: pathname.replace(/(?<=.)\/$/, '') });
  }
}

class FakeEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void): Disposing => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

class FakeDisposable {
  readonly dispose: () => void;

  constructor(dispose: () => void) {
    this.dispose = dispose;
  }

  static from(...all: readonly Disposing[]): FakeDisposable {
    return new FakeDisposable(() => {
      for (const one of all) one.dispose();
    });
  }
}

/** A list to choose from, as `createQuickPick` makes it; the test chooses. */
export class FakeQuickPick<T extends { readonly label: string }> {
  items: readonly T[] = [];
  selectedItems: readonly T[] = [];
  value = '';
  title = '';
  placeholder = '';
  busy = false;
  matchOnDescription = false;
  matchOnDetail = false;
  isShown = false;
  readonly #typed = new FakeEmitter<string>();
  readonly #accepted = new FakeEmitter<undefined>();
  readonly #hidden = new FakeEmitter<undefined>();
  readonly onDidChangeValue = this.#typed.event;
  readonly onDidAccept = this.#accepted.event;
  readonly onDidHide = this.#hidden.event;

  show(): void {
    this.isShown = true;
  }

  hide(): void {
    this.isShown = false;
    this.#hidden.fire(undefined);
  }

  dispose(): void {
    this.isShown = false;
  }

  type(text: string): void {
    this.value = text;
    this.#typed.fire(text);
  }

  /** Chooses the item whose label contains a text. */
  choose(label: string): void {
    const item = this.items.find((at) => at.label.includes(label));
    if (item === undefined)
      throw new Error(`There is no ${label} among ${this.items.map((at) => at.label).join(', ')}.`);
    this.selectedItems = [item];
    this.#accepted.fire(undefined);
  }

  get labels(): string[] {
    return this.items.map(({ label }) => label);
  }
}

interface ContentProvider {
  provideTextDocumentContent(uri: FakeUri): Promise<string>;
}

const closed = new FakeEmitter<{ readonly uri: FakeUri }>();

/** What the user answers, and what was done. */
export const desk = {
  quickPicks: [] as FakeQuickPick<{ readonly label: string }>[],
  /** Answers `showQuickPick`: the place of the item, undefined for none. */
  choice: undefined as number | undefined,
  saveTo: undefined as FakeUri | undefined,
  opened: undefined as readonly FakeUri[] | undefined,
  saveProposals: [] as string[],
  shown: [] as string[],
  diffs: [] as (readonly [string, string, string])[],
  written: new Map<string, Uint8Array>(),
  messages: [] as string[],
  statuses: [] as string[],
  clipboard: '',
  documents: [] as { readonly uri: FakeUri }[],
  providers: new Map<string, ContentProvider>(),
  closeDocument(uri: FakeUri): void {
    closed.fire({ uri });
  },
  reset(): void {
    Object.assign(desk, { choice: undefined, saveTo: undefined, opened: undefined, clipboard: '' });
    for (const list of ['quickPicks', 'saveProposals', 'shown', 'diffs', 'messages', 'statuses', 'documents'] as const)
      desk[list].length = 0;
    desk.written.clear();
    desk.providers.clear();
  },
};

const nothing = (): Disposing => ({ dispose: () => undefined });
const say = (text: string): Promise<undefined> => {
  desk.messages.push(text);
  return Promise.resolve(undefined);
};

export const vscode = {
  Uri: FakeUri,
  EventEmitter: FakeEmitter,
  Disposable: FakeDisposable,
  QuickPickItemKind: { Separator: -1, Default: 0 },
  ProgressLocation: { Notification: 15 },
  ViewColumn: { Active: -1, Beside: -2 },
  l10n: {
    t: (message: string, ...values: readonly unknown[]) =>
      message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)])),
  },
  env: {
    language: 'en',
    clipboard: {
      writeText: (text: string) => {
        desk.clipboard = text;
        return Promise.resolve();
      },
    },
  },
  commands: {
    executeCommand: (_: string, first: FakeUri, second: FakeUri, title: string) => {
      desk.diffs.push([first.path, second.path, title]);
      return Promise.resolve();
    },
  },
  window: {
    createQuickPick: () => {
      const pick = new FakeQuickPick<{ readonly label: string }>();
      desk.quickPicks.push(pick);
      return pick;
    },
    showQuickPick: (items: readonly unknown[]) =>
      Promise.resolve(desk.choice === undefined ? undefined : items[desk.choice]),
    showOpenDialog: () => Promise.resolve(desk.opened),
    showSaveDialog: ({ defaultUri }: { readonly defaultUri: FakeUri }) => {
      desk.saveProposals.push(defaultUri.path);
      return Promise.resolve(desk.saveTo);
    },
    showTextDocument: ({ uri }: { readonly uri: FakeUri }) => {
      desk.shown.push(uri.path);
      return Promise.resolve();
    },
    showWarningMessage: say,
    showErrorMessage: say,
    showInformationMessage: say,
    setStatusBarMessage: (text: string) => desk.statuses.push(text),
    withProgress: (_: unknown, work: (progress: unknown, token: unknown) => Promise<unknown>) =>
      work({ report: vi.fn() }, { onCancellationRequested: nothing }),
  },
  workspace: {
    workspaceFolders: [{ uri: FakeUri.file('/project') }],
    registerTextDocumentContentProvider: (scheme: string, provider: ContentProvider) => {
      desk.providers.set(scheme, provider);
      return { dispose: () => desk.providers.delete(scheme) };
    },
    onDidCloseTextDocument: closed.event,
    openTextDocument: (uri: FakeUri) => {
      const document = { uri };
      desk.documents.push(document);
      return Promise.resolve(document);
    },
    get textDocuments() {
      return desk.documents;
    },
    fs: {
      writeFile: (uri: FakeUri, bytes: Uint8Array) => {
        desk.written.set(uri.path, bytes);
        return Promise.resolve();
      },
    },
  },
};
