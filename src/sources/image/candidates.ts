import type { Platform } from '../../core/base/baseSize.ts';
import { present } from '../../core/present.ts';
import { SourceError } from '../error.ts';
import { decodeManifest, type Descriptor, type ImageManifest } from '../registry/manifest.ts';
import { isNoPlatform, printPlatform } from '../registry/platform.ts';
import { digestOf, verifyDigest } from '../registry/content.ts';
import { blobName, digestOfBlobName, type ImageFiles } from './files.ts';
import { LayerError } from './layerError.ts';
import { decodeConfig, type DecodedConfig, decodeSavedImages, type SavedImage } from './manifests.ts';

/** One image of the perhaps several that an archive or a layout folder holds. */
export interface ImageCandidate {
  /** The names it was saved under: references, or whatever a tool wrote. */
  readonly names: readonly string[];
  readonly platform?: Platform;
  /** Digest of the config. */
  readonly imageId: string;
  /** Digest of the manifest, where there is one. */
  readonly manifestDigest?: string;
  readonly config: DecodedConfig;
  /** From base to top. */
  readonly layers: readonly LayerFile[];
  /** Why the config could not be read; then `config` is empty. */
  readonly configProblem?: string;
}

export interface LayerFile {
  /** Name among the {@link ImageFiles}. */
  readonly name: string;
  readonly digest?: string;
  readonly mediaType?: string;
}

/** More manifests than this are an attack, not an image: the largest indexes have some twenty platforms. */
const manifestLimit = 1024;

/**
 * All images that are there, found by what is there: `index.json` leads to the images of an OCI layout, `manifest.json`
 * to those of `docker save`, and an archive that has both (Docker since 25) says the same thing twice, so that what has
 * one config is one image under all of its names. Attestations and other artifacts are no images.
 * Throws a `SourceError` where there is not one.
 */
export async function findCandidates(files: ImageFiles): Promise<readonly ImageCandidate[]> {
  const finder = new CandidateFinder(files);
  const [index, saved] = [await files.readDocument('index.json'), await files.readDocument('manifest.json')];
  if (index !== undefined) await finder.walkIndex(index);
  if (saved !== undefined) await finder.addSaved(saved);
  if (index === undefined && saved === undefined) throw await noImage(files);
  const complete = await finder.withLayers();
  if (complete.length > 0) return complete;
  const reason = finder.problems[0] ?? 'It lists no image.';
  throw new SourceError('invalid', `No image can be read from ${files.path}. ${reason}`);
}

async function noImage(files: ImageFiles): Promise<SourceError> {
  if (await files.has('repositories')) {
    const message = `${files.path} was saved by Docker before 1.10: load it into an engine and save it again.`;
    return new SourceError('unsupported', message);
  }
  return new SourceError('unsupported', `${files.path} is no image: it has neither manifest.json nor index.json.`);
}

class CandidateFinder {
  readonly problems: string[] = [];
  readonly #files: ImageFiles;
  readonly #byConfig = new Map<string, ImageCandidate>();
  /** Digests that were looked at, with the id of the image that each turned out to be. */
  readonly #seen = new Map<string, string | undefined>();

  constructor(files: ImageFiles) {
    this.#files = files;
  }

