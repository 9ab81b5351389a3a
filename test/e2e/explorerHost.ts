import { ExplorerError, ExplorerModel, type Side } from '../../src/core/explorer/model.ts';
import type { ImageInfo } from '../../src/core/image/image.ts';
import type { LayerIndex } from '../../src/core/image/layerIndex.ts';
import { matchHistory } from '../../src/core/image/history.ts';
import {
  type Comparison,
  type ExplorerHost,
  type ExplorerPage,
  type ImageTotals,
  type LayerRow,
  limits,
  type OpenedImage,
  type Progress,
  type SavedState,
  type Start,
} from '../../src/protocol/explorer.ts';
import { comparedLayers, firstLayerRows } from '../../src/editor/explorer/layerRows.ts';
import { RpcError } from '../../src/protocol/rpc.ts';
import { englishStrings } from '../../src/protocol/strings.ts';
import { indexSized, infoOf, type MadeLayer } from '../helpers/explorerImage.ts';

const done: Progress = { phase: 'done', bytes: 0, layersRead: 0, layerCount: 0 };

export interface HostOptions {
  readonly layers: readonly MadeLayer[];
  readonly baseLayers?: number;
  readonly title?: string;
  /** Layers that are there from the start; all without it. */
  readonly read?: number;
  /** The image of a comparison that is there from the start. */
  readonly compared?: readonly MadeLayer[];
  /** Answers in the place of the host's own. */
  readonly override?: Partial<ExplorerHost>;
}

/**
 * The page's other end for tests: the explorer's real model over a made-up image, without VS Code. What it is asked that
 * only an editor can do it writes down.
 */
export class TestHost {
  /** What was asked of the editor: `openFile {…}`, in order. */
  readonly asked: string[] = [];
  saved: SavedState | undefined;
  page: { readonly [M in keyof ExplorerPage]: (argument: Parameters<ExplorerPage[M]>[0]) => unknown } | undefined;
  readonly api: ExplorerHost;
  readonly model: ExplorerModel;
  readonly #options: HostOptions;
  readonly #indexes: readonly LayerIndex[];
  readonly #info: ImageInfo;
  #read: number;
  #comparison: Comparison | undefined;
  #otherLayers: readonly LayerRow[] = [];

