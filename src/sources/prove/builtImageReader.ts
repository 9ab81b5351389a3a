import { findNode } from '../../core/image/stackedTree.ts';
import { present } from '../../core/present.ts';
import { follow } from '../../core/program/fileSystem.ts';
import { stackedFiles } from '../../core/program/stackedFiles.ts';
import type { BuiltEvidence } from '../../core/refactor/builtEvidence.ts';
import type { Engine } from '../engine/engine.ts';
import { isSourceError } from '../error.ts';
import type { IndexCache } from '../image/indexCache.ts';
import type { Indexing } from '../image/jobs.ts';
import { SharedCalls } from '../registry/sharedCalls.ts';
import { examineImage, type ExaminedImage } from './examineImage.ts';

/** Images of which something is kept: their trees take some megabytes each. */
const kept = 4;

export interface BuiltImageReaderOptions {
  readonly indexing: Indexing;
  readonly cache?: IndexCache;
}

/** Looks into images of the engine for refactorings, into each once: an id never means another image. */
export class BuiltImageReader {
  readonly #options: BuiltImageReaderOptions;
  readonly #calls = new SharedCalls<BuiltEvidence | undefined>();
  /** By the images' ids; the one used last at the end. */
  readonly #known = new Map<string, BuiltEvidence>();

  constructor(options: BuiltImageReaderOptions) {
    this.#options = options;
  }

  /** What is known of an image at this moment. Asks nobody. */
  known(id: string): BuiltEvidence | undefined {
    const found = this.#known.get(id);
    if (found !== undefined) this.#keep(id, found);
    return found;
  }

  /**
   * What an image tells; undefined where the engine fails, or some of its layers cannot be read. Ends early where nobody
   * waits any more. Throws only the signal's reason.
   */
  async read(engine: Engine, id: string, signal: AbortSignal): Promise<BuiltEvidence | undefined> {
    return this.known(id) ?? (await this.#calls.run(id, signal, (until) => this.#examine(engine, id, until)));
  }

  async #examine(engine: Engine, id: string, signal: AbortSignal): Promise<BuiltEvidence | undefined> {
    const { indexing, cache } = this.#options;
    try {
      const examined = await examineImage(engine, id, { indexing, ...present({ cache }), signal });
      // Of half an image nobody knows what it starts, and how much is missing.
      if (examined.image.problems.length > 0) return undefined;
      const evidence = evidenceOf(examined);
      this.#keep(id, evidence);
      return evidence;
    } catch (error) {
      // Without the engine a refactoring knows what the text says.
      if (isSourceError(error)) return undefined;
      throw error;
    }
  }

  #keep(id: string, evidence: BuiltEvidence): void {
    this.#known.delete(id);
    this.#known.set(id, evidence);
    const [oldest] = this.#known.keys();
    if (this.#known.size > kept && oldest !== undefined) this.#known.delete(oldest);
  }
}

function evidenceOf({ tree, start }: ExaminedImage): BuiltEvidence {
  // Not the files that were examined: those hold on to the contents that were read.
  const files = stackedFiles(tree, () => Promise.reject(new RangeError('Contents are not kept.')));
  return {
    needs: start.needs,
    bytesAt: (path) => {
      const place = follow(files, path);
      const node = place && findNode(tree, place.path);
      return node === undefined ? undefined : tree.bytes[node];
    },
  };
}
