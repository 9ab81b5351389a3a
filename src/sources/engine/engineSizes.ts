import type { BaseAnswer, BaseSizeSource, NoSize, Platform } from '../../core/base/baseSize.ts';
import { familiarName, type Reference } from '../../core/base/reference.ts';
import { noSizeFor, SourceError } from '../error.ts';
import type { HistoryAnswer, InspectAnswer } from './answers.ts';
import type { EngineConnection } from './connection.ts';
import type { Engine } from './engine.ts';
import { findImage } from './findImage.ts';

/** What the local engine measures of the images that it has. It says nothing about downloads. */
export class EngineSizes implements BaseSizeSource {
  readonly kind = 'engine';
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async lookUp(reference: Reference, platform: Platform, signal: AbortSignal): Promise<BaseAnswer> {
    try {
      const connection = await this.#engine.connect(signal);
      const image = await findImage(connection, reference, signal);
      const theirs = platformOf(image);
      if (!samePlatform(theirs, platform)) return { none: otherPlatform(reference, theirs, platform) };
      const bytes = await sizeOnDisk(connection, image, signal);
      return { sizes: { onDisk: { bytes, basis: 'measured' }, platform } };
    } catch (error) {
      signal.throwIfAborted();
      return { none: noSizeFor(error) };
    }
  }
}

/**
 * The sum of the uncompressed layers, in bytes. It is what the history of the image adds up to: Docker with the
 * containerd store counts the compressed blobs into `Size` as well, and Podman the configuration. `Size` is right where
 * the history leaves layers out (it has fewer entries than there are layers), and for the classic store it is the same.
 */
async function sizeOnDisk(connection: EngineConnection, image: InspectAnswer, signal: AbortSignal): Promise<number> {
  const bytes = historySize(await connection.history(image.Id, signal), image) ?? image.Size;
  if (bytes === undefined) throw new SourceError('invalid', 'The engine does not say how large the image is.');
  return bytes;
}

function historySize(history: HistoryAnswer, image: InspectAnswer): number | undefined {
  if (history.length < (image.RootFS?.Layers.length ?? 0)) return undefined;
  const sizes = history.map((entry) => entry.Size);
  const known = sizes.filter((size) => size !== undefined);
  if (known.length < sizes.length) return undefined;
  const sum = known.reduce((total, size) => total + size, 0);
  // A store that has not unpacked the image knows no layer's size.
  return sum === 0 && (image.Size ?? 0) > 0 ? undefined : sum;
}

/** `os/arch[/variant]` of an image; engines leave out what they do not know. */
export function platformOf(image: InspectAnswer): Platform {
  return [image.Os ?? 'linux', image.Architecture, image.Variant].filter((part) => part !== undefined).join('/');
}

/** Whether an image is for a platform. A variant counts only where both name one: engines often leave it out. */
export function samePlatform(theirs: Platform, asked: Platform): boolean {
  const [os, architecture, variant] = theirs.split('/');
  const [askedOs, askedArchitecture, askedVariant] = asked.split('/');
  return (
    os === askedOs &&
    (architecture === undefined || architecture === askedArchitecture) &&
    (variant === undefined || askedVariant === undefined || variant === askedVariant)
  );
}

function otherPlatform(reference: Reference, theirs: Platform, asked: Platform): NoSize {
  return {
    code: 'platform',
    message: `The local engine has ${familiarName(reference)} for ${theirs}, not for ${asked}.`,
  };
}
