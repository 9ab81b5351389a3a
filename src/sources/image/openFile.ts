import type { Platform } from '../../core/base/baseSize.ts';
import type { ImageSourceKind, OpenImage, ReadProgress } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import { SourceError } from '../error.ts';
import type { IndexCache } from './indexCache.ts';
import type { Indexing } from './jobs.ts';
import { locateImage } from './locate.ts';
import { openArchive, openLayout } from './openImage.ts';

/** What reads the layers of an image that is in a file or folder. */
export interface FileReading {
  readonly indexing: Indexing;
  /** The indexes of layers that were read before. */
  readonly indexes?: IndexCache;
}

export interface OpenFileOptions {
  /** Take it from there and from nowhere else. */
  readonly only?: ImageSourceKind;
  readonly platform?: Platform;
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Opens what a user calls an image where it is an archive or a layout folder; undefined where it is a reference, or is to
 * be taken for one. Throws a `SourceError`, or the signal's reason.
 */
export async function openFile(
  source: string,
  { indexing, indexes }: FileReading,
  { only, platform, onProgress, signal }: OpenFileOptions,
): Promise<OpenImage | undefined> {
  if (only === 'engine' || only === 'registry') return undefined;
  const found = await locateImage(source);
  if (found.kind === 'reference') {
    if (only === undefined) return undefined;
    throw new SourceError('absent', `${source} is no ${nouns[only]}, or does not exist.`);
  }
  if (only !== undefined && only !== found.kind) {
    throw new SourceError('unsupported', `${source} is an ${nouns[found.kind]}, not an ${nouns[only]}.`);
  }
  const open = found.kind === 'archive' ? openArchive : openLayout;
  return open(found.path, {
    ...present({ platform, reference: found.reference, cache: indexes, onProgress }),
    indexing,
    signal,
  });
}

const nouns = { archive: 'image archive', layout: 'OCI layout folder' } as const;
