import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { decodeAptFile } from '../../core/estimate/apt/aptFile.ts';
import { AptGraph } from '../../core/estimate/apt/aptGraph.ts';

const decompress = promisify(brotliDecompress);

/** The package graphs that ship with Plimsoll, each read when it is first needed and kept. */
export class AptGraphs {
  readonly #folder: string;
  readonly #known = new Map<string, AptGraph>();
  readonly #loading = new Map<string, Promise<AptGraph>>();

  /** @param folder where `<release>.bin` is: `media/apt`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The graph if it was read before. */
  known(release: string): AptGraph | undefined {
    return this.#known.get(release);
  }

  /** Rejects where the release has none: `weights.ts` lists those that have. */
  load(release: string): Promise<AptGraph> {
    const loading = this.#loading.get(release) ?? this.#read(release);
    this.#loading.set(release, loading);
    return loading;
  }

  async #read(release: string): Promise<AptGraph> {
    const compressed = await readFile(path.join(this.#folder, `${release}.bin`));
    const graph = new AptGraph(decodeAptFile(await decompress(compressed)));
    this.#known.set(release, graph);
    return graph;
  }
}
