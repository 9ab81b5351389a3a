import { familiarName, parseReference } from '../../core/base/reference.ts';
import { baseLayers, type BaseLayers } from '../../core/image/baseLayers.ts';
import type { ModelImage, WasteFigures } from '../../core/explorer/imageModel.ts';
import type { ExplorerModel, Side } from '../../core/explorer/model.ts';
import type { ImageInfo, ImageProblem, OpenImage, ReadProgress } from '../../core/image/image.ts';
import type { LayerIndex } from '../../core/image/layerIndex.ts';
import { present } from '../../core/present.ts';
import {
  type Failure,
  type ImagePlace,
  type ImageTotals,
  type LayerRow,
  limits,
  type OpenedImage,
  type Progress,
  type SavedState,
  type Session,
  type Table,
} from '../../protocol/explorer.ts';
import { RpcError } from '../../protocol/rpc.ts';
import { untilAborted } from '../../sources/untilAborted.ts';
import { Comparing } from './comparing.ts';
import { firstLayerRows, type Lines } from './layerRows.ts';
import { type PageEvents, PageUpdates } from './pageUpdates.ts';

/** A model in a thread: what a session needs of an `ExplorerThread`. */
export interface Thread extends AsyncDisposable {
  setLayer(side: Side, layer: number, content: LayerIndex): Promise<{ tarBytes: number; entries: number }>;
  setOther(image: ModelImage | undefined): Promise<void>;
  ask<M extends keyof ExplorerModel>(
    method: M,
    parameters: Parameters<ExplorerModel[M]>,
    signal?: AbortSignal,
  ): Promise<ReturnType<ExplorerModel[M]>>;
}

/** Where a session gets its images and its thread from. */
export interface SessionSources {
  /** `chosen` hears of the place that is meant, where the user had to choose. Throws a `SourceError`, or the signal's reason. */
  open(
    place: ImagePlace,
    onProgress: (progress: ReadProgress) => void,
    chosen: (place: ImagePlace) => void,
    signal: AbortSignal,
  ): Promise<OpenImage>;
  startThread(image: ModelImage, onBroken: (error: Error) => void): Thread;
  /** The lines of the Dockerfile that the session belongs to, as it is now; undefined without one. */
  linesOf(info: ImageInfo): Lines | undefined;
  /** Hears of every failure, for the log. */
  onError(error: unknown): void;
}

/** An image that is open, with the thread that has its model. */
export interface OpenedSession {
  readonly image: OpenImage;
  readonly thread: Thread;
  readonly base: BaseLayers;
}

/**
 * One image in one panel, from its place to its last layer, whether or not a page looks on. Opening, reading and comparing
 * are steps of which each can fail, be stopped and be tried again. Disposing of it stops whatever is under way.
 */
export class ExplorerSession implements AsyncDisposable {
  readonly comparing: Comparing;
  readonly #sources: SessionSources;
  readonly #updates: PageUpdates;
  readonly #life = new AbortController();
  readonly #dockerfile: string | undefined;
  #place: ImagePlace;
  #opened: OpenedSession | undefined;
  #rows: LayerRow[] = [];
  #problems: ImageProblem[] = [];
  #totals: ImageTotals = { largestLayerBytes: 0 };
  #progress: Progress = { phase: 'open', bytes: 0, layersRead: 0, layerCount: 0 };
  #failure: Failure | undefined;
  #reading: AbortController | undefined;
  #work: Promise<void> = Promise.resolve();
  #hasLines = false;
  /** Paths of directories that a page had open before it was made anew. */
  #openPaths: Readonly<Record<Table, readonly string[]>> | undefined;

  constructor(place: ImagePlace, dockerfile: string | undefined, sources: SessionSources) {
    this.#place = place;
    this.#dockerfile = dockerfile;
    this.#sources = sources;
    this.#updates = new PageUpdates(() => this.#refresh());
    this.comparing = new Comparing(
      sources,
      this.#updates,
      () => this.ready(),
      () => this.session,
    );
  }

  /** The page that looks on, if one does. */
  set page(page: PageEvents | undefined) {
    this.#updates.page = page;
  }