  constructor(options: HostOptions) {
    this.#options = options;
    this.#indexes = options.layers.map(({ members }) => indexSized(members));
    this.#info = infoOf(options.layers, this.#indexes, options.title ?? 'shop/orders:2.4.0');
    this.#read = 0;
    this.model = new ExplorerModel({ source: 'engine', info: this.#info, baseLayers: options.baseLayers ?? 0 });
    while (this.#read < (options.read ?? options.layers.length)) this.#readNext();
    if (options.compared) this.compareWith(options.compared);
    this.api = { ...this.#answers(), ...options.override };
  }

  /** Reads the next layer, and tells the page. */
  async readLayer(): Promise<void> {
    const { page } = this;
    this.#readNext();
    await page?.layersChanged({ layers: this.#layers(), totals: this.#totals() });
    await page?.contentChanged({});
    await page?.progress(this.progress());
  }

  progress(): Progress {
    const layerCount = this.#indexes.length;
    if (this.#read === layerCount) return { ...done, layersRead: layerCount, layerCount };
    const sizes = this.#indexes.map(({ tarBytes }) => tarBytes);
    const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
    const bytes = sum(sizes.slice(0, this.#read));
    return { phase: 'read', bytes, totalBytes: sum(sizes), layersRead: this.#read, layerCount };
  }

  /** Makes a comparison: the image first, another second. */
  compareWith(layers: readonly MadeLayer[]): Comparison {
    const indexes = layers.map(({ members }) => indexSized(members));
    const info = infoOf(layers, indexes, 'shop/orders:2.5.0-slim');
    this.model.setOther({ source: 'registry', info });
    for (const [layer, index] of indexes.entries()) this.model.setLayer('other', layer, index);
    this.#otherLayers = firstLayerRows(info, 0, { lines: [] });
    const { totals, shared, sharedBytes, finalBytes } = this.model.comparisonFigures();
    const side = (title: string, of: ImageInfo, bytes: number, which: Side) => ({
      title,
      platform: 'linux/amd64',
      source: which === 'image' ? ('engine' as const) : ('registry' as const),
      layerCount: of.layers.length,
      finalBytes: bytes,
      onDiskBytes: of.layers.reduce((total, layer) => total + (layer.onDiskBytes ?? 0), 0),
    });
    this.#comparison = {
      first: side(this.#info.reference!, this.#info, finalBytes[0], 'image'),
      second: side(info.reference!, info, finalBytes[1], 'other'),
      totals,
      sharedLayers: shared.length,
      sharedBytes,
      layerCount: this.#info.layers.length,
    };
    return this.#comparison;
  }

  image(): OpenedImage {
    return {
      session: {
        place: { kind: 'reference', reference: this.#info.reference! },
        ...(this.#comparison ? { comparedWith: { kind: 'reference', reference: this.#comparison.second.title } } : {}),
      },
      title: this.#info.reference!,
      source: 'engine',
      platform: 'linux/amd64',
      imageId: this.#info.imageId,
      layerCount: this.#indexes.length,
      baseLayers: this.#options.baseLayers ?? 0,
      ...(this.#options.baseLayers ? { baseReference: 'node:22-bookworm-slim' } : {}),
      hasDockerfile: true,
      layers: this.#layers().slice(0, limits.layers),
      totals: this.#totals(),
      problems: [],
      problemCount: 0,
    };
  }

  #readNext(): void {
    this.model.setLayer('image', this.#read, this.#indexes[this.#read]!);
    this.#read++;
  }

  #layers(): LayerRow[] {
    const history = matchHistory(this.#info);
    const figures = this.model.stackFigures();
    return this.#indexes.map((index, at) => {
      const isRead = at < this.#read;
      const { createdBy } = this.#options.layers[at]!;
      const whole = createdBy.replace('/bin/sh -c ', '').replace(' # buildkit', '');
      const keyword = /^[A-Z]+/.exec(whole)?.[0];
      const text = keyword === undefined ? whole : whole.slice(keyword.length + 1);
      const isOwn = at >= (this.#options.baseLayers ?? 0);
      return {
        index: at,
        ...(keyword === undefined ? {} : { keyword }),
        text: text.slice(0, limits.text),
        isCut: text.length > limits.text,
        certainty: history[at]?.certainty ?? 'unknown',
        fromBase: !isOwn,
        onDiskBytes: index.tarBytes,
        ...(isRead
          ? { fileBytes: figures.fileBytes[at]!, wastedBytes: figures.wastedBytes[at]!, entries: index.count }
          : {}),
        ...(isOwn ? { line: 3 + at } : {}),
        state: isRead ? 'read' : at === this.#read ? 'reading' : 'waiting',
      };
    });
  }

  #totals(): ImageTotals {
    const sizes = this.#indexes.map(({ tarBytes }) => tarBytes);
    const onDiskBytes = sizes.reduce((sum, size) => sum + size, 0);
    const largestLayerBytes = Math.max(0, ...sizes);
    const known = { onDiskBytes, downloadBytes: Math.round(onDiskBytes * 0.37), largestLayerBytes };
    if (this.#read < this.#indexes.length) return known;
    const { finalBytes, wastedBytes, removableBytes, efficiency, dive } = this.model.wasteFigures();
    return {
      ...known,
      finalBytes,
      wastedBytes,
      removableBytes,
      efficiency,
      ...(dive ? { dive: { efficiency: dive.efficiency, wastedBytes: dive.wastedBytes } } : {}),
    };
  }

  #answers(): ExplorerHost {
    const { model } = this;
    const note =
      (name: keyof ExplorerHost) =>
      (argument: unknown): Promise<void> => {
        this.asked.push(`${name} ${JSON.stringify(argument)}`);
        return Promise.resolve();
      };
    const line = (layer: number): { line?: number } => {
      const known = this.#layers()[layer]?.line;
      return known === undefined ? {} : { line: known };
    };
    return {
      start: answer(({ saved }): Start => {
        this.saved = saved;
        for (const table of ['files', 'compare'] as const) if (saved?.[table]) model.open(table, saved[table].open);
        return {
          strings: englishStrings,
          locale: 'en',
          session: this.image().session,
          image: this.image(),
          progress: this.progress(),
          ...(this.#comparison ? { comparison: this.#comparison } : {}),
          ...(saved ? { saved } : {}),
        };
      }),
      layers: answer(({ from, count }) => ({ from, layers: this.#layers().slice(from, from + count) })),
      instruction: answer(({ layer }) => ({ text: this.#options.layers[layer]!.createdBy })),
      show: answer(({ table, ...query }) => model.show(table, query)),
      rows: answer(({ table, from, count }) => model.rows(table, from, Math.min(count, limits.rows))),
      expand: answer(({ expanded, below, ...node }) => model.expand(node, expanded, below)),
      findRow: answer(({ table, text, from }) => optional('row', model.find(table, text, from))),
      reveal: answer((target) => model.reveal(target)),
      parentRow: answer(({ table, row }) => optional('row', model.parentRow(table, row))),
      pathOf: answer((node) => ({ path: model.path(node) })),
      openPaths: answer(({ table }) => ({ paths: model.openPaths(table, limits.openPaths) })),
      treemap: answer(({ width, height, ...node }) => model.treemap(node, width, height, limits.treemapCells)),
      wasteTotals: answer(() => {
        const { dive, ...figures } = model.wasteFigures();
        return {
          ...figures,
          ...(dive ? { dive: { efficiency: dive.efficiency, wastedBytes: dive.wastedBytes } } : {}),
        };
      }),
      waste: answer(({ from, count }) => {
        const { total, rows } = model.waste(from, count);
        return { from, total, findings: rows.map((row) => ({ ...row, ...line(row.byLayer) })) };
      }),
      removable: answer(({ from, count }) => {
        const { total, rows } = model.removable(from, count);
        return { from, total, findings: rows.map((row) => ({ ...row, ...line(row.layer), fromBase: false })) };
      }),
      compareLayers: answer(({ from, count }) => {
        const layers = comparedLayers(this.#layers(), this.#otherLayers, this.model.comparisonFigures().shared);
        return { from, total: layers.length, layers: layers.slice(from, from + count) };
      }),
      chooseComparison: note('chooseComparison'),
      swapComparison: note('swapComparison'),
      openFile: note('openFile'),
      diffFile: note('diffFile'),
      saveFile: note('saveFile'),
      copyPath: note('copyPath'),
      goToLine: note('goToLine'),
      exportReport: note('exportReport'),
      stopReading: note('stopReading'),
      retry: note('retry'),
      chooseSource: note('chooseSource'),
    };
  }
}

/** An answer that is there at once; what the model says of a question that it cannot answer becomes the protocol's error. */
function answer<A, R>(of: (argument: A) => R): (argument: A) => Promise<R> {
  return (argument) => {
    try {
      return Promise.resolve(of(argument));
    } catch (error) {
      return Promise.reject(
        error instanceof ExplorerError ? new RpcError(error.code, error.message) : (error as Error),
      );
    }
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): Readonly<Partial<Record<K, V>>> {
  return (value === undefined ? {} : { [key]: value }) as Readonly<Partial<Record<K, V>>>;
}
