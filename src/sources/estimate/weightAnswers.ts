import type { Platform } from '../../core/base/baseSize.ts';
import type { ContextAnswer, ContextQuestion } from '../../core/estimate/context/contextQuestion.ts';
import type { InstalledModules } from '../../core/estimate/context/installedModules.ts';
import type { ImageAnswer, ImageQuestion } from '../../core/estimate/imageFiles.ts';
import type { LockQuestion } from '../../core/estimate/runWeight.ts';
import { ScriptMemo } from '../../core/estimate/scriptMemo.ts';
import type { WeightSources } from '../../core/estimate/weights.ts';
import type { AptGraphs } from '../apt/aptGraphs.ts';
import { isSourceError } from '../error.ts';
import { mapLimited } from '../registry/mapLimited.ts';

/** Who answers what is asked about a Dockerfile. */
export interface WeightPorts {
  readonly graphs: AptGraphs;
  /** Asks the build context. Throws a `SourceError`, or the signal's reason. */
  readonly context: (question: ContextQuestion, signal: AbortSignal) => Promise<ContextAnswer>;
  /** The length of what a URL answers; absent where nobody may be asked. Throws only the signal's reason. */
  readonly download?: (url: string, signal: AbortSignal) => Promise<number | undefined>;
  /** What an image has; absent where nobody may be asked. Throws only the signal's reason. */
  readonly image?: (question: ImageQuestion, signal: AbortSignal) => Promise<ImageAnswer>;
  /**
   * What a registry says about the packages of a lock file; absent where nobody may be asked. Throws only the signal's
   * reason.
   */
  readonly locked?: (
    lock: Extract<ContextAnswer, { kind: 'lock' }>,
    platform: Platform,
    signal: AbortSignal,
  ) => Promise<InstalledModules | undefined>;
}

type Known = Required<Omit<WeightSources, 'measured' | 'stageImage'>>;

const atATime = 4;

/**
 * What is known about one Dockerfile, and what was asked and is not known yet: `known` answers at once and takes down what
 * it could not answer, `fetch` then finds that out.
 */
export class WeightAnswers {
  readonly #ports: WeightPorts;
  /** By what they are about, so that each is fetched once. */
  readonly #wanted = new Map<string, (signal: AbortSignal) => Promise<void>>();
  readonly #context = new Answers<ContextAnswer>(this.#wanted);
  readonly #locked = new Answers<InstalledModules | 'unknown'>(this.#wanted);
  readonly #images = new Answers<ImageAnswer>(this.#wanted);
  readonly #lengths = new Answers<number | 'unknown'>(this.#wanted);

  readonly known: Known = {
    context: (question) => this.#context.get(JSON.stringify(question), (signal) => this.#askContext(question, signal)),
    download: (url) => this.#length(url),
    image: (question) => this.#image(question),
    locked: (question) => this.#lockedModules(question),
    apt: (release) => this.#graph(release),
    scripts: new ScriptMemo(),
  };

  constructor(ports: WeightPorts) {
    this.#ports = ports;
  }

  /** True if something was asked that `fetch` would find out. */
  get hasWanted(): boolean {
    return this.#wanted.size > 0;
  }

  /** The build context, or its ignore file, has changed: old answers stand until there are new ones. */
  contextChanged(): void {
    this.#context.outdate();
    this.#locked.outdate();
  }

  /** The engine has other images than it had, or layers were read meanwhile. */
  imagesChanged(): void {
    this.#images.outdate();
  }

  /** Finds out what was asked. True if something is known now that was not. Throws the signal's reason. */
  async fetch(signal: AbortSignal): Promise<boolean> {
    const wanted = [...this.#wanted.values()];
    this.#wanted.clear();
    await mapLimited(wanted, atATime, signal, (find, until) => find(until));
    return wanted.length > 0;
  }

  /** A context that cannot be asked is one of which nothing is known. */
  async #askContext(question: ContextQuestion, signal: AbortSignal): Promise<ContextAnswer> {
    try {
      return await this.#ports.context(question, signal);
    } catch (error) {
      if (!isSourceError(error)) throw error;
      switch (question.kind) {
        case 'copy':
          return {
            kind: 'copy',
            bytes: 0,
            files: 0,
            largest: [],
            missing: [],
            hidden: [],
            walked: false,
            complete: false,
          };
        case 'exclusions':
          return { kind: 'exclusions', patterns: [], complete: false };
        case 'files':
          return { kind: 'files', files: [], complete: false, consumers: [] };
        case 'modules':
        case 'lock':
          return { kind: question.kind };
      }
    }
  }

  #length(url: string): number | undefined {
    const { download } = this.#ports;
    if (download === undefined) return undefined;
    const length = this.#lengths.get(`url ${url}`, async (signal) => (await download(url, signal)) ?? 'unknown');
    return length === 'unknown' ? undefined : length;
  }

  #image(question: ImageQuestion): ImageAnswer | undefined {
    const { image } = this.#ports;
    if (image === undefined) return { kind: 'unknown' };
    return this.#images.get(`image ${JSON.stringify(question)}`, (signal) => image(question, signal));
  }

  #lockedModules(question: LockQuestion): InstalledModules | 'awaited' | 'unknown' {
    const { locked } = this.#ports;
    if (locked === undefined) return 'unknown';
    const { project, manager, platform } = question;
    const find = async (signal: AbortSignal): Promise<InstalledModules | 'unknown'> => {
      const lock = await this.#askContext({ kind: 'lock', project, manager }, signal);
      return (lock.kind === 'lock' ? await locked(lock, platform, signal) : undefined) ?? 'unknown';
    };
    return this.#locked.get(`lock ${JSON.stringify(question)}`, find) ?? 'awaited';
  }

  #graph(release: string): ReturnType<Known['apt']> {
    const graph = this.#ports.graphs.known(release);
    if (graph === undefined) {
      this.#wanted.set(`apt ${release}`, async () => {
        await this.#ports.graphs.load(release);
      });
    }
    return graph;
  }
}

/** Answers of one kind by their questions. */
class Answers<T> {
  readonly #wanted: Map<string, (signal: AbortSignal) => Promise<void>>;
  readonly #answers = new Map<string, T>();
  #outdated = new Set<string>();

  constructor(wanted: Map<string, (signal: AbortSignal) => Promise<void>>) {
    this.#wanted = wanted;
  }

  /** What is known; what is not, or not any more, is wanted from now on. */
  get(key: string, find: (signal: AbortSignal) => Promise<T>): T | undefined {
    if (!this.#answers.has(key) || this.#outdated.has(key)) {
      this.#wanted.set(key, async (signal) => {
        this.#outdated.delete(key);
        this.#answers.set(key, await find(signal));
      });
    }
    return this.#answers.get(key);
  }

  outdate(): void {
    this.#outdated = new Set(this.#answers.keys());
  }
}
