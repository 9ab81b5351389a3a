import { parseReference } from '../../core/base/reference.ts';
import { SourceError } from '../error.ts';
import { imageKindAt } from './openImage.ts';

/** What the SOURCE of a command is. */
export type Located =
  | { readonly kind: 'archive' | 'layout'; readonly path: string; readonly reference?: string }
  | { readonly kind: 'reference'; readonly reference: string };

/**
 * Tells an archive or a layout folder from an image reference by what is there: a file or folder that holds an image is
 * meant; `PATH:REFERENCE` chooses one of the images in it; anything else is a reference, so that a folder `app` does not
 * hide the image `app`. Throws a `SourceError` where it is neither.
 */
export async function locateImage(source: string): Promise<Located> {
  const kind = await imageKindAt(source);
  if (kind !== undefined) return { kind, path: source };
  // From the right, because a path may have colons too; a reference has one or more of its own.
  for (let colon = source.lastIndexOf(':'); colon > 0; colon = source.lastIndexOf(':', colon - 1)) {
    const path = source.slice(0, colon);
    const inside = await imageKindAt(path);
    if (inside !== undefined) return { kind: inside, path, reference: source.slice(colon + 1) };
  }
  const parsed = parseReference(source);
  if ('reference' in parsed) return { kind: 'reference', reference: source };
  if (/^\.{0,2}[\\/]|\.(?:tar|tgz|gz|zst)$/.test(source)) {
    throw new SourceError('absent', `${source} is no image archive and no OCI layout folder, or does not exist.`);
  }
  throw new SourceError(
    'invalid',
    `${source} is no image archive, no OCI layout folder and no reference. ${parsed.problem}`,
  );
}