  async walkIndex(bytes: Uint8Array): Promise<void> {
    const root = this.#decoded('index.json', () => decodeManifest(bytes, 'index.json'));
    if (root?.kind !== 'index') return;
    const waiting = root.manifests.map((descriptor) => ({ descriptor, names: namesOf(descriptor) }));
    // First in, first out, so that candidates keep the order of the index; indexes may name each other in circles.
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { descriptor, names } = next;
      if (isAttestation(descriptor)) continue;
      if (this.#seen.has(descriptor.digest)) {
        this.#addNames(this.#seen.get(descriptor.digest), names);
        continue;
      }
      this.#seen.set(descriptor.digest, undefined);
      if (this.#seen.size > manifestLimit) {
        throw new SourceError('invalid', `${this.#files.path} lists more than ${manifestLimit} manifests.`);
      }
      const bytes = await this.#blob(descriptor.digest);
      if (bytes === undefined) continue;
      const document = this.#decoded(descriptor.digest, () => decodeManifest(bytes, descriptor.digest));
      if (document?.kind === 'index') {
        const children = document.manifests;
        waiting.push(...children.map((child) => ({ descriptor: child, names: [...names, ...namesOf(child)] })));
      } else if (document?.kind === 'image') {
        this.#seen.set(descriptor.digest, document.config.digest);
        await this.#addManifest(descriptor, names, document);
      }
    }
  }

  async addSaved(bytes: Uint8Array): Promise<void> {
    const saved = this.#decoded('manifest.json', () => decodeSavedImages(bytes)) ?? [];
    if (saved.length > manifestLimit) {
      throw new SourceError('invalid', `${this.#files.path} lists more than ${manifestLimit} images.`);
    }
    for (const image of saved) await this.#addSavedImage(image);
  }

  /** An index may name platforms that were never fetched: they are left out where another platform is there. */
  async withLayers(): Promise<ImageCandidate[]> {
    const all = [...this.#byConfig.values()];
    const there: ImageCandidate[] = [];
    for (const candidate of all) {
      const has = await Promise.all(candidate.layers.map(({ name }) => this.#files.has(name)));
      if (has.length === 0 || has.some(Boolean)) there.push(candidate);
    }
    return there.length > 0 ? there : all;
  }

  async #addManifest(descriptor: Descriptor, names: readonly string[], manifest: ImageManifest): Promise<void> {
    const imageId = manifest.config.digest;
    const read = await this.#config(blobName(imageId), imageId);
    const platform = descriptor.platform ? printPlatform(descriptor.platform) : read.config.platform;
    this.#add({
      names,
      imageId,
      manifestDigest: descriptor.digest,
      layers: manifest.layers.map(({ digest, mediaType }) => ({
        name: blobName(digest),
        digest,
        ...(mediaType === '' ? {} : { mediaType }),
      })),
      ...read,
      ...present({ platform }),
    });
  }

  async #addSavedImage(image: SavedImage): Promise<void> {
    const bytes = await this.#document(image.config);
    const imageId = bytes === undefined ? savedId(image.config) : digestOf(bytes);
    const read = await this.#config(image.config, undefined);
    this.#add({
      names: image.names,
      imageId,
      layers: image.layers.map((name) => ({ name, ...present({ digest: digestOfBlobName(name) }) })),
      ...read,
      ...present({ platform: read.config.platform }),
    });
  }

  #add(candidate: ImageCandidate): void {
    if (!this.#byConfig.has(candidate.imageId)) this.#byConfig.set(candidate.imageId, candidate);
    else this.#addNames(candidate.imageId, candidate.names);
  }

  #addNames(imageId: string | undefined, names: readonly string[]): void {
    const image = imageId === undefined ? undefined : this.#byConfig.get(imageId);
    if (image !== undefined)
      this.#byConfig.set(image.imageId, { ...image, names: [...new Set([...image.names, ...names])] });
  }

  /** An image whose config is lost still has layers to show. */
  async #config(name: string, digest: string | undefined): Promise<Pick<ImageCandidate, 'config' | 'configProblem'>> {
    const bytes = digest === undefined ? await this.#document(name) : await this.#blob(digest);
    const config = bytes && this.#decoded(name, () => decodeConfig(bytes));
    if (config !== undefined) return { config };
    const configProblem = `The image’s config ${name} is missing or damaged, so there is no history.`;
    return { config: decodeConfig(new TextEncoder().encode('{}')), configProblem };
  }

  async #blob(digest: string): Promise<Uint8Array | undefined> {
    const bytes = await this.#document(blobName(digest));
    if (bytes === undefined) return undefined;
    return this.#decoded(digest, () => {
      verifyDigest(bytes, digest, blobName(digest));
      return bytes;
    });
  }

  async #document(name: string): Promise<Uint8Array | undefined> {
    try {
      const bytes = await this.#files.readDocument(name);
      if (bytes === undefined) this.problems.push(`${name} is missing.`);
      return bytes;
    } catch (error) {
      if (!(error instanceof LayerError)) throw error;
      this.problems.push(error.message);
      return undefined;
    }
  }

  #decoded<T>(name: string, decode: () => T): T | undefined {
    try {
      return decode();
    } catch (error) {
      const reason = error instanceof SourceError ? error.message : `${name} is damaged: ${messageOf(error)}.`;
      this.problems.push(reason);
      return undefined;
    }
  }
}

/** What a decoder says, without the name of its class. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}

/** `docker save` names a config after its digest. */
function savedId(configName: string): string {
  const hex = /[0-9a-f]{64}/.exec(configName)?.[0];
  return hex === undefined ? digestOf(new TextEncoder().encode(configName)) : `sha256:${hex}`;
}

/** The annotations under which tools keep the name of an image in an index. */
const nameAnnotations = ['io.containerd.image.name', 'org.opencontainers.image.ref.name'];

function namesOf(descriptor: Descriptor): string[] {
  const names = nameAnnotations.map((key) => descriptor.annotations[key]).filter((name) => name !== undefined);
  // Docker writes the full name in the one and its bare tag in the other.
  return [...new Set(names)].filter((name) => !names.some((other) => other.endsWith(`:${name}`)));
}

function isAttestation({ annotations, platform }: Descriptor): boolean {
  const isFor = annotations['vnd.docker.reference.type'] === 'attestation-manifest';
  return isFor || (platform !== undefined && isNoPlatform(platform));
}
