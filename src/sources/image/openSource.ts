import type { OpenImage } from '../../core/image/image.ts';
import { openFile, type OpenFileOptions } from './openFile.ts';
import { openReference, type OpenReferenceOptions, type ReferenceSources } from './openReference.ts';

/** Where images may come from, and what reads their layers. */
export type ImageSources = ReferenceSources;
export type OpenSourceOptions = OpenFileOptions & OpenReferenceOptions;

/**
 * Opens what a user calls an image: an archive or a layout folder where one is there, else a reference or an id, which
 * the engine is asked for, and then the registry. Throws a `SourceError`, or the signal's reason.
 */
export async function openSource(
  source: string,
  sources: ImageSources,
  options: OpenSourceOptions,
): Promise<OpenImage> {
  return (await openFile(source, sources, options)) ?? openReference(source, sources, options);
}