  get session(): Session {
    return {
      place: this.#place,
      ...present({ comparedWith: this.comparing.place, dockerfile: this.#dockerfile }),
    };
  }

  get progress(): Progress {
    return this.#progress;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  get rows(): readonly LayerRow[] {
    return this.#rows;
  }

  get problems(): readonly ImageProblem[] {
    return this.#problems;
  }

  /** What is open; throws `unready` before. */
  get opened(): OpenedSession {
    if (this.#opened === undefined) throw new RpcError('unready', 'The image is not open yet.');
    return this.#opened;
  }

  get summary(): OpenedImage | undefined {
    if (this.#opened === undefined) return undefined;
    const { image, base } = this.#opened;
    return {
      session: this.session,
      title: titleOf(image.info),
      ...present({ reference: image.info.reference?.slice(0, limits.text), baseReference: base.reference }),
      source: image.source,
      platform: image.info.platform,
      imageId: image.info.imageId,
      layerCount: this.#rows.length,
      baseLayers: base.count,
      hasDockerfile: this.#hasLines,
      layers: this.#rows.slice(0, limits.layers),
      totals: this.#totals,
      problems: this.#problems
        .slice(0, shownProblems)
        .map(({ layer, message }) => ({ message: message.slice(0, limits.sentence), ...present({ layer }) })),
      problemCount: this.#problems.length,
    };
  }

  /**
   * Opens the image and reads it; resolves when that has come to an end, whichever. Never throws.
   *
   * @param drawn what reading waits for: it takes all cores, and what is known before it is to be on the screen first.
   */
  begin(drawn?: Promise<unknown>): Promise<void> {
    return this.#run(() => this.#open(drawn));
  }

  /** Ends the reading; what was read stays. */
  stop(): void {
    this.#reading?.abort(new RpcError('cancelled', 'Reading was stopped.'));
  }

  /** Opens or reads again, whichever has not been done. */
  retry(): Promise<void> {
    this.stop();
    return this.#run(() => (this.#opened === undefined ? this.#open() : this.#read(this.#opened)));
  }

  /** Shows another image in this panel. */
  async moveTo(place: ImagePlace): Promise<void> {
    this.stop();
    await this.#run(async () => {
      this.#place = place;
      await this.comparing.clear();
      await this.#close();
      await this.#open();
    });
  }

  /** Resolves once nothing is being opened or read. */
  async ready(): Promise<void> {
    await this.#work;
  }

  /** The Dockerfile has changed, or its lines have moved. */
  updateLines(): void {
    if (this.#opened === undefined) return;
    const lines = this.#sources.linesOf(this.#opened.image.info);
    this.#hasLines = lines !== undefined;
    const changed: LayerRow[] = [];
    this.#rows = this.#rows.map((row) => {
      const line = lines?.lines[row.index];
      if (line === row.line) return row;
      const next: LayerRow = { ...(present({ ...row, line: undefined }) as LayerRow), ...present({ line }) };
      changed.push(next);
      return next;
    });
    this.#updates.layers(changed, this.#totals);
  }

  /** Has the directories open that were open before, now or as soon as the layers that have them are there. */
  async restore({ files, compare }: SavedState): Promise<void> {
    this.#openPaths = { files: files?.open ?? [], compare: compare?.open ?? [] };
    if (this.#opened !== undefined) await this.#restoreIn(this.#opened.thread);
  }

  /** What is wasted and removable; what is learnt by it becomes part of the totals. */
  async wasteFigures(signal: AbortSignal): Promise<WasteFigures> {
    const figures = await this.opened.thread.ask('wasteFigures', [], signal);
    this.#totals = { ...this.#totals, removableBytes: figures.removableBytes, ...present({ dive: figures.dive }) };
    this.#updates.layers([], this.#totals);
    return figures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort(new RpcError('cancelled', 'The panel was closed.'));
    this.#updates[Symbol.dispose]();
    await this.comparing[Symbol.asyncDispose]();
    await this.#close();
    await this.#work;
    // What came while it was being closed.
    await this.#close();
  }

  /** One step after the other: a retry waits until what it retries has ended. */
  #run(step: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(async () => {
      if (!this.#life.signal.aborted) await step();
    });
    return this.#work;
  }

