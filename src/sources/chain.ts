import {
  sourceKinds,
  type BaseAnswer,
  type BaseSizes,
  type BaseSizeSource,
  type NoSize,
  type Platform,
  type SourceKind,
} from '../core/base/baseSize.ts';
import { formatReference, type Reference } from '../core/base/reference.ts';
import { bases } from '../core/size.ts';
import { SourceError, noSizeFor } from './error.ts';
import { untilAborted } from './untilAborted.ts';

/** A source that has to be asked. `forget` makes its next answer a new one, not one that it remembers. */
export interface ChainSource extends BaseSizeSource {
  readonly kind: Exclude<SourceKind, 'catalogue'>;
  forget?(reference: Reference, platform: Platform): void | Promise<void>;
}

/** What all sources together know of one base now. */
export interface BaseState {
  readonly reference: Reference;
  readonly platform: Platform;
  /** Each size with the best basis that any source gave. Absent: no source knows one. */
  readonly sizes?: BaseSizes;
  /** A first answer, or one that the user asked for, is still on its way. */
  readonly pending: boolean;
  /** Why the sources that gave no size did not, in the order of the chain. */
  readonly reasons: readonly { readonly source: SourceKind; readonly none: NoSize }[];
}

/** Which base has a new state; `all` where any may have one (another mode, an engine that came or went). */
export type ChainChange = { readonly reference: Reference; readonly platform: Platform } | 'all';

export interface ChainOptions {
  readonly sources: readonly ChainSource[];
  /** Answers at once and touches nothing outside. */
  readonly catalogue: (reference: Reference, platform: Platform) => BaseAnswer;
  /** False: untrusted or offline, so that only the cache and the catalogue speak. */
  readonly online: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** How many bases are remembered; the one that nobody asked for the longest goes first. */
  readonly capacity?: number;
}

interface Entry {
  readonly reference: Reference;
  readonly platform: Platform;
  readonly answers: Map<SourceKind, Remembered>;
  flight?: Flight;
}

/** What one source said. Times are by the chain's clock. */
interface Remembered {
  /** Its last sizes; they stay when it merely cannot be asked any more. */
  readonly sizes?: BaseSizes;
  readonly sizesSince: number;
  /** Why its last answer had none. */
  readonly none?: NoSize;
  readonly freshUntil: number;
}

/** One round of questions about one base. */
interface Flight {
  readonly controller: AbortController;
  /** Settles when the round is over, however it ended; never rejects. */
  readonly done: Promise<void>;
  /** Shown as pending: there was no answer before, or the user wanted a new one. */
  readonly visible: boolean;
  /** How many wait for its end; where only they want it, it is cancelled with the last of them. */
  waiting: number;
  wanted: boolean;
}

const asksOutside: ReadonlySet<SourceKind> = new Set(['engine', 'registry']);
/** A source answers long before; this is for one that hangs in spite of its own timeouts. */
const longestAnswerMs = 60_000;
const minute = 60_000;

/** How long an answer is taken for true, in milliseconds. The engine is near and its images change often. */
const sizesLifeMs = { engine: minute, cache: 15 * minute, registry: 15 * minute } as const;
const failureLifeMs: Readonly<Record<NoSize['code'], number>> = {
  absent: minute,
  platform: minute,
  unavailable: 10_000,
  network: minute,
  timeout: minute,
  denied: 5 * minute,
  limited: 5 * minute,
  invalid: 5 * minute,
};

/**
 * Asks engine, cache, registry and catalogue what a base weighs, and joins what they say. The registry is asked where
 * the cache does not know both sizes; the engine meanwhile. One round at a time for each base, whoever asks.
 * Owns the rounds: they end with its disposal.
 */
export class BaseSizeChain implements Disposable {
  readonly #sources: ReadonlyMap<ChainSource['kind'], ChainSource>;
  readonly #catalogue: ChainOptions['catalogue'];
  readonly #now: () => number;
  readonly #capacity: number;
  /** By reference and platform; the most recently used last. */
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<(change: ChainChange) => void>();
  #online: boolean;
  #disposed = false;

  constructor(options: ChainOptions) {
    this.#sources = new Map(options.sources.map((source) => [source.kind, source]));
    this.#catalogue = options.catalogue;
    this.#online = options.online;
    this.#now = options.now ?? (() => performance.now());
    this.#capacity = options.capacity ?? 500;
  }

