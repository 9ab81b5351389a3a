import { availableParallelism } from 'node:os';
import { indexInProcess } from './inProcess.ts';
import { compressionAt } from './indexLayer.ts';
import { type ByteSource, type Indexing, isRange, isTarSplit } from './jobs.ts';
import { indexInWorkers } from './workerIndexing.ts';

/** Inflating so much takes as long as starting a thread. */
const worthAThread = 4 * 1024 * 1024;

/**
 * Indexes in this thread, for a process in which nothing else waits for it; but layers that are to be inflated while this
 * one inflates another go to threads beside it, so that all cores inflate. They are started when they are first needed.
 *
 * @param entry as in {@link indexInWorkers}.
 */
export function indexBeside(entry: URL | string, size = Math.min(availableParallelism(), 4)): Indexing {
  const here = indexInProcess();
  const beside = indexInWorkers(entry, size - 1);
  let isInflating = false;
  return {
    parallel: Math.max(here.parallel, size),
    async indexLayer(source, checks, onBytes, signal) {
      if (size === 1 || !isLongToInflate(source)) return here.indexLayer(source, checks, onBytes, signal);
      if (isInflating) return beside.indexLayer(source, checks, onBytes, signal);
      isInflating = true;
      try {
        return await here.indexLayer(source, checks, onBytes, signal);
      } finally {
        isInflating = false;
      }
    },
    scanArchive: (source, options, on, signal) => here.scanArchive(source, options, on, signal),
    [Symbol.asyncDispose]: () => beside[Symbol.asyncDispose](),
  };
}

function isLongToInflate(source: ByteSource): boolean {
  return isRange(source) && !isTarSplit(source) && source.length >= worthAThread && compressionAt(source) === 'gzip';
}
