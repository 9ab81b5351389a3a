import { parentPort } from 'node:worker_threads';
import { transferables } from '../../core/image/serialize.ts';
import { indexInProcess } from './inProcess.ts';
import { layerProblem } from './layerError.ts';
import { chunksInFlight, type FromWorker, type Job, type SentSource, type ToWorker } from './messages.ts';

// The entry point of the worker thread: runs what `WorkerIndexing` sends. It is a bundle of its own.

interface Running {
  readonly cancel: AbortController;
  readonly inbox: Inbox;
}

const port = parentPort;
if (port === null) throw new Error('This module is the entry point of a worker thread.');

const running = new Map<number, Running>();
const indexing = indexInProcess();

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port!.postMessage(message, transfer);
}

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'start':
      void run(message.id, message.job);
      break;
    case 'chunk':
      running.get(message.id)?.inbox.put(message.bytes);
      break;
    case 'end':
      running.get(message.id)?.inbox.put(undefined);
      break;
    case 'cancel':
      running.get(message.id)?.cancel.abort();
      running.get(message.id)?.inbox.put(undefined);
      break;
  }
});

async function run(id: number, job: Job): Promise<void> {
  const cancel = new AbortController();
  const inbox = new Inbox(() => send({ id, type: 'want' }));
  running.set(id, { cancel, inbox });
  try {
    await perform(id, job, inbox, cancel.signal);
  } catch (error) {
    send({ id, type: 'failed', problem: layerProblem(error) ?? { code: 'worker-failed', message: String(error) } });
  } finally {
    running.delete(id);
  }
}

async function perform(id: number, job: Job, inbox: Inbox, signal: AbortSignal): Promise<void> {
  const source = (sent: SentSource) => (sent === 'chunks' ? inbox : sent);
  const onBytes = every(progressStep, (bytes) => send({ id, type: 'bytes', bytes }));
  switch (job.kind) {
    case 'index': {
      const result = await indexing.indexLayer(source(job.source), job.checks, onBytes, signal);
      send({ id, type: 'done', result }, transferables(result.index));
      break;
    }
    case 'scan': {
      const on = {
        document: (name: string, bytes: Uint8Array) => send({ id, type: 'document', name, bytes }),
        layer: (layer) => send({ id, type: 'layer', layer }, transferables(layer.index)),
        damaged: (name, problem) => send({ id, type: 'damaged', name, problem }),
        link: (name, target) => send({ id, type: 'link', name, target }),
        progress: onBytes,
      } satisfies Parameters<typeof indexing.scanArchive>[2];
      await indexing.scanArchive(source(job.source), job.options, on, signal);
      send({ id, type: 'done' });
      break;
    }
  }
}

/** Progress is told at steps of this many bytes: a message per header would cost more than the header. */
const progressStep = 4 * 1024 * 1024;

function every(step: number, tell: (bytes: number) => void): (bytes: number) => void {
  let next = step;
  return (bytes) => {
    if (bytes < next) return;
    next = bytes + step;
    tell(bytes);
  };
}

/** The chunks that the main thread sends, as a stream that asks for more as it is read. */
class Inbox implements AsyncIterable<Uint8Array> {
  readonly #want: () => void;
  readonly #waiting: (Uint8Array | undefined)[] = [];
  #wake: (() => void) | undefined;

  constructor(want: () => void) {
    this.#want = want;
  }

  /** The next chunk; undefined ends the stream. */
  put(chunk: Uint8Array | undefined): void {
    this.#waiting.push(chunk);
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (let ahead = 0; ahead < chunksInFlight; ahead++) this.#want();
    for (;;) {
      while (this.#waiting.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      const chunk = this.#waiting.shift();
      if (chunk === undefined) return;
      yield chunk;
      this.#want();
    }
  }
}
