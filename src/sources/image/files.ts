import { digestPattern } from '../registry/manifest.ts';
import type { IndexedLayer } from './jobs.ts';

/** A run of bytes of a file on disk. */
export interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly length: number;
}

/**
 * Where the bytes of one layer are, as they are stored (compressed or not):
 * - `range`: on disk, so that a plain tar can be read by skipping.
 * - `stream`: from an opener, so that they can be read twice.
 */
export type LayerBytes =
  | { readonly kind: 'range'; readonly range: FileRange }
  | { readonly kind: 'stream'; open(signal: AbortSignal): AsyncIterable<Uint8Array> };

/** A layer that an archive or a folder has. */
export interface StoredLayer {
  /** The same layer has the same key, however many names it has: it is read once. */
  readonly key: string;
  readonly bytes: LayerBytes;
  /** Length as stored. */
  readonly storedBytes: number;
  /** False: `storedBytes` is that of the uncompressed tar. */
  readonly isCompressed: boolean;
  /** What a pass over a compressed archive has already found. */
  readonly known?: IndexedLayer;
}

/**
 * The files of an archive or of a layout folder, by the names that manifests give them. Names are relative and cannot
 * leave the archive or folder: one that tries names nothing.
 */
export interface ImageFiles {
  /** The archive or folder, for messages. */
  readonly path: string;
  /** A manifest, index or config. Undefined where there is none; throws a `LayerError` where it cannot be read or is too long. */
  readDocument(name: string): Promise<Uint8Array | undefined>;
  /** Throws a `LayerError` `missing-layer`, or what a pass over the archive met in it. */
  layer(name: string): Promise<StoredLayer>;
  has(name: string): Promise<boolean>;
}

/** The name below which an OCI layout keeps what a digest names. The digest is one that `digestPattern` let through. */
export function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

/** The digest that a file's name in an OCI layout states. */
export function digestOfBlobName(name: string): string | undefined {
  const match = /^(?:\.\/)?blobs\/([a-z0-9]+)\/([0-9a-f]+)$/.exec(name);
  const digest = match ? `${match[1]!}:${match[2]!}` : '';
  return digestPattern.test(digest) ? digest : undefined;
}