  /** What is known without waiting: what was remembered, else what the catalogue says. Asks nobody. */
  known(reference: Reference, platform: Platform): BaseState {
    return stateOf(this.#entry(reference, platform));
  }

  /**
   * Asks the sources whose answer is missing or too old; {@link onChange} tells when there is a better one. With
   * `refresh` all are asked, and those that remember answers forget theirs. Never throws.
   */
  request(reference: Reference, platform: Platform, options: { readonly refresh?: boolean } = {}): void {
    const entry = this.#entry(reference, platform);
    this.#start(entry, options.refresh ?? false);
    if (entry.flight) entry.flight.wanted = true;
  }

  /** The state after all sources were asked. Throws only the signal's reason, or that the chain was disposed of. */
  async answer(reference: Reference, platform: Platform, signal: AbortSignal): Promise<BaseState> {
    signal.throwIfAborted();
    const entry = this.#entry(reference, platform);
    this.#start(entry, false);
    while (entry.flight) {
      const flight = entry.flight;
      flight.waiting++;
      try {
        await untilAborted(flight.done, signal);
      } finally {
        flight.waiting--;
        if (flight.waiting === 0 && !flight.wanted) this.#cancel(entry, flight);
      }
    }
    if (this.#disposed) throw new SourceError('unavailable', 'The sizes are no longer asked for.');
    return stateOf(entry);
  }

  onChange(listener: (change: ChainChange) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Switches engine and registry on or off. Rounds that are under way start again by the new rule. */
  setOnline(online: boolean): void {
    if (online === this.#online) return;
    this.#online = online;
    for (const entry of this.#entries.values()) {
      const old = entry.flight;
      if (!old) continue;
      this.#cancel(entry, old);
      this.#start(entry, false);
      if (entry.flight) entry.flight.wanted = old.wanted;
    }
    this.#tell('all');
  }

  /** Takes what a source said for old: its images changed, or it came or went. It is asked again when someone asks. */
  invalidate(kind: ChainSource['kind']): void {
    for (const { answers } of this.#entries.values()) {
      const old = answers.get(kind);
      if (old) answers.set(kind, { ...old, freshUntil: -Infinity });
    }
    this.#tell('all');
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#listeners.clear();
    for (const entry of this.#entries.values()) if (entry.flight) this.#cancel(entry, entry.flight);
    this.#entries.clear();
  }

  #entry(reference: Reference, platform: Platform): Entry {
    const key = `${formatReference(reference)} ${platform}`;
    const entry = this.#entries.get(key) ?? this.#newEntry(reference, platform);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const [oldest, { flight }] of this.#entries) {
      if (this.#entries.size <= this.#capacity) break;
      if (!flight && oldest !== key) this.#entries.delete(oldest);
    }
    return entry;
  }

  #newEntry(reference: Reference, platform: Platform): Entry {
    const catalogued = { ...this.#catalogue(reference, platform), sizesSince: -Infinity, freshUntil: Infinity };
    return { reference, platform, answers: new Map<SourceKind, Remembered>([['catalogue', catalogued]]) };
  }

  #start(entry: Entry, refresh: boolean): void {
    if (this.#disposed || isNoImage(entry.reference)) return;
    if (entry.flight) {
      if (!refresh) return;
      this.#cancel(entry, entry.flight);
    }
    const isDue = (kind: ChainSource['kind']): boolean => this.#isDue(entry, kind, refresh);
    if (!isDue('engine') && !isDue('cache') && !(isDue('registry') && !cacheSuffices(entry))) return;
    const visible = refresh || ![...entry.answers.keys()].some((kind) => kind !== 'catalogue');
    const controller = new AbortController();
    const before = JSON.stringify(stateOf(entry));
    const done = this.#ask(entry, refresh, isDue, controller.signal).then(() => {
      if (controller.signal.aborted) return;
      delete entry.flight;
      if (visible || JSON.stringify(stateOf(entry)) !== before) this.#tell(entry);
    });
    entry.flight = { controller, done, visible, waiting: 0, wanted: false };
  }

  #isDue(entry: Entry, kind: ChainSource['kind'], refresh: boolean): boolean {
    if (!this.#sources.has(kind) || (asksOutside.has(kind) && !this.#online)) return false;
    if (refresh) return true;
    // What the registry just said, the cache need not be asked for.
    const registry = entry.answers.get('registry');
    if (kind === 'cache' && registry && !registry.none && this.#now() < registry.freshUntil) return false;
    return (entry.answers.get(kind)?.freshUntil ?? -Infinity) <= this.#now();
  }

  async #ask(
    entry: Entry,
    refresh: boolean,
    isDue: (kind: ChainSource['kind']) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    // What is due is settled now: an answer that is good for one minute is not asked for twice in a slow round.
    const due = new Set([...this.#sources.keys()].filter(isDue));
    // A refresh is for new answers; where the registry can give them, the cache only holds old ones.
    if (refresh && due.has('registry')) due.delete('cache');
    const ask = async (kind: ChainSource['kind']): Promise<void> => {
      if (!due.has(kind)) return;
      const answer = await this.#lookUp(this.#sources.get(kind)!, entry, refresh, signal);
      if (signal.aborted) return;
      const sizesBefore = JSON.stringify(merge(entry));
      entry.answers.set(kind, remember(kind, answer, entry.answers.get(kind), this.#now()));
      if (JSON.stringify(merge(entry)) !== sizesBefore) this.#tell(entry);
    };
    const fromFar = async (): Promise<void> => {
      await ask('cache');
      if (refresh || !cacheSuffices(entry)) await ask('registry');
    };
    await Promise.all([ask('engine'), fromFar()]);
  }

  /** One source's answer. A source that fails, against its contract, is an answer too: it costs itself only. */
  async #lookUp(source: ChainSource, entry: Entry, refresh: boolean, signal: AbortSignal): Promise<BaseAnswer> {
    const timeout = AbortSignal.timeout(longestAnswerMs);
    const both = AbortSignal.any([signal, timeout]);
    try {
      signal.throwIfAborted();
      if (refresh) await source.forget?.(entry.reference, entry.platform);
      return await untilAborted(source.lookUp(entry.reference, entry.platform, both), both);
    } catch (error) {
      if (timeout.aborted) return { none: { code: 'timeout', message: `The ${source.kind} did not answer in time.` } };
      if (error instanceof SourceError) return { none: noSizeFor(error) };
      return { none: { code: 'invalid', message: `The ${source.kind} could not be asked.` } };
    }
  }

  #cancel(entry: Entry, flight: Flight): void {
    if (entry.flight === flight) delete entry.flight;
    flight.controller.abort();
  }

  #tell(change: Entry | 'all'): void {
    const told = change === 'all' ? change : { reference: change.reference, platform: change.platform };
    for (const listener of [...this.#listeners]) listener(told);
  }
}

/** Nobody is to be asked for these; callers know better than to ask, but a Dockerfile chooses the host that is asked. */
function isNoImage(reference: Reference): boolean {
  return reference.path === 'library/scratch' || formatReference(reference).includes('$');
}

function stateOf(entry: Entry): BaseState {
  const sizes = merge(entry);
  return {
    reference: entry.reference,
    platform: entry.platform,
    ...(sizes ? { sizes } : {}),
    pending: entry.flight?.visible ?? false,
    reasons: sourceKinds.flatMap((source) => {
      const none = entry.answers.get(source)?.none;
      return none ? [{ source, none }] : [];
    }),
  };
}

/** For each size the best basis of all answers; between equals the newest, then the source that comes first. */
function merge(entry: Entry): BaseSizes | undefined {
  const all = sourceKinds
    .flatMap((kind) => entry.answers.get(kind) ?? [])
    .sort((a, b) => b.sizesSince - a.sizesSince)
    .flatMap(({ sizes }) => sizes ?? []);
  const onDisk = best(all, 'onDisk');
  const download = best(all, 'download');
  if (!onDisk && !download) return undefined;
  const digest = all.find((sizes) => sizes.digest !== undefined)?.digest;
  const by = onDisk?.by ?? download?.by;
  return {
    ...(onDisk?.onDisk ? { onDisk: onDisk.onDisk } : {}),
    ...(download?.download ? { download: download.download } : {}),
    platform: entry.platform,
    ...(digest === undefined ? {} : { digest }),
    ...(by === undefined ? {} : { by }),
  };
}

function best(all: readonly BaseSizes[], which: 'onDisk' | 'download'): BaseSizes | undefined {
  const rank = (sizes: BaseSizes): number => (sizes[which] ? bases.indexOf(sizes[which].basis) : bases.length);
  const first = all.reduce<BaseSizes | undefined>(
    (found, sizes) => (found && rank(found) <= rank(sizes) ? found : sizes),
    undefined,
  );
  return first?.[which] ? first : undefined;
}

function cacheSuffices(entry: Entry): boolean {
  const cached = entry.answers.get('cache');
  return cached?.none === undefined && cached?.sizes?.onDisk !== undefined && cached.sizes.download !== undefined;
}

/** A source that says that it does not have the image takes its old sizes back; one that cannot answer does not. */
function remember(kind: ChainSource['kind'], answer: BaseAnswer, old: Remembered | undefined, now: number): Remembered {
  if ('sizes' in answer) return { sizes: answer.sizes, sizesSince: now, freshUntil: now + sizesLifeMs[kind] };
  const { none } = answer;
  const keeps = old?.sizes && none.code !== 'absent' && none.code !== 'platform';
  return {
    ...(keeps ? { sizes: old.sizes } : {}),
    sizesSince: keeps ? old.sizesSince : now,
    none,
    freshUntil: now + failureLifeMs[none.code],
  };
}
