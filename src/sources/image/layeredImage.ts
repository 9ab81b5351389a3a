import type { ImageInfo, ImageProblem, ImageSourceKind, LayerEvents, OpenImage } from '../../core/image/image.ts';
import { entryPath, EntryKind, isSparse, type LayerIndex } from '../../core/image/layerIndex.ts';
import { SourceError } from '../error.ts';
import { mapLimited } from '../registry/mapLimited.ts';
import { fileChunks, gather } from './chunks.ts';
import type { StoredLayer } from './files.ts';
import type { IndexCache } from './indexCache.ts';
import { readTarPart } from './indexLayer.ts';
import type { IndexedLayer, Indexing, LayerChecks } from './jobs.ts';
import { LayerError, layerProblem } from './layerError.ts';

/** A layer as {@link LayeredImage} reads it. */
export interface ReadableLayer extends StoredLayer {
  readonly checks: LayerChecks;
  /** The diff id under which its index may be looked for in the cache and, once `checks` has held, put there. */
  readonly cacheKey?: string;
}

export interface LayeredImageParts {
  readonly source: ImageSourceKind;
  readonly info: ImageInfo;
  readonly problems: readonly ImageProblem[];
  /** As many as `info.layers`; a layer that cannot be read is told by its problem. */
  readonly layers: readonly (ReadableLayer | LayerError)[];
  readonly indexing: Indexing;
  readonly cache?: IndexCache;
}

/** An image whose layers are stored as blobs that can be read one by one: in an archive, a folder, a registry. */
export class LayeredImage implements OpenImage {
  readonly source: ImageSourceKind;
  readonly info: ImageInfo;
  readonly problems: readonly ImageProblem[];
  readonly #layers: readonly (ReadableLayer | LayerError)[];
  readonly #indexing: Indexing;
  readonly #cache: IndexCache | undefined;
  /** What has been read, by the layer's key; the same objects that were handed over. */
  readonly #read = new Map<string, LayerIndex>();
  readonly #closed = new AbortController();

  constructor(parts: LayeredImageParts) {
    this.source = parts.source;
    this.info = parts.info;
    this.problems = parts.problems;
    this.#layers = parts.layers;
    this.#indexing = parts.indexing;
    this.#cache = parts.cache;
  }

