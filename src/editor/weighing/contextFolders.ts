import { Disposable, EventEmitter, RelativePattern, Uri, workspace } from 'vscode';
import type { ContextAnswer, ContextQuestion } from '../../core/estimate/context/contextQuestion.ts';
import type { BuildContexts } from '../../sources/context/buildContexts.ts';

/** Changes come in bursts (an installation, a checkout): they are told as one, so long after the first. Milliseconds. */
const burst = 500;

interface Watched {
  readonly changed: Set<string>;
  readonly subscriptions: Disposable;
  timer: NodeJS.Timeout | undefined;
}

/** Build contexts of open Dockerfiles: walked in their thread when first asked, watched from then on. */
export class ContextFolders implements Disposable {
  readonly #contexts: BuildContexts;
  readonly #watched = new Map<string, Watched>();
  readonly #changed = new EventEmitter<string>();

  /** Fires with the absolute folder of a context in which something has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(contexts: BuildContexts) {
    this.#contexts = contexts;
  }

  ask(folder: string, ignoreText: string, question: ContextQuestion, signal: AbortSignal): Promise<ContextAnswer> {
    if (!this.#watched.has(folder)) this.#watch(folder);
    return this.#contexts.ask(folder, ignoreText, question, signal);
  }

  /** No document needs a context any more. */
  release(folder: string): void {
    const watched = this.#watched.get(folder);
    if (watched === undefined) return;
    clearTimeout(watched.timer);
    watched.subscriptions.dispose();
    this.#watched.delete(folder);
    this.#contexts.close(folder);
  }

  dispose(): void {
    for (const folder of [...this.#watched.keys()]) this.release(folder);
    this.#changed.dispose();
    this.#contexts[Symbol.dispose]();
  }

  #watch(folder: string): void {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), '**/*'));
    const note = ({ fsPath }: Uri): void => this.#note(folder, fsPath);
    this.#watched.set(folder, {
      changed: new Set(),
      timer: undefined,
      subscriptions: Disposable.from(
        watcher,
        watcher.onDidCreate(note),
        watcher.onDidChange(note),
        watcher.onDidDelete(note),
      ),
    });
  }

  #note(folder: string, file: string): void {
    const watched = this.#watched.get(folder);
    if (watched === undefined) return;
    const [root, changed] = [Uri.file(folder).path, Uri.file(file).path];
    if (!changed.startsWith(`${root}/`)) return;
    const inside = changed.slice(root.length + 1);
    watched.changed.add(inside.slice(0, Math.max(0, inside.lastIndexOf('/'))));
    watched.timer ??= setTimeout(() => {
      watched.timer = undefined;
      this.#contexts.changed(folder, [...watched.changed]);
      watched.changed.clear();
      this.#changed.fire(folder);
    }, burst);
  }
}
