import type { LayerIndex } from '../../core/image/layerIndex.ts';
import type { FileRange } from './files.ts';

/** Something that is not as it should be in a layer that can be shown all the same. `code` as in `ImageProblem`. */
export interface LayerProblem {
  readonly code: string;
  readonly message: string;
}

export interface IndexedLayer {
  readonly index: LayerIndex;
  readonly problems: readonly LayerProblem[];
}

/** What to check while a layer is read. A plain tar on disk is read by skipping, so that nothing of it can be checked. */
export interface LayerChecks {
  /** Digest that the bytes as they are stored must have. */
  readonly digest?: string;
  /** Digest that the uncompressed bytes must have. Costs about a third of the time that inflating takes. */
  readonly diffId?: string;
}

/** What an engine's store keeps of a layer's tar: its headers without the contents. See `indexTarSplit`. */
export interface TarSplitFile extends FileRange {
  readonly form: 'tar-split';
}

/** Where the bytes come from: a part of a file, or a stream that is read once. */
export type ByteSource = FileRange | TarSplitFile | AsyncIterable<Uint8Array>;

export function isRange(source: ByteSource): source is FileRange | TarSplitFile {
  return 'path' in source;
}

export function isTarSplit(source: FileRange | TarSplitFile): source is TarSplitFile {
  return 'form' in source;
}

/** A layer found in a pass over a whole archive. */
export interface ScannedLayer extends IndexedLayer {
  /** Name in the archive. */
  readonly name: string;
  /** Where its bytes, as they are stored, start in the archive (uncompressed, if the whole archive is compressed). */
  readonly offset: number;
  readonly storedBytes: number;
  readonly isCompressed: boolean;
}

/** What a pass over an archive meets, in the archive's order. */
export interface ScanEvents {
  /** A small file that begins as JSON does. */
  document(name: string, bytes: Uint8Array): void;
  layer(layer: ScannedLayer): void;
  /** A file that is no document and cannot be read as a layer. */
  damaged(name: string, problem: LayerProblem): void;
  /** A symbolic or hard link; `target` is a name in the archive. */
  link(name: string, target: string): void;
  /** Bytes of the archive, as it is stored, read so far. */
  progress(bytes: number): void;
}

export interface ScanOptions {
  /** Check blobs that are named after their digest. An engine's own stream needs none. */
  readonly verify: boolean;
}

/**
 * Does the reading: in this thread, or in a worker. Both throw the signal's reason when cancelled, and a `LayerError` for
 * what is wrong with the bytes.
 */
export interface Indexing extends AsyncDisposable {
  /** How many layers at a time are worth it. */
  readonly parallel: number;
  /** `onBytes` gets the number of stored bytes read (or passed over) so far. */
  indexLayer(
    source: ByteSource,
    checks: LayerChecks,
    onBytes: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<IndexedLayer>;
  /** One pass over a `docker save` or OCI archive that cannot be read out of order: a compressed one, an engine's stream. */
  scanArchive(source: ByteSource, options: ScanOptions, on: ScanEvents, signal: AbortSignal): Promise<void>;
}