  async readLayers(on: LayerEvents, signal: AbortSignal): Promise<void> {
    const until = AbortSignal.any([signal, this.#closed.signal]);
    until.throwIfAborted();
    const byKey = new Map<string, { layer: ReadableLayer; places: number[] }>();
    this.#layers.forEach((layer, index) => {
      if (layer instanceof LayerError) {
        on.problem({ layer: index, code: layer.code, message: layer.message });
        return;
      }
      // A manifest may list a layer twice; it is read once.
      const known = byKey.get(layer.key);
      if (known) known.places.push(index);
      else byKey.set(layer.key, { layer, places: [index] });
    });
    const waiting = [...byKey.values()];
    const failures: SourceError[] = [];
    const progress = new Progress(
      on,
      waiting.reduce((sum, { layer }) => sum + layer.storedBytes, 0),
    );
    await mapLimited(waiting, this.#indexing.parallel, until, async ({ layer, places }, abort) => {
      const tell = progress.ofLayer(places[0]!);
      const failure = await this.#readLayer(layer, places, on, tell, abort);
      if (failure instanceof SourceError && failure.code !== 'wrong-digest') failures.push(failure);
      tell(layer.storedBytes);
    });
    // Where no layer at all came through, it is not a layer that is wrong but the source.
    if (failures.length > 0 && failures.length === waiting.length) throw failures[0]!;
    progress.done();
  }

  async readFile(layer: number, entry: number, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    const until = AbortSignal.any([signal, this.#closed.signal]);
    until.throwIfAborted();
    const stored = this.#layers[layer];
    if (stored === undefined) throw new SourceError('absent', `The image has no layer ${layer}.`);
    try {
      if (stored instanceof LayerError) throw stored;
      const index = await this.#indexOf(stored, until);
      if (index.kind[entry] !== EntryKind.file) {
        throw new SourceError('absent', `Entry ${entry} of layer ${layer} is not a regular file.`);
      }
      if (isSparse(index, entry)) {
        throw new SourceError('unsupported', `${entryPath(index, entry)} is stored as a sparse file.`);
      }
      return await tarPart(stored, index.offset[entry]!, Math.min(index.size[entry]!, limit), until);
    } catch (error) {
      until.throwIfAborted();
      const problem = layerProblem(error);
      if (problem === undefined) throw error;
      const code = problem.code === 'truncated' || problem.code === 'wrong-digest' ? problem.code : 'unavailable';
      throw new SourceError(code, problem.message, { cause: error });
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort(new SourceError('unavailable', 'The image was closed.'));
    this.#read.clear();
    return Promise.resolve();
  }

  /** Hands one layer over; gives back what it failed with. */
  async #readLayer(
    layer: ReadableLayer,
    places: readonly number[],
    on: LayerEvents,
    tell: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<unknown> {
    let result: IndexedLayer;
    try {
      result = await this.#index(layer, tell, signal);
    } catch (error) {
      signal.throwIfAborted();
      const problem = layerProblem(error);
      if (problem === undefined) throw error;
      for (const place of places) on.problem({ layer: place, ...problem });
      return error;
    }
    signal.throwIfAborted();
    for (const place of places) {
      on.layer(place, result.index);
      for (const { code, message } of result.problems) on.problem({ layer: place, code, message });
    }
    return undefined;
  }

  async #index(layer: ReadableLayer, tell: (bytes: number) => void, signal: AbortSignal): Promise<IndexedLayer> {
    const { cacheKey, known } = layer;
    const cached = known === undefined && cacheKey !== undefined ? await this.#cache?.get(cacheKey) : undefined;
    if (cached !== undefined) {
      this.#read.set(layer.key, cached);
      return { index: cached, problems: [] };
    }
    const source = layer.bytes.kind === 'range' ? layer.bytes.range : layer.bytes.open(signal);
    const result = known ?? (await this.#indexing.indexLayer(source, layer.checks, tell, signal));
    this.#read.set(layer.key, result.index);
    // What was read with problems is read again the next time, so that they are told again.
    const isWhole = result.problems.length === 0 && layer.checks.diffId !== undefined;
    if (cacheKey !== undefined && isWhole) await this.#cache?.set(cacheKey, result.index);
    return result;
  }

  async #indexOf(layer: ReadableLayer, signal: AbortSignal): Promise<LayerIndex> {
    const read = this.#read.get(layer.key);
    // Whoever got the index may have moved its buffers to another thread.
    if (read !== undefined && read.offset.length >= read.count) return read;
    return (await this.#index(layer, () => undefined, signal)).index;
  }
}

/** Bytes of the uncompressed tar, by the shortest way that the layer allows. */
function tarPart(layer: ReadableLayer, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
  if (layer.bytes.kind === 'stream') return readTarPart(layer.bytes.open(signal), offset, length);
  const { range } = layer.bytes;
  if (layer.isCompressed) return readTarPart(fileChunks(range, signal), offset, length);
  return gather(fileChunks({ path: range.path, start: range.start + offset, length }, signal));
}

/** Adds up what the layers that are read side by side tell. */
class Progress {
  readonly #on: LayerEvents;
  readonly #totalBytes: number;
  #bytes = 0;

  constructor(on: LayerEvents, totalBytes: number) {
    this.#on = on;
    this.#totalBytes = totalBytes;
  }

  /** For the layer: takes its bytes so far. */
  ofLayer(layer: number): (bytes: number) => void {
    let before = 0;
    return (bytes) => {
      if (bytes <= before) return;
      this.#bytes += bytes - before;
      before = bytes;
      this.#on.progress?.({ phase: 'read', layer, bytes: this.#bytes, totalBytes: this.#totalBytes });
    };
  }

  done(): void {
    this.#on.progress?.({ phase: 'done', bytes: this.#totalBytes, totalBytes: this.#totalBytes });
  }
}
