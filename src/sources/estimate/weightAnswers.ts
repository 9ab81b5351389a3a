import type { ContextAnswer, ContextQuestion } from '../../core/estimate/context/contextQuestion.ts';
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
}

type Known = Required<Omit<WeightSources, 'measured'>>;

const atATime = 4;

/**
 * What is known about one Dockerfile, and what was asked and is not known yet: `known` answers at once and takes down what
 * it could not answer, `fetch` then finds that out.
 */
export class WeightAnswers {
  readonly #ports: WeightPorts;
  readonly #context = new Map<string, ContextAnswer>();
  readonly #lengths = new Map<string, number | undefined>();
  /** By what they are about, so that each is fetched once. */
  readonly #wanted = new Map<string, (signal: AbortSignal) => Promise<void>>();
  #outdated = new Set<string>();

  readonly known: Known = {
    context: (question) => this.#answer(question),
    download: (url) => this.#length(url),
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
    this.#outdated = new Set(this.#context.keys());
  }

  /** Finds out what was asked. True if something is known now that was not. Throws the signal's reason. */
  async fetch(signal: AbortSignal): Promise<boolean> {
    const wanted = [...this.#wanted.values()];
    this.#wanted.clear();
    await mapLimited(wanted, atATime, signal, (find, until) => find(until));
    return wanted.length > 0;
  }

  #answer(question: ContextQuestion): ContextAnswer | undefined {
    const key = JSON.stringify(question);
    const answer = this.#context.get(key);
    if (answer === undefined || this.#outdated.has(key)) {
      this.#wanted.set(key, async (signal) => {
        this.#outdated.delete(key);
        this.#context.set(key, await this.#ask(question, signal));
      });
    }
    return answer;
  }

  /** A context that cannot be asked is one of which nothing is known. */
  async #ask(question: ContextQuestion, signal: AbortSignal): Promise<ContextAnswer> {
    try {
      return await this.#ports.context(question, signal);
    } catch (error) {
      if (!isSourceError(error)) throw error;
      return question.kind === 'copy'
        ? { kind: 'copy', bytes: 0, files: 0, largest: [], missing: [], walked: false, complete: false }
        : question.kind === 'exclusions'
          ? { kind: 'exclusions', patterns: [], complete: false }
          : { kind: 'modules' };
    }
  }

  #length(url: string): number | undefined {
    const { download } = this.#ports;
    if (download !== undefined && !this.#lengths.has(url)) {
      this.#wanted.set(`url ${url}`, async (signal) => {
        this.#lengths.set(url, await download(url, signal));
      });
    }
    return this.#lengths.get(url);
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
