import type { FileRange } from './files.ts';
import type { IndexedLayer, LayerChecks, LayerProblem, ScannedLayer, ScanOptions } from './jobs.ts';

/** A job's bytes as they can be told to another thread: a stream follows in `chunk` messages, each when it is wanted. */
export type SentSource = FileRange | 'chunks';

export type Job =
  | { readonly kind: 'index'; readonly source: SentSource; readonly checks: LayerChecks }
  | { readonly kind: 'scan'; readonly source: SentSource; readonly options: ScanOptions };

/** What the main thread says to the worker. Several jobs run at a time, told apart by `id`. */
export type ToWorker =
  | { readonly id: number; readonly type: 'start'; readonly job: Job }
  | { readonly id: number; readonly type: 'chunk'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'end' }
  | { readonly id: number; readonly type: 'cancel' };

/** What the worker answers. */
export type FromWorker =
  /** Send one chunk more. */
  | { readonly id: number; readonly type: 'want' }
  | { readonly id: number; readonly type: 'bytes'; readonly bytes: number }
  | { readonly id: number; readonly type: 'document'; readonly name: string; readonly bytes: Uint8Array }
  | { readonly id: number; readonly type: 'layer'; readonly layer: ScannedLayer }
  | { readonly id: number; readonly type: 'damaged'; readonly name: string; readonly problem: LayerProblem }
  | { readonly id: number; readonly type: 'link'; readonly name: string; readonly target: string }
  | { readonly id: number; readonly type: 'done'; readonly result?: IndexedLayer }
  | { readonly id: number; readonly type: 'failed'; readonly problem: LayerProblem };

/** Chunks that may be on their way to the worker, so that neither thread waits for the other. */
export const chunksInFlight = 8;