  async #close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    this.#rows = [];
    await opened?.thread[Symbol.asyncDispose]();
    await opened?.image[Symbol.asyncDispose]();
  }

  async #open(drawn?: Promise<unknown>): Promise<void> {
    const signal = this.#beginStep();
    this.#setProgress({ phase: 'open', bytes: 0, layersRead: 0, layerCount: 0 });
    try {
      const image = await this.#sources.open(
        this.#place,
        (progress) => this.#onProgress(progress),
        (place) => (this.#place = place),
        signal,
      );
      if (signal.aborted) {
        await image[Symbol.asyncDispose]();
        signal.throwIfAborted();
      }
      const { info, source } = image;
      const lines = this.#sources.linesOf(info);
      const base = baseOf(info, lines);
      const thread = this.#sources.startThread({ source, info, baseLayers: base.count }, (error) => {
        this.#fail('read', error);
      });
      this.#opened = { image, thread, base };
      this.#hasLines = lines !== undefined;
      this.#rows = firstLayerRows(info, base.count, lines ?? { lines: [] });
      this.#problems = [...image.problems];
      this.#totals = this.#sumUp();
      await this.#restoreIn(thread);
      this.#updates.tell('opened', this.summary!);
      if (drawn !== undefined) await untilAborted(drawn, signal);
    } catch (error) {
      this.#endStep('open', error, signal);
      return;
    }
    await this.#read(this.#opened);
  }

  async #read({ image, thread }: OpenedSession): Promise<void> {
    const signal = this.#beginStep();
    const waiting: Promise<void>[] = [];
    this.#problems = [...image.problems];
    this.#setProgress({ phase: 'read', bytes: 0, ...this.#counts() });
    try {
      await image.readLayers(
        {
          layer: (index, content) => {
            // Read before it was stopped: the model has it already.
            if (this.#rows[index]?.state !== 'read') waiting.push(this.#take(thread, index, content));
          },
          problem: (problem) => this.#takeProblem(problem),
          progress: (progress) => this.#onProgress(progress),
        },
        signal,
      );
      await Promise.all(waiting);
      signal.throwIfAborted();
      await this.#refresh();
      this.#setProgress({ ...this.#progress, phase: 'done', ...this.#counts() });
    } catch (error) {
      await Promise.allSettled(waiting);
      this.#endStep('read', error, signal);
    }
  }

  async #take(thread: Thread, index: number, content: LayerIndex): Promise<void> {
    const { tarBytes, entries } = await thread.setLayer('image', index, content);
    this.#setRow(index, { state: 'read', onDiskBytes: tarBytes, entries });
    this.#setProgress({ ...this.#progress, ...this.#counts() });
    this.#updates.refreshSoon();
  }

  #takeProblem(problem: ImageProblem): void {
    this.#problems.push(problem);
    const { layer } = problem;
    if (layer === undefined || this.#rows[layer] === undefined) return;
    const state = this.#rows[layer].state === 'read' ? 'read' : 'failed';
    this.#setRow(layer, { state, problem: problem.message.slice(0, limits.sentence) });
  }

  #onProgress({ phase, layer, bytes, totalBytes }: ReadProgress): void {
    if (layer !== undefined && this.#rows[layer]?.state === 'waiting') this.#setRow(layer, { state: 'reading' });
    // That all bytes have been read is not the end: the model still stacks what came last.
    const step = phase === 'prepare' ? 'prepare' : 'read';
    this.#setProgress({ phase: step, bytes, ...present({ totalBytes }), ...this.#counts() });
  }

  #setRow(index: number, change: Partial<LayerRow>): void {
    const row = { ...this.#rows[index]!, ...change };
    this.#rows[index] = row;
    this.#totals = { ...this.#totals, ...this.#sumUp() };
    this.#updates.layers([row], this.#totals);
  }

  #setProgress(progress: Progress): void {
    this.#progress = progress;
    this.#updates.progress(progress);
  }

  /** What only the stack of all layers so far tells: wasted bytes, the final size. */
  async #refresh(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    this.#updates.refreshed();
    const figures = await opened.thread.ask('stackFigures', []);
    if (this.#opened !== opened) return;
    const changed: LayerRow[] = [];
    this.#rows = this.#rows.map((row) => {
      if (row.state !== 'read') return row;
      const [fileBytes, wastedBytes] = [figures.fileBytes[row.index]!, figures.wastedBytes[row.index]!];
      if (row.fileBytes === fileBytes && row.wastedBytes === wastedBytes) return row;
      const next = { ...row, fileBytes, wastedBytes };
      changed.push(next);
      return next;
    });
    const isWhole = this.#rows.every(({ state }) => state === 'read');
    this.#totals = {
      ...this.#sumUp(),
      ...(isWhole
        ? {
            finalBytes: figures.finalBytes,
            wastedBytes: figures.wastedBytes.reduce((sum, bytes) => sum + bytes, 0),
            efficiency: figures.efficiency,
          }
        : {}),
    };
    this.#updates.layers(changed, this.#totals);
    this.#updates.tell('contentChanged', {});
  }

  async #restoreIn(thread: Thread): Promise<void> {
    const paths = this.#openPaths;
    this.#openPaths = undefined;
    if (paths === undefined) return;
    for (const table of ['files', 'compare'] as const) await thread.ask('open', [table, paths[table]]);
  }

  #beginStep(): AbortSignal {
    this.#failure = undefined;
    this.#reading = new AbortController();
    return AbortSignal.any([this.#reading.signal, this.#life.signal]);
  }

  #endStep(step: Failure['step'], error: unknown, signal: AbortSignal): void {
    if (this.#life.signal.aborted) return;
    if (!signal.aborted) {
      this.#fail(step, error);
      return;
    }
    for (const row of this.#rows) if (row.state === 'reading') this.#setRow(row.index, { state: 'waiting' });
    this.#setProgress({ ...this.#progress, phase: 'stopped', ...this.#counts() });
    this.#updates.refreshSoon();
  }

  #fail(step: Failure['step'], error: unknown): void {
    if (this.#life.signal.aborted) return;
    this.#sources.onError(error);
    const message = error instanceof Error ? error.message : String(error);
    this.#failure = { step, message: message.slice(0, limits.longText), offers: ['retry', 'choose-source'] };
    this.#setProgress({ ...this.#progress, phase: 'failed', ...this.#counts() });
    this.#updates.tell('failed', this.#failure);
  }

  #counts(): Pick<Progress, 'layersRead' | 'layerCount'> {
    return { layersRead: this.#rows.filter(({ state }) => state === 'read').length, layerCount: this.#rows.length };
  }

  #sumUp(): ImageTotals {
    const all = (of: (row: LayerRow) => number | undefined): number | undefined =>
      this.#rows.reduce<number | undefined>((sum, row) => {
        const value = of(row);
        return sum === undefined || value === undefined ? undefined : sum + value;
      }, 0);
    return {
      largestLayerBytes: this.#rows.reduce((most, { onDiskBytes }) => Math.max(most, onDiskBytes ?? 0), 0),
      ...present({
        onDiskBytes: all(({ onDiskBytes }) => onDiskBytes),
        downloadBytes: all(({ downloadBytes }) => downloadBytes),
        entries: all(({ entries }) => entries),
      }),
    };
  }
}

/** As many as a person reads; their number is told. */
const shownProblems = 50;

/** What the heading calls an image: its reference as people write it, else the beginning of its id. */
export function titleOf({ reference, imageId }: ImageInfo): string {
  const parsed = reference === undefined ? undefined : parseReference(reference);
  const name = parsed && 'reference' in parsed ? familiarName(parsed.reference) : reference;
  return (name ?? imageId.slice(0, 'sha256:'.length + 12)).slice(0, limits.text);
}

/** The Dockerfile knows where the base ends better than the history does. */
function baseOf(info: ImageInfo, lines: Lines | undefined): BaseLayers {
  const told = baseLayers(info);
  return lines?.baseLayers === undefined ? told : { ...told, count: lines.baseLayers };
}
