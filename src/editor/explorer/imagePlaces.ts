import { Uri } from 'vscode';
import type { ReadProgress } from '../../core/image/image.ts';
import type { OpenImage } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import type { ImagePlace } from '../../protocol/explorer.ts';
import { isSourceError, SourceError } from '../../sources/error.ts';
import { ImageChoiceError, type ImageChoice } from '../../sources/image/choose.ts';
import type { Indexing } from '../../sources/image/jobs.ts';
import { openArchive, openLayout } from '../../sources/image/openImage.ts';
import { openSource } from '../../sources/image/openSource.ts';
import type { SizeSources } from '../sizeSources.ts';
import { notALocalFile } from './wording.ts';

/** What opens images needs: sources as the user's settings and trust allow them, and threads to read layers in. */
export interface Places {
  readonly sources: Pick<SizeSources, 'images' | 'layerIndexes' | 'platform'>;
  readonly indexing: Indexing;
  /** Has the user choose one of the images that an archive holds; undefined for none. */
  choose(choices: readonly ImageChoice[]): Promise<ImageChoice | undefined>;
}

/**
 * Opens the image at a place. An archive with several asks which one is meant, and `chosen` hears of the place that says so.
 * Throws a `SourceError`, or the signal's reason.
 */
export async function openPlace(
  place: ImagePlace,
  places: Places,
  onProgress: (progress: ReadProgress) => void,
  chosen: (place: ImagePlace) => void,
  signal: AbortSignal,
): Promise<OpenImage> {
  if (place.kind === 'reference') return openReference(place, places, onProgress, signal);
  try {
    return await openFile(place, places, onProgress, signal);
  } catch (error) {
    if (!(error instanceof ImageChoiceError)) throw error;
    const choice = await places.choose(error.choices);
    signal.throwIfAborted();
    if (choice === undefined) throw error;
    const exact = {
      kind: place.kind,
      uri: place.uri,
      reference: choice.reference ?? choice.imageId,
      ...present({ platform: choice.platform }),
    };
    chosen(exact);
    return openFile(exact, places, onProgress, signal);
  }
}

type FilePlace = Extract<ImagePlace, { kind: 'archive' | 'layout' }>;
type ReferencePlace = Extract<ImagePlace, { kind: 'reference' }>;

function openFile(
  place: FilePlace,
  { indexing, sources }: Places,
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal,
): Promise<OpenImage> {
  const uri = Uri.parse(place.uri);
  if (uri.scheme !== 'file') throw new SourceError('unsupported', notALocalFile());
  const open = place.kind === 'archive' ? openArchive : openLayout;
  const { reference, platform } = place;
  const options = { indexing, cache: sources.layerIndexes, onProgress, signal };
  return open(uri.fsPath, { ...options, ...present({ reference, platform }) });
}

async function openReference(
  { reference, platform, source }: ReferencePlace,
  { sources, indexing }: Places,
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal,
): Promise<OpenImage> {
  const open = (only: 'engine' | 'registry'): Promise<OpenImage> =>
    openSource(
      reference,
      { ...sources.images, indexing, indexes: sources.layerIndexes },
      {
        only,
        ...present({ platform }),
        defaultPlatform: () => Promise.resolve(sources.platform),
        onProgress,
        signal,
      },
    );
  if (source !== undefined) return open(source);
  try {
    return await open('engine');
  } catch (error) {
    // A name is asked for in turn, so that a file of that name in some folder is never taken for the image.
    if (!isSourceError(error) || sources.images.registry === undefined || isId(reference)) throw error;
    return open('registry');
  }
}

function isId(reference: string): boolean {
  return /^(?:sha256:)?[0-9a-f]{12,64}$/.test(reference);
}

/** A place as other code hands it in, a saved state or a command's argument; undefined for anything else. */
export function readPlace(value: unknown): ImagePlace | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, reference, uri, platform, source } = value as Readonly<Record<string, unknown>>;
  const text = (of: unknown): string | undefined => (typeof of === 'string' && of !== '' ? of : undefined);
  if (kind === 'reference' && text(reference) !== undefined) {
    return {
      kind,
      reference: text(reference)!,
      ...present({
        platform: text(platform),
        source: source === 'engine' || source === 'registry' ? source : undefined,
      }),
    };
  }
  if ((kind === 'archive' || kind === 'layout') && text(uri) !== undefined) {
    return { kind, uri: text(uri)!, ...present({ reference: text(reference), platform: text(platform) }) };
  }
  return undefined;
}
