import { parseDocument } from 'yaml';
import { list, record } from './looseValues.ts';

/** A `kustomization.yaml`, as far as it says which image a manifest starts in the end. */
export interface Kustomization {
  /** Manifests, patches of such, and folders with a kustomization of their own; as they are written. */
  readonly resources: readonly string[];
  /** Folders whose changes are made to the resources, before those of this file. */
  readonly components: readonly string[];
  readonly images: readonly ImageChange[];
}

/** An item of `images`. */
export interface ImageChange {
  /** Without tag and digest; it must be the very text of the manifest. */
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

/** A kustomization at its place: all paths are absolute. */
export interface PlacedKustomization extends Kustomization {
  readonly folder: string;
}

/**
 * Reads a kustomization; what is none, or cannot be read, says nothing.
 * https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
 */
export function readKustomization(text: string): Kustomization {
  const fields = record(valueOf(text));
  const patches = list(fields.patches).map((patch) => record(patch).path);
  return {
    resources: [fields.resources, fields.bases, fields.patchesStrategicMerge, patches].flatMap(paths),
    components: paths(fields.components),
    images: list(fields.images).flatMap((item) => {
      const { name, newName, newTag, digest } = record(item);
      if (typeof name !== 'string') return [];
      const tag = typeof newTag === 'number' ? String(newTag) : newTag;
      return {
        name,
        ...(typeof newName === 'string' ? { newName } : {}),
        ...(typeof tag === 'string' ? { newTag: tag } : {}),
        ...(typeof digest === 'string' ? { digest } : {}),
      };
    }),
  };
}

function valueOf(text: string): unknown {
  try {
    return parseDocument(text, { merge: true, strict: false, logLevel: 'silent' }).toJS();
  } catch {
    return undefined; // Aliases that lead nowhere, or that would grow without end.
  }
}

/** Patches may also be written out, and resources may be fetched: neither is a file of the project. */
function paths(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === 'string' && !/[\n]|:\/\/|\?ref=/.test(item)) as readonly string[];
}

/** Tells what the images of manifests are called in the end. */
export class ImageNamer {
  /** Who takes a manifest or a folder. */
  readonly #takers = new Map<string, PlacedKustomization[]>();
  readonly #components = new Map<string, readonly ImageChange[]>();

  constructor(kustomizations: readonly PlacedKustomization[]) {
    for (const each of kustomizations) {
      this.#components.set(each.folder, each.images);
      for (const path of [...each.resources, ...each.components])
        this.#takers.set(path, [...(this.#takers.get(path) ?? []), each]);
    }
  }

  /**
   * The names that an image of a manifest has where the manifest is put to use: one for each kustomization that no other takes
   * up again, as overlays are; its own name where there is none.
   *
   * @param file absolute
   */
  namesOf(file: string, image: string): readonly string[] {
    const names = new Set<string>();
    const seen = new Set<string>();
    const open = [{ at: file, name: image }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { at, name } = next;
      // By several ways to the same place, or around in a circle.
      if (seen.has(`${at}\n${name}`)) continue;
      seen.add(`${at}\n${name}`);
      const takers = this.#takers.get(at) ?? [];
      if (takers.length === 0) names.add(name);
      for (const { folder, components, images } of takers) {
        const changes = [...components.flatMap((each) => this.#components.get(each) ?? []), ...images];
        open.push({ at: folder, name: changes.reduce(changed, name) });
      }
    }
    return names.size === 0 ? [image] : [...names];
  }
}

function changed(image: string, { name, newName = name, newTag, digest }: ImageChange): string {
  if (image.replace(/@.*$/, '').replace(/:[^/]*$/, '') !== name) return image;
  if (newTag === undefined && digest === undefined) return newName + image.slice(name.length);
  return `${newName}${newTag === undefined ? '' : `:${newTag}`}${digest === undefined ? '' : `@${digest}`}`;
}
