import { baseLayers } from '../../core/image/baseLayers.ts';
import type { ComparisonFigures } from '../../core/explorer/model.ts';
import type { OpenImage, ReadProgress } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import type {
  ComparedImage,
  ComparedLayer,
  Comparison,
  ImagePlace,
  LayerRow,
  Session,
} from '../../protocol/explorer.ts';
import { RpcError } from '../../protocol/rpc.ts';
import { comparedLayers, firstLayerRows } from './layerRows.ts';
import type { PageUpdates } from './pageUpdates.ts';
import { type ExplorerSession, type SessionSources, titleOf } from './session.ts';

/** The image that a session's image is compared with. It is open as long as the comparison is shown. */
export class Comparing implements AsyncDisposable {
  readonly #sources: SessionSources;
  readonly #updates: PageUpdates;
  readonly #whenReady: () => Promise<void>;
  readonly #session: () => Session;
  readonly #life = new AbortController();
  #place: ImagePlace | undefined;
  #image: OpenImage | undefined;
  #rows: LayerRow[] = [];
  #imageIsFirst = true;
  #figures: ComparisonFigures | undefined;
  #comparison: Comparison | undefined;

  /** @param session how a panel finds its images again, with what is compared now. */
  constructor(sources: SessionSources, updates: PageUpdates, whenReady: () => Promise<void>, session: () => Session) {
    this.#sources = sources;
    this.#updates = updates;
    this.#whenReady = whenReady;
    this.#session = session;
  }

  get place(): ImagePlace | undefined {
    return this.#place;
  }

  get comparison(): Comparison | undefined {
    return this.#comparison;
  }

  /** The other image; throws `unready` where there is none. */
  get image(): OpenImage {
    if (this.#image === undefined) throw new RpcError('unready', 'There is no image to compare with.');
    return this.#image;
  }

  /** Compares a session's image with another. Throws what opening or reading throws; then there is no comparison. */
  async with(
    session: ExplorerSession,
    place: ImagePlace,
    onProgress: (progress: ReadProgress) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const until = AbortSignal.any([signal, this.#life.signal]);
    await this.clear();
    await this.#whenReady();
    until.throwIfAborted();
    const { thread } = session.opened;
    let meant = place;
    const image = await this.#sources.open(place, onProgress, (chosen) => (meant = chosen), until);
    try {
      const { source, info } = image;
      await thread.setOther({ source, info });
      this.#rows = firstLayerRows(info, baseLayers(info).count, { lines: [] });
      const waiting: Promise<void>[] = [];
      await image.readLayers(
        {
          layer: (index, content) => {
            const taken = thread.setLayer('other', index, content).then(({ tarBytes }) => {
              this.#rows[index] = { ...this.#rows[index]!, state: 'read', onDiskBytes: tarBytes };
            });
            waiting.push(taken);
          },
          // What could not be read is missing on its side, and its layer has no length.
          problem: () => undefined,
          progress: onProgress,
        },
        until,
      );
      await Promise.all(waiting);
      this.#image = image;
      this.#place = meant;
      this.#imageIsFirst = true;
      await this.#tell(session);
    } catch (error) {
      await image[Symbol.asyncDispose]();
      await this.clear();
      throw error;
    }
  }

  async swap(session: ExplorerSession): Promise<void> {
    this.#imageIsFirst = !this.#imageIsFirst;
    await session.opened.thread.ask('swap', []);
    await this.#tell(session);
  }

  /** The layers of both images. */
  layers(session: ExplorerSession): ComparedLayer[] {
    if (this.#figures === undefined) throw new RpcError('unready', 'There is no image to compare with.');
    const [first, second] = this.#imageIsFirst ? [session.rows, this.#rows] : [this.#rows, session.rows];
    return comparedLayers(first, second, this.#figures.shared);
  }

  async clear(): Promise<void> {
    const image = this.#image;
    const hadOne = this.#comparison !== undefined;
    this.#image = this.#place = this.#comparison = this.#figures = undefined;
    this.#rows = [];
    if (hadOne) this.#updates.tell('compared', { session: this.#session() });
    await image?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort(new RpcError('cancelled', 'The panel was closed.'));
    await this.clear();
  }

  async #tell(session: ExplorerSession): Promise<void> {
    const { thread, image } = session.opened;
    const figures = await thread.ask('comparisonFigures', []);
    const here = comparedImage(image, session.rows);
    const there = comparedImage(this.image, this.#rows);
    const [first, second] = this.#imageIsFirst ? [here, there] : [there, here];
    const layerCount = session.rows.length + this.#rows.length - figures.shared.length;
    this.#figures = figures;
    this.#comparison = {
      first: { ...first, finalBytes: figures.finalBytes[0] },
      second: { ...second, finalBytes: figures.finalBytes[1] },
      totals: figures.totals,
      sharedLayers: figures.shared.length,
      sharedBytes: figures.sharedBytes,
      layerCount,
    };
    this.#updates.tell('compared', { session: this.#session(), comparison: this.#comparison });
  }
}

function comparedImage({ info, source }: OpenImage, rows: readonly LayerRow[]): Omit<ComparedImage, 'finalBytes'> {
  const sum = (of: (row: LayerRow) => number | undefined): number | undefined =>
    rows.reduce<number | undefined>((total, row) => {
      const value = of(row);
      return total === undefined || value === undefined ? undefined : total + value;
    }, 0);
  return {
    title: titleOf(info),
    platform: info.platform,
    source,
    layerCount: rows.length,
    ...present({ onDiskBytes: sum((row) => row.onDiskBytes), downloadBytes: sum((row) => row.downloadBytes) }),
  };
}
