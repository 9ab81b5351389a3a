import { posix } from 'node:path';

/** A name as manifests write it (`./blobs/…`), as the archive's own members are named; undefined for one that leaves it. */
export function cleanName(name: string): string | undefined {
  const clean = posix.normalize(name);
  if (clean.startsWith('/') || clean === '..' || clean.startsWith('../') || clean.includes('\0')) return undefined;
  return clean;
}

/** What a symbolic link at `name` means: its target is relative to the folder that it is in. */
export function linkedName(name: string, target: string): string | undefined {
  return target.startsWith('/') ? undefined : cleanName(posix.join(posix.dirname(name), target));
}

/** More links than this in a row are a circle. */
const longestChain = 16;

/**
 * Follows links to the name that is none: old `docker save` writes a layer once, and links to it for the images that
 * share it. Undefined for a circle.
 */
export function followLinks(name: string, links: ReadonlyMap<string, string>): string | undefined {
  let at = name;
  for (let steps = 0; steps <= longestChain; steps++) {
    const target = links.get(at);
    if (target === undefined) return at;
    at = target;
  }
  return undefined;
}
