import type { OpenImage, ReadProgress } from '../core/image/image.ts';
import { present } from '../core/present.ts';
import { indexBeside } from '../sources/image/besideIndexing.ts';
import { IndexCache } from '../sources/image/indexCache.ts';
import { indexInProcess } from '../sources/image/inProcess.ts';
import type { Indexing } from '../sources/image/jobs.ts';
import { openFile } from '../sources/image/openFile.ts';
import { openCache } from './cache.ts';
import type { CommonOptions } from './options.ts';
import type { Services } from './services.ts';
import type { Host } from './terminal.ts';

/** Opens the images that one command line names; disposed of at its end. */
export class Images implements AsyncDisposable {
  readonly #options: CommonOptions;
  readonly #host: Host;
  // Nobody waits for this thread but who waits for the layers.
  readonly #indexing: Indexing;
  readonly #indexes: IndexCache;
  #services: Services | undefined;

  constructor(options: CommonOptions, host: Host) {
    this.#options = options;
    this.#host = host;
    this.#indexing = host.imageWorker === undefined ? indexInProcess() : indexBeside(host.imageWorker);
    this.#indexes = new IndexCache(openCache(options, host.terminal));
  }

  /** Opens an archive, a layout folder or a reference. Throws a `SourceError`, or the signal's reason. */
  async open(source: string, onProgress: (progress: ReadProgress) => void): Promise<OpenImage> {
    const { signal } = this.#host;
    const reading = { indexing: this.#indexing, indexes: this.#indexes };
    const wanted = { ...present({ only: this.#options.source, platform: this.#options.platform }), signal };
    const opened = await openFile(source, reading, { ...wanted, onProgress });
    if (opened !== undefined) return opened;
    // Clients of engines and registries take a third of the time in which an archive is read: only who needs them loads them.
    const [{ openServices }, { openReference }] = await Promise.all([
      import('./services.ts'),
      import('../sources/image/openReference.ts'),
    ]);
    const services = (this.#services ??= openServices(this.#options, this.#host));
    return openReference(source, { ...reading, ...services.imageSources }, { ...wanted, ...services });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#services?.[Symbol.dispose]();
    await this.#indexing[Symbol.asyncDispose]();
  }
}
