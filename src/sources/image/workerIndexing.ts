import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type ByteSource, type IndexedLayer, type Indexing, isRange, type ScanEvents } from './jobs.ts';
import { LayerError } from './layerError.ts';
import type { FromWorker, Job, SentSource, ToWorker } from './messages.ts';

interface Waiting {
  readonly on: Partial<ScanEvents>;
  readonly feeder: Feeder | undefined;
  resolve(result: IndexedLayer | undefined): void;
  reject(error: unknown): void;
}

/**
 * Indexes in worker threads, so that the caller's thread never waits. Threads are started when they are first needed; one
 * that crashes fails the jobs that it had with a `LayerError` `worker-failed`, and the next job starts another. Indexes
 * are moved, not copied.
 *
 * @param entry the worker's module: `worker.ts` of this folder, or the bundle made of it.
 */
export function indexInWorkers(entry: URL | string, size = Math.min(availableParallelism(), 4)): Indexing {
  const slots = Array.from({ length: size }, () => new Slot(entry));
  const leastBusy = () => slots.reduce((best, slot) => (slot.jobs < best.jobs ? slot : best));
  return {
    parallel: size,
    async indexLayer(source, checks, onBytes, signal) {
      const job = { kind: 'index', source: sent(source), checks } as const;
      const result = await leastBusy().run(job, source, { progress: onBytes }, signal);
      return result!;
    },
    async scanArchive(source, options, on, signal) {
      await leastBusy().run({ kind: 'scan', source: sent(source), options }, source, on, signal);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(slots.map((slot) => slot.close()));
    },
  };
}

function sent(source: ByteSource): SentSource {
  return isRange(source) ? source : 'chunks';
}

/** One thread and the jobs that it has. */
class Slot {
  readonly #entry: URL | string;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #nextId = 0;

  constructor(entry: URL | string) {
    this.#entry = entry;
  }

  get jobs(): number {
    return this.#waiting.size;
  }

  async run(
    job: Job,
    source: ByteSource,
    on: Partial<ScanEvents>,
    signal: AbortSignal,
  ): Promise<IndexedLayer | undefined> {
    signal.throwIfAborted();
    const worker = (this.#worker ??= this.#start());
    const id = this.#nextId++;
    const say = (message: ToWorker, transfer: ArrayBuffer[] = []) => worker.postMessage(message, transfer);
    const fail = (error: unknown) => this.#waiting.get(id)?.reject(error);
    const feeder = isRange(source) ? undefined : new Feeder(id, source, say, fail);
    const done = new Promise<IndexedLayer | undefined>((resolve, reject) => {
      this.#waiting.set(id, { on, feeder, resolve, reject });
    });
    const cancel = () => fail(signal.reason);
    signal.addEventListener('abort', cancel, { once: true });
    worker.ref();
    say({ id, type: 'start', job });
    try {
      return await done;
    } catch (error) {
      say({ id, type: 'cancel' });
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) worker.unref();
      feeder?.end();
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#entry);
    worker.on('message', (message: FromWorker) => this.#hear(message));
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, undefined));
    return worker;
  }

  #lost(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const error = new LayerError('worker-failed', 'The thread that read the layer ended before it was done.', {
      cause,
    });
    for (const job of this.#waiting.values()) job.reject(error);
  }

  #hear(message: FromWorker): void {
    const job = this.#waiting.get(message.id);
    // The last words of a job that was cancelled.
    if (job === undefined) return;
    try {
      tell(job, message);
    } catch (error) {
      job.reject(error);
    }
  }
}

function tell(job: Waiting, message: FromWorker): void {
  const { on } = job;
  switch (message.type) {
    case 'want':
      job.feeder?.sendOne();
      break;
    case 'bytes':
      on.progress?.(message.bytes);
      break;
    case 'document':
      on.document?.(message.name, message.bytes);
      break;
    case 'layer':
      on.layer?.(message.layer);
      break;
    case 'damaged':
      on.damaged?.(message.name, message.problem);
      break;
    case 'link':
      on.link?.(message.name, message.target);
      break;
    case 'done':
      job.resolve(message.result);
      break;
    case 'failed':
      job.reject(new LayerError(message.problem.code, message.problem.message));
      break;
  }
}

/** Sends the chunks of a stream to the worker, one each time that it wants one, so that they never pile up there. */
class Feeder {
  readonly #id: number;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #say: (message: ToWorker, transfer?: ArrayBuffer[]) => void;
  readonly #fail: (error: unknown) => void;
  /** Chunks are asked for one after the other, also where several are wanted at once. */
  #last = Promise.resolve();
  #ended = false;

  constructor(
    id: number,
    source: AsyncIterable<Uint8Array>,
    say: (message: ToWorker, transfer?: ArrayBuffer[]) => void,
    fail: (error: unknown) => void,
  ) {
    this.#id = id;
    this.#chunks = source[Symbol.asyncIterator]();
    this.#say = say;
    this.#fail = fail;
  }

  sendOne(): void {
    this.#last = this.#last.then(() => this.#send()).catch(this.#fail);
  }

  /** Ends the source, which may be waiting for a network: nobody waits for it here. */
  end(): void {
    this.#ended = true;
    const left = this.#chunks.return?.();
    left?.catch(this.#fail);
  }

  async #send(): Promise<void> {
    if (this.#ended) return;
    const next = await this.#chunks.next();
    // Read again, because `end` may have been called meanwhile; and a source is asked no more once it is done.
    if (this.isEnded()) return;
    if (next.done) {
      this.#ended = true;
      this.#say({ id: this.#id, type: 'end' });
      return;
    }
    const bytes = ownBuffer(next.value);
    this.#say({ id: this.#id, type: 'chunk', bytes }, [bytes.buffer]);
  }

  isEnded(): boolean {
    return this.#ended;
  }
}

/** The same bytes in a buffer that holds nothing else: moving one that others use too would take their bytes away. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return isWhole ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
