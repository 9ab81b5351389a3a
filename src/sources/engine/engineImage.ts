import path from 'node:path';
import type { Platform } from '../../core/base/baseSize.ts';
import { familiarName, type Reference } from '../../core/base/reference.ts';
import type { ImageInfo, ImageProblem, LayerEvents, OpenImage } from '../../core/image/image.ts';
import { entryPath, EntryKind, isSparse, type LayerIndex } from '../../core/image/layerIndex.ts';
import { SourceError } from '../error.ts';
import { isFileError } from '../image/fileError.ts';
import type { ImageCandidate } from '../image/candidates.ts';
import type { IndexCache } from '../image/indexCache.ts';
import type { IndexedLayer, Indexing } from '../image/jobs.ts';
import { LayerError } from '../image/layerError.ts';
import { decodeConfig, type DecodedConfig } from '../image/manifests.ts';
import { mapLimited } from '../registry/mapLimited.ts';
import type { InspectAnswer } from './answers.ts';
import type { EngineConnection } from './connection.ts';
import { describeEngineImage } from './describeImage.ts';
import type { Engine } from './engine.ts';
import { otherPlatform, platformOf, servesPlatform } from './engineSizes.ts';
import { findImage } from './findImage.ts';
import { type ExportedImage, type ExportEvents, readExport, readMember } from './imageExport.ts';
import { openLayerStore, type LayerStore } from './layerStore.ts';
import { Reading } from './reading.ts';

export interface EngineImageOptions {
  readonly indexing: Indexing;
  readonly cache?: IndexCache;
  /** Refused with `platform` where the engine's image is for another one. */
  readonly platform?: Platform;
  /** False: always export, and leave the engine's own storage alone. Default: true. */
  readonly useStorage?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Opens an image of the engine, by its reference or by an id that the engine knows (`sha256:…`, or the start of it). Asks
 * for what is known at once; layers come when they are read. Throws a `SourceError`, or the signal's reason.
 */
export async function openEngineImage(
  engine: Engine,
  name: Reference | string,
  options: EngineImageOptions,
): Promise<EngineImage> {
  const { signal } = options;
  const connection = await engine.connect(signal);
  const isId = typeof name === 'string';
  const image = await (isId ? connection.inspect(name, signal) : findImage(connection, name, signal));
  if (!isId && options.platform !== undefined && !servesPlatform(image, options.platform)) {
    const { code, message } = otherPlatform(name, platformOf(image), options.platform);
    throw new SourceError(code, message);
  }
  const history = await connection.history(image.Id, signal);
  const store = options.useStorage === false ? undefined : storeOf(connection, image);
  const config = decoded(await store?.config());
  const info = describeEngineImage(image, history, config, isId ? undefined : familiarName(name));
  return new EngineImage(engine, info, store, options);
}

/**
 * The engine says where the top layer's files are, `<root>/<driver>/<id>/diff`, and so where its storage is. (`GET /info`
 * says it too, but takes Podman a third of a second.)
 */
function storeOf(connection: EngineConnection, image: InspectAnswer): LayerStore | undefined {
  const { Name: driver, Data: data } = image.GraphDriver ?? {};
  if (!connection.isLocal || data?.UpperDir === undefined || path.basename(data.UpperDir) !== 'diff') return undefined;
  const folders = path.dirname(path.dirname(data.UpperDir));
  if (driver === undefined || path.basename(folders) !== driver) return undefined;
  const root = path.dirname(folders);
  const { product } = connection.about;
  return openLayerStore({ product, root, driver }, image.Id, image.RootFS?.Layers ?? []);
}

/** The storage is not ours: a config of a shape that we do not know is none. */
function decoded(bytes: Uint8Array | undefined): DecodedConfig | undefined {
  try {
    return bytes && decodeConfig(bytes);
  } catch {
    return undefined; // What the engine answered is enough to go on.
  }
}

/** An image in an engine. Its layers come from the cache, from the engine's own storage, and the rest from an export. */
export class EngineImage implements OpenImage {
  readonly source = 'engine';
  readonly problems: readonly ImageProblem[] = [];
  readonly #engine: Engine;
  readonly #store: LayerStore | undefined;
  readonly #indexing: Indexing;
  readonly #cache: IndexCache | undefined;
  readonly #closed = new AbortController();
  /** What has been handed over, by layer. */
  readonly #read = new Map<number, LayerIndex>();
  /** Where an export had the layers. */
  readonly #members = new Map<number, string>();
  /** What the engine knows the image by: not always the digest of its config. */
  readonly #engineId: string;
  #info: ImageInfo;

  constructor(engine: Engine, info: ImageInfo, store: LayerStore | undefined, options: EngineImageOptions) {
    this.#engine = engine;
    this.#info = info;
    this.#engineId = info.imageId;
    this.#store = store;
    this.#indexing = options.indexing;
    this.#cache = options.cache;
  }

  /** After an export its history and configuration are those of the image's own config, word for word. */
  get info(): ImageInfo {
    return this.#info;
  }

