import { setImmediate } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { FromContextWorker, ToContextWorker } from './messages.ts';
import { OpenContext } from './openContext.ts';

// The entry point of the thread that walks build contexts for `BuildContexts`. It is a bundle of its own.

const port = parentPort;
if (port === null) throw new Error('This module is the entry point of a worker thread.');

/** How long the walk keeps messages waiting. Milliseconds. */
const slice = 20;

interface Opened {
  readonly context: OpenContext;
  /** Ends when the walk, and every change so far, is taken in. */
  ready: Promise<void>;
  closed: boolean;
}

const contexts = new Map<string, Opened>();

function say(message: FromContextWorker): void {
  port!.postMessage(message);
}

port.on('message', (message: ToContextWorker) => {
  switch (message.type) {
    case 'ask':
      void answer(message);
      break;
    case 'changed': {
      const opened = contexts.get(message.context);
      // Nothing of it is known, so nothing of it is out of date.
      if (opened === undefined) break;
      opened.ready = opened.ready.then(async () => {
        for (const folder of message.folders) await run(opened, opened.context.refresh(folder));
      });
      break;
    }
    case 'close': {
      const opened = contexts.get(message.context);
      if (opened !== undefined) opened.closed = true;
      contexts.delete(message.context);
      break;
    }
  }
});

async function answer({ id, context, ignoreText, question }: ToContextWorker & { type: 'ask' }): Promise<void> {
  try {
    const opened = open(context);
    await opened.ready;
    say({ id, type: 'answer', answer: opened.context.answer(question, ignoreText) });
  } catch (error) {
    say({ id, type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function open(folder: string): Opened {
  const known = contexts.get(folder);
  if (known !== undefined) return known;
  const context = new OpenContext(folder);
  const opened: Opened = { context, ready: Promise.resolve(), closed: false };
  opened.ready = run(opened, context.walk());
  contexts.set(folder, opened);
  return opened;
}

async function run(opened: Opened, steps: Generator<void>): Promise<void> {
  let until = performance.now() + slice;
  while (steps.next().done !== true) {
    if (opened.closed) return;
    if (performance.now() < until) continue;
    await setImmediate();
    until = performance.now() + slice;
  }
}
