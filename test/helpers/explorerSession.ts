import type { ModelImage } from '../../src/core/explorer/imageModel.ts';
import { ExplorerModel } from '../../src/core/explorer/model.ts';
import type { HistoryEntry, ImageInfo, ImageProblem, LayerEvents, OpenImage } from '../../src/core/image/image.ts';
import { ExplorerSession, type SessionSources, type Thread } from '../../src/editor/explorer/session.ts';
import type { PageEvents } from '../../src/editor/explorer/pageUpdates.ts';
import type { ExplorerPage } from '../../src/protocol/explorer.ts';
import { pageMethods } from '../../src/protocol/methods.ts';
import { emptyConfig } from './historyFixture.ts';
import { indexMembers } from './randomLayers.ts';
import type { Member } from './tar.ts';

/** An image made of members, whose layers come when the test lets them. */
export interface MadeOpenImage extends OpenImage {
  readonly isClosed: boolean;
  /** Lets `readLayers` hand over the next layer; it hands all over by itself where the image was made without `stepwise`. */
  step(): void;
}

export interface MadeImageOptions {
  readonly reference?: string;
  readonly history?: readonly HistoryEntry[];
  readonly stepwise?: boolean;
  /** Layers that cannot be read. */
  readonly broken?: readonly number[];
  readonly failure?: Error;
  /** Diff ids, where they matter; else none. */
  readonly diffIds?: readonly string[];
}

export function makeOpenImage(layers: readonly (readonly Member[])[], options: MadeImageOptions = {}): MadeOpenImage {
  let closed = false;
  const steps: (() => void)[] = [];
  let granted = 0;
  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const stop = (): void => {
        const at = steps.indexOf(resolve);
        if (at >= 0) steps.splice(at, 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', stop, { once: true });
      if (options.stepwise !== true || granted > 0) {
        granted = Math.max(0, granted - 1);
        resolve();
      } else {
        steps.push(resolve);
      }
    });
  const info: ImageInfo = {
    reference: options.reference ?? 'made:1',
    platform: 'linux/amd64',
    imageId: `sha256:${'ab'.repeat(32)}`,
    layers: layers.map((_, index) => ({
      index,
      ...(options.diffIds === undefined ? {} : { diffId: options.diffIds[index]! }),
    })),
    history: options.history ?? layers.map((_, at) => ({ createdBy: `RUN step ${at} # buildkit`, emptyLayer: false })),
    config: emptyConfig,
  };
  return {
    source: 'archive',
    info,
    problems: [],
    get isClosed() {
      return closed;
    },
    step() {
      const next = steps.shift();
      if (next) next();
      else granted++;
    },
    async readLayers(on: LayerEvents, signal: AbortSignal) {
      for (const [index, members] of layers.entries()) {
        await turn(signal);
        if (options.failure) throw options.failure;
        on.progress?.({ phase: 'read', layer: index, bytes: index, totalBytes: layers.length });
        if (options.broken?.includes(index)) {
          const problem: ImageProblem = { layer: index, code: 'truncated', message: `Layer ${index} is cut.` };
          on.problem(problem);
        } else {
          on.layer(index, indexMembers(members));
        }
      }
    },
    readFile: () => Promise.resolve(new Uint8Array()),
    [Symbol.asyncDispose]() {
      closed = true;
      return Promise.resolve();
    },
  };
}

/** A model in this thread. */
export function localThread(image: ModelImage): Thread & { readonly model: ExplorerModel; readonly isClosed: boolean } {
  const model = new ExplorerModel(image);
  let closed = false;
  return {
    model,
    get isClosed() {
      return closed;
    },
    setLayer: (side, layer, content) => Promise.resolve(model.setLayer(side, layer, content)),
    setOther: (other) => {
      model.setOther(other);
      return Promise.resolve();
    },
    ask: async (method, parameters) => {
      await Promise.resolve();
      const call = model[method].bind(model) as (...all: unknown[]) => ReturnType<ExplorerModel[typeof method]>;
      return call(...(parameters as unknown[]));
    },
    [Symbol.asyncDispose]() {
      closed = true;
      return Promise.resolve();
    },
  };
}

export interface Told {
  readonly method: keyof ExplorerPage;
  readonly argument: unknown;
}

/** A page that keeps what it is told. */
export function recordingPage(): { readonly page: PageEvents; readonly told: Told[] } {
  const told: Told[] = [];
  const page = Object.fromEntries(
    Object.keys(pageMethods).map((method) => [
      method,
      (argument: unknown) => {
        told.push({ method: method as keyof ExplorerPage, argument });
        return Promise.resolve();
      },
    ]),
  ) as unknown as PageEvents;
  return { page, told };
}

export function makeSession(
  open: SessionSources['open'],
  more: Partial<SessionSources> = {},
): {
  readonly session: ExplorerSession;
  readonly threads: ReturnType<typeof localThread>[];
  readonly errors: unknown[];
} {
  const threads: ReturnType<typeof localThread>[] = [];
  const errors: unknown[] = [];
  const session = new ExplorerSession({ kind: 'archive', uri: 'file:///made.tar' }, undefined, {
    open,
    startThread: (image) => {
      const thread = localThread(image);
      threads.push(thread);
      return thread;
    },
    linesOf: () => undefined,
    onError: (error) => errors.push(error),
    ...more,
  });
  return { session, threads, errors };
}
