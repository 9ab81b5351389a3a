import { Worker } from 'node:worker_threads';
import type { ContextAnswer, ContextQuestion } from '../../core/estimate/context/contextQuestion.ts';
import { SourceError } from '../error.ts';
import { untilAborted } from '../untilAborted.ts';
import type { FromContextWorker, ToContextWorker } from './messages.ts';

interface Waiting {
  resolve(answer: ContextAnswer): void;
  reject(error: SourceError): void;
}

/**
 * Build contexts, walked in a thread of their own that is started with the first question. Owns the thread; one that
 * crashes fails what it was asked with a `SourceError` `unavailable`, and the next question starts another.
 */
export class BuildContexts implements Disposable {
  readonly #entry: URL | string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 0;

  /** @param entry the thread's module: `worker.ts` of this folder, or the bundle made of it. */
  constructor(entry: URL | string) {
    this.#entry = entry;
  }

  /** Throws the signal's reason, or a `SourceError`. The walk goes on when cancelled: the next one who asks needs it. */
  async ask(
    context: string,
    ignoreText: string,
    question: ContextQuestion,
    signal: AbortSignal,
  ): Promise<ContextAnswer> {
    signal.throwIfAborted();
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    const answer = new Promise<ContextAnswer>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    worker.ref();
    worker.postMessage({ type: 'ask', id, context, ignoreText, question } satisfies ToContextWorker);
    return untilAborted(answer, signal);
  }

  /** Something changed in these folders, relative to the context: later answers know it. */
  changed(context: string, folders: readonly string[]): void {
    this.#worker?.postMessage({ type: 'changed', context, folders } satisfies ToContextWorker);
  }

  /** Lets go what is known of a context; a question walks it again. */
  close(context: string): void {
    this.#worker?.postMessage({ type: 'close', context } satisfies ToContextWorker);
  }

  [Symbol.dispose](): void {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#failAll('The build context is no longer used.');
    void worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#entry);
    worker.on('message', (message: FromContextWorker) => this.#hear(worker, message));
    worker.on('error', () => this.#lost(worker));
    worker.on('exit', () => this.#lost(worker));
    return worker;
  }

  #hear(worker: Worker, message: FromContextWorker): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) worker.unref();
    if (message.type === 'answer') waiting?.resolve(message.answer);
    else waiting?.reject(new SourceError('unavailable', `The build context cannot be read: ${message.message}.`));
  }

  #lost(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#failAll('The thread that reads build contexts ended before it was done.');
  }

  #failAll(message: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new SourceError('unavailable', message));
    this.#waiting.clear();
  }
}
