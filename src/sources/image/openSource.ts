import type { Platform } from '../../core/base/baseSize.ts';
import { parseReference, type Reference } from '../../core/base/reference.ts';
import type { ImageSourceKind, OpenImage, ReadProgress } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngineImage } from '../engine/engineImage.ts';
import { isSourceError, SourceError } from '../error.ts';
import type { IndexCache } from './indexCache.ts';
import type { Indexing } from './jobs.ts';
import { locateImage } from './locate.ts';
import { openArchive, openLayout } from './openImage.ts';
import { type ImageRegistry, openRegistryImage } from './registryImage.ts';

/** Where images may come from, and what reads their layers. */
export interface ImageSources {
  /** Absent where no engine may be asked: offline, or an untrusted workspace. */
  readonly engine?: Engine;
  /** Absent where no registry may be asked. */
  readonly registry?: ImageRegistry;
  readonly indexing: Indexing;
  /** The indexes of layers that were read before. */
  readonly indexes?: IndexCache;
}

export interface OpenSourceOptions {
  /** Take it from there and from nowhere else. */
  readonly only?: ImageSourceKind;
  readonly platform?: Platform;
  /** Asked for a registry's image where `platform` is absent. */
  readonly defaultPlatform: (signal: AbortSignal) => Promise<Platform>;
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Opens what a user calls an image: an archive or a layout folder where one is there, else a reference or an id, which
 * the engine is asked for, and then the registry. Throws a `SourceError`, or the signal's reason.
 */
export async function openSource(
  source: string,
  sources: ImageSources,
  options: OpenSourceOptions,
): Promise<OpenImage> {
  const { only, platform, onProgress, signal } = options;
  const isReference = only === 'engine' || only === 'registry';
  const found = isReference ? undefined : await locateImage(source);
  if (found === undefined || found.kind === 'reference') {
    if (only === undefined || isReference) return openReference(source, sources, options);
    throw new SourceError('absent', `${source} is no ${nouns[only]}, or does not exist.`);
  }
  if (only !== undefined && only !== found.kind) {
    throw new SourceError('unsupported', `${source} is an ${nouns[found.kind]}, not an ${nouns[only]}.`);
  }
  const { indexing, indexes } = sources;
  const open = found.kind === 'archive' ? openArchive : openLayout;
  return open(found.path, {
    ...present({ platform, reference: found.reference, cache: indexes, onProgress }),
    indexing,
    signal,
  });
}

const nouns: Readonly<Record<ImageSourceKind, string>> = {
  engine: 'engine’s image',
  registry: 'image of a registry',
  archive: 'image archive',
  layout: 'OCI layout folder',
};

async function openReference(source: string, sources: ImageSources, options: OpenSourceOptions): Promise<OpenImage> {
  const { only, platform, defaultPlatform, signal } = options;
  const { engine, registry, indexing, indexes } = sources;
  const parsed = parseReference(source);
  const reference = 'reference' in parsed ? parsed.reference : undefined;
  // An engine also knows an image by its id or the start of it.
  const id = /^(?:sha256:[0-9a-f]{4,64}|[0-9a-f]{64})$/.test(source) ? source : undefined;
  if ('problem' in parsed && id === undefined) throw new SourceError('invalid', `${source}: ${parsed.problem}`);
  let failure = new SourceError(
    'unavailable',
    `${source} is no file here, and neither engine nor registry may be asked.`,
  );
  if (engine !== undefined && only !== 'registry') {
    try {
      const named: Reference | string = id ?? reference!;
      return await openEngineImage(engine, named, { ...present({ platform, cache: indexes }), indexing, signal });
    } catch (error) {
      if (!isSourceError(error)) throw error;
      failure = error; // The registry may have what the engine has not.
    }
  }
  if (registry === undefined || reference === undefined || only === 'engine') throw failure;
  const target = platform ?? (await defaultPlatform(signal));
  return openRegistryImage(registry, reference, { ...present({ cache: indexes }), platform: target, indexing, signal });
}
