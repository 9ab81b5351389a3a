import { parentPort, workerData } from 'node:worker_threads';
import { ExplorerError, ExplorerModel } from '../../core/explorer/model.ts';
import type { ModelImage } from '../../core/explorer/imageModel.ts';
import { openRpc } from '../../protocol/rpc.ts';
import { type Silent, type ThreadApi, threadMethods } from './threadApi.ts';
import { threadPort } from './threadPort.ts';

// The entry point of an explorer's thread: one model, made of what the thread was started with. It is a bundle of its own.

const port = parentPort;
if (port === null) throw new Error('This module is the entry point of a worker thread.');

const model = new ExplorerModel(workerData as ModelImage);

const local = Object.fromEntries(
  Object.keys(threadMethods).map((name) => {
    const method = model[name as keyof ExplorerModel].bind(model) as (...parameters: unknown[]) => unknown;
    return [name, (parameters: readonly unknown[]) => Promise.resolve(method(...parameters))];
  }),
) as unknown as ThreadApi;

openRpc<ThreadApi, Silent>(
  threadPort(port),
  {},
  {
    local,
    describe: (error) => ({
      code: error instanceof ExplorerError ? error.code : 'failed',
      message: error instanceof Error ? error.message : String(error),
    }),
  },
);
