import { stat } from 'node:fs/promises';
import { parseReference } from '../../core/base/reference.ts';
import { SourceError } from '../error.ts';
import { isFileError } from './fileError.ts';
import { imageKindAt } from './openImage.ts';

/** What is a path to everybody who reads it, also where it could be a reference: `./app`, `app.tar`, but not `app:1.tar`. */
const pathPattern = /^(?:\.{0,2}[\\/].*|[^:]*\.(?:tar|tgz|gz|zst|xz|bz2))$/is;

/** What the SOURCE of a command is. */
export type Located =
  | { readonly kind: 'archive' | 'layout'; readonly path: string; readonly reference?: string }
  | { readonly kind: 'reference'; readonly reference: string };

/**
 * Tells an archive or a layout folder from an image reference by what is there: a file or folder that holds an image is
 * meant; `PATH:REFERENCE` chooses one of the images in it; anything else is a reference, so that a folder `app` does not
 * hide the image `app`. What only a path looks like is none: no registry is asked for an archive that is damaged or
 * misspelt. Throws a `SourceError` where it is neither.
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
  if (pathPattern.test(source)) throw await noImageAt(source);
  const parsed = parseReference(source);
  if ('reference' in parsed) return { kind: 'reference', reference: source };
  throw new SourceError(
    'invalid',
    `${source} is no image archive, no OCI layout folder and no reference. ${parsed.problem}`,
  );
}

async function noImageAt(place: string): Promise<SourceError> {
  try {
    const found = await stat(place);
    const reason = found.isDirectory()
      ? 'no OCI layout folder: it has no index.json'
      : !found.isFile()
        ? 'neither a file nor a folder'
        : found.size === 0
          ? 'no image archive: it is empty'
          : 'no image archive: it does not begin as a tar does, nor as a compressed one';
    return new SourceError('unsupported', `${place} is ${reason}.`);
  } catch (error) {
    if (!isFileError(error)) throw error;
    return new SourceError('absent', `${place} does not exist.`, { cause: error });
  }
}
