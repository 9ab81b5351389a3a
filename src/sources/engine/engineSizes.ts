import type { BaseAnswer, BaseSizeSource, NoSize, Platform } from '../../core/base/baseSize.ts';
import { familiarName, type Reference } from '../../core/base/reference.ts';
import { noSizeFor, SourceError } from '../error.ts';
import { isNoPlatform, parsePlatform, platformDistance, printPlatform } from '../registry/platform.ts';
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
      if (!servesPlatform(image, platform)) return { none: otherPlatform(reference, platformOf(image), platform) };
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
  return printPlatform({
    os: image.Os ?? 'linux',
    architecture: image.Architecture ?? 'unknown',
    ...(image.Variant === undefined ? {} : { variant: image.Variant }),
  });
}

/** Whether an image serves a platform: as a registry's image would be chosen for it, and also where it does not say. */
export function servesPlatform(image: InspectAnswer, asked: Platform): boolean {
  const offered = parsePlatform(platformOf(image));
  const wanted = parsePlatform(asked);
  if (!offered || !wanted || isNoPlatform(offered)) return true;
  return platformDistance(wanted, offered) !== undefined;
}

/** Why an image that is there is not the one. */
export function otherPlatform(reference: Reference, theirs: Platform, asked: Platform): NoSize {
  return {
    code: 'platform',
    message: `The local engine has ${familiarName(reference)} for ${theirs}, not for ${asked}.`,
  };
}
