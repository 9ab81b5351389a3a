import type { ExplorerPage, ImageTotals, LayerRow, Progress } from '../../protocol/explorer.ts';
import { limits } from '../../protocol/explorer.ts';
import type { Remote } from '../../protocol/rpc.ts';

/** The page as the host tells it things; nobody waits for it. */
export type PageEvents = Remote<ExplorerPage>;

/** Between two messages of the same kind: ten a second are as many as a person sees. Milliseconds. */
const pause = 100;
/** Stacking all layers again for every one that arrives would cost more than reading them. Milliseconds. */
const refreshPause = 700;

/**
 * What a page is told while layers arrive: progress and changed layers at a steady pace, the latest state of each once. A
 * page that is not there misses nothing, because it asks for everything when it starts.
 */
export class PageUpdates implements Disposable {
  page: PageEvents | undefined;
  readonly #refresh: () => Promise<void>;
  readonly #layers = new Map<number, LayerRow>();
  #totals: ImageTotals | undefined;
  #progress: Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStale = false;
  #isRefreshing = false;
  #isDisposed = false;
  #wake: (() => void) | undefined;

  /** @param refresh asks for what only the stack of all layers so far can tell, and tells the page. */
  constructor(refresh: () => Promise<void>) {
    this.#refresh = refresh;
  }

  /** Tells the page at once, after what is still waiting. */
  tell<M extends keyof ExplorerPage>(method: M, argument: Parameters<ExplorerPage[M]>[0]): void {
    this.#flush();
    this.#call(method, argument);
  }

  progress(progress: Progress): void {
    this.#progress = progress;
    this.#soon();
  }

  layers(changed: readonly LayerRow[], totals: ImageTotals): void {
    for (const layer of changed) this.#layers.set(layer.index, layer);
    this.#totals = totals;
    this.#soon();
  }

  /** Has the stack told anew before long. */
  refreshSoon(): void {
    this.#isStale = true;
    if (!this.#isRefreshing) void this.#refreshWhileStale();
  }

  /** The stack has just been told. */
  refreshed(): void {
    this.#isStale = false;
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
    this.#wake?.();
    this.page = undefined;
  }

  async #refreshWhileStale(): Promise<void> {
    this.#isRefreshing = true;
    try {
      for (let rest = refreshPause; this.#isWanted();) {
        await this.#sleep(rest);
        if (!this.#isWanted()) return;
        const start = performance.now();
        await this.#refresh();
        // A stack of many files takes its time: most of the thread's time is for layers and the user.
        rest = Math.max(refreshPause, 2 * (performance.now() - start));
      }
    } catch {
      // The thread is gone; whoever hands it layers hears why.
      this.#isStale = false;
    } finally {
      this.#isRefreshing = false;
    }
  }

  #isWanted(): boolean {
    return this.#isStale && !this.#isDisposed;
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), pause);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const layers = [...this.#layers.values()].sort((a, b) => a.index - b.index);
    const [totals, progress] = [this.#totals, this.#progress];
    this.#layers.clear();
    this.#totals = undefined;
    this.#progress = undefined;
    if (totals !== undefined) {
      for (let from = 0; from === 0 || from < layers.length; from += limits.layers) {
        this.#call('layersChanged', { layers: layers.slice(from, from + limits.layers), totals });
      }
    }
    if (progress !== undefined) this.#call('progress', progress);
  }

  #call<M extends keyof ExplorerPage>(method: M, argument: Parameters<ExplorerPage[M]>[0]): void {
    const call = this.page?.[method] as ((of: typeof argument) => Promise<void>) | undefined;
    // A page that was closed meanwhile hears nothing; there is nobody to tell.
    call?.(argument).catch(() => undefined);
  }
}
