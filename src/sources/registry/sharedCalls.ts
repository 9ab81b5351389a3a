interface Call<T> {
  readonly answer: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Runs one call per key for all who ask at the same time. Each asker can leave by its own signal; the call itself is
 * aborted when the last one has left.
 */
export class SharedCalls<T> {
  readonly #calls = new Map<string, Call<T>>();

  /** Throws what the call throws, or the signal's reason when this asker leaves. */
  async run(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const call = this.#calls.get(key) ?? this.#begin(key, start);
    call.waiting++;
    let leave: (() => void) | undefined;
    try {
      return await Promise.race([
        call.answer,
        new Promise<never>((_, reject) => {
          leave = () => reject(signal.reason as Error);
          signal.addEventListener('abort', leave, { once: true });
        }),
      ]);
    } finally {
      if (leave) signal.removeEventListener('abort', leave);
      call.waiting--;
      if (call.waiting === 0) {
        // Whoever asks from now on starts afresh instead of joining a call that is being aborted.
        if (this.#calls.get(key) === call) this.#calls.delete(key);
        call.controller.abort();
      }
    }
  }

  #begin(key: string, start: (signal: AbortSignal) => Promise<T>): Call<T> {
    const controller = new AbortController();
    const call: Call<T> = { answer: start(controller.signal), controller, waiting: 0 };
    this.#calls.set(key, call);
    return call;
  }
}
