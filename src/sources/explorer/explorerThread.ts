import { Worker } from 'node:worker_threads';
import type { ModelImage } from '../../core/explorer/imageModel.ts';
import type { ExplorerModel, Side } from '../../core/explorer/model.ts';
import type { LayerIndex } from '../../core/image/layerIndex.ts';
import { transferables } from '../../core/image/serialize.ts';
import { openRpc, type Rpc, RpcError } from '../../protocol/rpc.ts';
import { type Silent, type ThreadApi, threadMethods } from './threadApi.ts';
import { threadPort } from './threadPort.ts';

/**
 * An explorer's model in a thread of its own, so that a million files never stall whoever asks. Every method fails with an
 * `RpcError`: the model's own codes, `failed` where the thread broke down, `closed` once it was disposed of.
 */
export class ExplorerThread implements AsyncDisposable {
  readonly #begin: () => Started;
  #started: Started | undefined;
  #broken: Error | undefined;
  /** Layers that were sent, by their content: a manifest may list one twice, and what was moved is not here any more. */
  readonly #sent = new Map<Side, Map<LayerIndex, number>>();

  /**
   * The thread is started when it is first asked: what is seen of an image at once needs none, and starting one takes a
   * processor from what shows it.
   *
   * @param entry the thread's module: `worker.ts` of this folder, or the bundle made of it.
   * @param onBroken hears once when the thread ends by itself, for want of memory, say.
   */
  constructor(entry: URL | string, image: ModelImage, onBroken: (error: Error) => void) {
    this.#begin = () => {
      const worker = new Worker(entry, { workerData: image });
      const rpc = openRpc<Silent, ThreadApi>(threadPort(worker), threadMethods, { local: {}, transfer: buffersOf });
      const lost = (cause?: Error): void => {
        if (this.#broken) return;
        this.#broken = new RpcError('failed', `The explorer’s thread ended${cause ? `: ${cause.message}` : '.'}`);
        rpc[Symbol.dispose]();
        onBroken(this.#broken);
      };
      worker.on('error', lost);
      worker.on('exit', () => lost());
      return { worker, rpc };
    };
  }

  /** Hands a layer's index over: its buffers are moved, so that it is empty here afterwards. */
  setLayer(side: Side, layer: number, content: LayerIndex): Promise<ReturnType<ExplorerModel['setLayer']>> {
    const sent = this.#sent.get(side) ?? new Map<LayerIndex, number>();
    this.#sent.set(side, sent);
    const before = sent.get(content);
    if (before !== undefined) return this.ask('repeatLayer', [side, layer, before]);
    sent.set(content, layer);
    return this.ask('setLayer', [side, layer, content]);
  }

  /** Takes another image to compare with, or none; its layers follow by {@link setLayer}. */
  setOther(image: ModelImage | undefined): Promise<void> {
    this.#sent.delete('other');
    return this.ask('setOther', [image]);
  }

  /** Asks the model. */
  async ask<M extends keyof ExplorerModel>(
    method: M,
    parameters: Parameters<ExplorerModel[M]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<ExplorerModel[M]>> {
    if (this.#broken) throw this.#broken;
    this.#started ??= this.#begin();
    const call = this.#started.rpc.remote[method] as unknown as (
      of: Parameters<ExplorerModel[M]>,
      until?: AbortSignal,
    ) => Promise<ReturnType<ExplorerModel[M]>>;
    return call(parameters, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#broken ??= new RpcError('closed', 'The explorer was closed.');
    this.#started?.rpc[Symbol.dispose]();
    this.#sent.clear();
    await this.#started?.worker.terminate();
  }
}

interface Started {
  readonly worker: Worker;
  readonly rpc: Rpc<ThreadApi>;
}

/**
 * The buffers of a layer that is among the parameters of a call. One that was decoded in place has a single buffer, which
 * the cache that it comes from may keep in memory: that one is copied.
 */
function buffersOf(parameters: unknown): readonly ArrayBuffer[] {
  if (!Array.isArray(parameters)) return [];
  const content: unknown = parameters[2];
  const buffers = isLayerIndex(content) ? transferables(content) : [];
  return buffers.length > 1 ? buffers : [];
}

function isLayerIndex(value: unknown): value is LayerIndex {
  return typeof value === 'object' && value !== null && 'tarBytes' in value && 'paths' in value;
}
