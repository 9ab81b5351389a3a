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
  // What looks like an id could be a repository's name, but nobody would publish under it.
  const id = only !== 'registry' && isId(source) ? source : undefined;
  const reference = id === undefined && 'reference' in parsed ? parsed.reference : undefined;
  if ('problem' in parsed && id === undefined) throw new SourceError('invalid', `${source}: ${parsed.problem}`);
  let failure = new SourceError(
    'unavailable',
    `${source} is no image archive or layout folder here, and neither engine nor registry may be asked.`,
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
  try {
    const reading = { ...present({ cache: indexes }), platform: target, indexing, signal };
    return await openRegistryImage(registry, reference, reading);
  } catch (error) {
    if (!isSourceError(error) || engine === undefined || only !== undefined) throw error;
    // Where nobody has it, both reasons count: it may be a misspelt local name, or a registry that is out of reach.
    throw new SourceError(error.code, `${failure.message.replace(/\.$/, '')}; ${error.message}`, { cause: error });
  }
}

/** The id of an image, or the start of one as engines print it. */
function isId(source: string): boolean {
  return /^(?:sha256:[0-9a-f]{4,64}|[0-9a-f]{12,64})$/.test(source);
}
