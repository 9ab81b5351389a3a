import type { LogOutputChannel } from 'vscode';

/**
 * Runs what a feature does for VS Code, so that a fault in one feature is logged with its name and answered with
 * nothing, and takes no other feature with it.
 */
export class Guard {
  readonly #log: Pick<LogOutputChannel, 'error'>;

  constructor(log: Pick<LogOutputChannel, 'error'>) {
    this.#log = log;
  }

  /** The result of `work`, or undefined when it throws. */
  run<T>(feature: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#report(feature, error);
      return undefined;
    }
  }

  /** The same for work that takes time. Cancelling is not a fault. */
  async runAsync<T>(feature: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!signal?.aborted) this.#report(feature, error);
      return undefined;
    }
  }

  #report(feature: string, error: unknown): void {
    this.#log.error(`${feature}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
