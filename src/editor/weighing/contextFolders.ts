import { Disposable, EventEmitter, RelativePattern, Uri, workspace } from 'vscode';
import type { ContextAnswer, ContextQuestion } from '../../core/estimate/context/contextQuestion.ts';
import type { BuildContexts } from '../../sources/context/buildContexts.ts';

/** Changes come in bursts (an installation, a checkout): they are told as one, so long after the first. Milliseconds. */
const burst = 500;

interface Watched {
  /** How many documents need it. */
  holds: number;
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
    this.#watch(folder);
    return this.#contexts.ask(folder, ignoreText, question, signal);
  }

  /** Watches a context until the last who holds it lets it go. */
  hold(folder: string): Disposable {
    this.#watch(folder).holds++;
    let isHeld = true;
    return new Disposable(() => {
      const watched = this.#watched.get(folder);
      if (!isHeld || watched === undefined) return;
      isHeld = false;
      if (--watched.holds === 0) this.#release(folder);
    });
  }

  #release(folder: string): void {
    const watched = this.#watched.get(folder);
    if (watched === undefined) return;
    clearTimeout(watched.timer);
    watched.subscriptions.dispose();
    this.#watched.delete(folder);
    this.#contexts.close(folder);
  }

  dispose(): void {
    for (const folder of [...this.#watched.keys()]) this.#release(folder);
    this.#changed.dispose();
    this.#contexts[Symbol.dispose]();
  }

  #watch(folder: string): Watched {
    const known = this.#watched.get(folder);
    if (known !== undefined) return known;
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), '**/*'));
    const note = ({ fsPath }: Uri): void => this.#note(folder, fsPath);
    const watched: Watched = {
      holds: 0,
      changed: new Set(),
      timer: undefined,
      subscriptions: Disposable.from(
        watcher,
        watcher.onDidCreate(note),
        watcher.onDidChange(note),
        watcher.onDidDelete(note),
      ),
    };
    this.#watched.set(folder, watched);
    return watched;
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