  async readLayers(on: LayerEvents, signal: AbortSignal): Promise<void> {
    const until = AbortSignal.any([signal, this.#closed.signal]);
    until.throwIfAborted();
    const reading = new Reading(this.#info, on, (layer, index) => void this.#read.set(layer, index));
    await this.#fromCache(reading, until);
    await this.#fromStore(reading, until);
    if (!reading.isComplete) await this.#fromExport(reading, until);
    reading.done();
  }

  async readFile(layer: number, entry: number, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    const until = AbortSignal.any([signal, this.#closed.signal]);
    until.throwIfAborted();
    const index = await this.#indexOf(layer, until);
    if (index.kind[entry] !== EntryKind.file) {
      throw new SourceError('absent', `Entry ${entry} of layer ${layer} is not a regular file.`);
    }
    const length = Math.min(limit, index.size[entry]!);
    const stored = await this.#store?.readFile(layer, entryPath(index, entry), length);
    until.throwIfAborted();
    if (stored?.length === length) return stored;
    if (isSparse(index, entry)) {
      throw new SourceError('unsupported', `${entryPath(index, entry)} is stored as a sparse file.`);
    }
    return this.#fileFromExport(layer, index.offset[entry]!, length, until);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new SourceError('unavailable', 'The image was closed.'));
    this.#read.clear();
    return Promise.resolve();
  }

  async #fromCache(reading: Reading, signal: AbortSignal): Promise<void> {
    const cache = this.#cache;
    if (!cache) return;
    await mapLimited(reading.missing(), this.#indexing.parallel, signal, async ({ diffId, layers }) => {
      const index = await cache.get(diffId);
      if (index) reading.deliver(layers, { index, problems: [] });
    });
  }

  async #fromStore(reading: Reading, signal: AbortSignal): Promise<void> {
    const store = this.#store;
    if (!store) return;
    await mapLimited(reading.missing(), this.#indexing.parallel, signal, async ({ diffId, layers }, abort) => {
      const file = await store.tarSplit(layers[0]!);
      if (!file) return;
      try {
        const indexed = await this.#indexing.indexLayer(file, {}, () => undefined, abort);
        await this.#keep(diffId, indexed);
        reading.deliver(layers, indexed);
        reading.progress(reading.bytes + indexed.index.tarBytes);
      } catch (error) {
        abort.throwIfAborted();
        // A record that is damaged, gone meanwhile or of a form that we do not know: the export has the layer.
        if (!(error instanceof LayerError) && !isFileError(error)) throw error;
      }
    });
  }

  async #fromExport(reading: Reading, signal: AbortSignal): Promise<void> {
    reading.prepare();
    const connection = await this.#engine.connect(signal);
    const before = reading.bytes;
    const diffIds = this.#info.layers.map(({ diffId }) => diffId ?? '');
    const kept: Promise<void>[] = [];
    const on: ExportEvents = {
      layer: (layers, content) => {
        if (layers.every((layer) => reading.has(layer))) return;
        const keeping = this.#keep(diffIds[layers[0]!]!, content).then(() => reading.deliver(layers, content));
        // A failure is thrown where all are waited for; until then nobody hears of it.
        keeping.catch(() => undefined);
        kept.push(keeping);
      },
      progress: (bytes) => reading.progress(before + bytes),
    };
    const { platform } = this.#info;
    let exported: ExportedImage;
    try {
      const stream = await connection.save(this.#engineId, signal);
      exported = await readExport(stream, diffIds, platform, this.#indexing, on, signal);
    } catch (error) {
      signal.throwIfAborted();
      // What came whole before the export broke off is shown.
      await Promise.all(kept);
      if (!(error instanceof LayerError)) throw error;
      const code = error.code === 'truncated' ? 'truncated' : 'invalid';
      throw new SourceError(code, `The engine’s export cannot be read. ${error.message}`, { cause: error });
    }
    await Promise.all(kept);
    this.#info = withConfig(this.#info, exported.image);
    for (const [layer, { member, content }] of exported.layers.entries()) {
      this.#members.set(layer, member);
      if (reading.has(layer)) continue;
      if ('index' in content) {
        const diffId = this.#info.layers[layer]?.diffId;
        if (diffId !== undefined) await this.#keep(diffId, content);
        reading.deliver([layer], content);
      } else {
        reading.fail(layer, content);
      }
    }
  }

  /** Remembers a whole layer, before it is handed over: whoever gets it may move its bytes away. */
  async #keep(diffId: string, { index, problems }: IndexedLayer): Promise<void> {
    if (problems.length === 0) await this.#cache?.set(diffId, index);
  }

  async #indexOf(layer: number, signal: AbortSignal): Promise<LayerIndex> {
    const usable = (): LayerIndex | undefined => {
      const index = this.#read.get(layer);
      // Whoever got the index may have moved its buffers to another thread.
      return index && index.offset.length >= index.count ? index : undefined;
    };
    if (!usable()) await this.readLayers({ layer: () => undefined, problem: () => undefined }, signal);
    const index = usable();
    if (!index) throw new SourceError('absent', `Layer ${layer} cannot be read.`);
    return index;
  }

  async #fileFromExport(layer: number, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
    const silent = { layer: () => undefined, problem: () => undefined };
    // The index may have come from elsewhere; only an export tells the names of its members.
    if (!this.#members.has(layer)) await this.#fromExport(new Reading(this.#info, silent, () => undefined), signal);
    const connection = await this.#engine.connect(signal);
    const stream = await connection.save(this.#engineId, signal);
    try {
      const bytes = await readMember(stream, this.#members.get(layer) ?? '', offset, length);
      if (bytes?.length === length) return bytes;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof LayerError)) throw error;
    }
    throw new SourceError('unavailable', 'The file cannot be read from the engine’s export.');
  }
}

/** What only the image's own config says exactly. */
function withConfig(info: ImageInfo, { imageId, config, configProblem }: ImageCandidate): ImageInfo {
  return configProblem === undefined ? { ...info, imageId, history: config.history, config: config.config } : info;
}
