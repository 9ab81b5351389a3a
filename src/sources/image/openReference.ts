import type { Platform } from '../../core/base/baseSize.ts';
import { parseReference, type Reference } from '../../core/base/reference.ts';
import type { ImageSourceKind, OpenImage } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import type { Engine } from '../engine/engine.ts';
import { openEngineImage } from '../engine/engineImage.ts';
import { isSourceError, SourceError } from '../error.ts';
import type { FileReading } from './openFile.ts';
import { type ImageRegistry, openRegistryImage } from './registryImage.ts';

/** Where the image of a reference may come from, and what reads its layers. */
export interface ReferenceSources extends FileReading {
  /** Absent where no engine may be asked: offline, or an untrusted workspace. */
  readonly engine?: Engine;
  /** Absent where no registry may be asked. */
  readonly registry?: ImageRegistry;
}

export interface OpenReferenceOptions {
  /** Take it from there and from nowhere else. */
  readonly only?: ImageSourceKind;
  readonly platform?: Platform;
  /** Asked for a registry's image where `platform` is absent. */
  readonly defaultPlatform: (signal: AbortSignal) => Promise<Platform>;
  readonly signal: AbortSignal;
}

/** Opens a reference or an id, which the engine is asked for, and then the registry. Throws a `SourceError`, or the signal's reason. */
export async function openReference(
  source: string,
  { engine, registry, indexing, indexes }: ReferenceSources,
  { only, platform, defaultPlatform, signal }: OpenReferenceOptions,
): Promise<OpenImage> {
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
