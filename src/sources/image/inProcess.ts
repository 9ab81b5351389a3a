import { availableParallelism } from 'node:os';
import type { Indexing } from './jobs.ts';
import { indexLayer } from './indexLayer.ts';
import { scanArchive } from './scanArchive.ts';

/** Indexes in this thread: what a worker runs, and quicker than one where nothing else waits for the thread. */
export function indexInProcess(): Indexing {
  return {
    parallel: availableParallelism(),
    indexLayer,
    scanArchive,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
