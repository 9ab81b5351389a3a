import type { ImageInfo } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import { isSourceError } from '../error.ts';
import { mapLimited } from '../registry/mapLimited.ts';
import { describeEngineImage } from './describeImage.ts';
import type { Engine } from './engine.ts';

/** An image that the engine has, as far as its list tells. */
export interface LocalImage {
  readonly imageId: string;
  /** None for what a build left without a name. */
  readonly names: readonly string[];
  readonly bytes?: number;
  /** Seconds since 1970: whole ones from a list, with their parts where the image was looked at. */
  readonly created?: number;
}

/** Images that are looked at when one is sought by its history, the newest: each costs two requests. */
const searched = 100;
const atATime = 6;

/** The engine's images, the newest first, by the seconds that a list tells. Throws a `SourceError`, or the signal's reason. */
export async function localImages(engine: Engine, signal: AbortSignal): Promise<LocalImage[]> {
  const connection = await engine.connect(signal);
  const images = (await connection.images(signal)).map(({ Id, RepoTags, Size, Created }): LocalImage => ({
    imageId: Id,
    names: RepoTags,
    ...present({ bytes: Size, created: Created }),
  }));
  return images.sort((a, b) => newestFirst(a, b) || (a.imageId < b.imageId ? -1 : 1));
}

function newestFirst(a: LocalImage, b: LocalImage): number {
  return (b.created ?? 0) - (a.created ?? 0);
}

/** An image and how well it answers a question, 0 to 1. */
export interface ScoredImage extends LocalImage {
  readonly score: number;
  readonly info: ImageInfo;
}

/**
 * The engine's images that answer a question about their history, the best first, the newest first among equals, also of one
 * second: a build is often followed by another. Those with a score of 0 are left out. Throws as {@link localImages}; an image that goes away meanwhile is passed over.
 */
export async function imagesByHistory(
  engine: Engine,
  score: (info: ImageInfo) => number,
  signal: AbortSignal,
): Promise<ScoredImage[]> {
  const images = (await localImages(engine, signal)).slice(0, searched);
  const connection = await engine.connect(signal);
  const scored = await mapLimited(images, atATime, signal, async (image, until): Promise<ScoredImage | undefined> => {
    try {
      const [inspected, history] = await Promise.all([
        connection.inspect(image.imageId, until),
        connection.history(image.imageId, until),
      ]);
      const info = describeEngineImage(inspected, history, undefined, image.names[0]);
      const created = Date.parse(inspected.Created ?? '') / 1000;
      return { ...image, ...(Number.isNaN(created) ? {} : { created }), info, score: score(info) };
    } catch (error) {
      if (isSourceError(error) && error.code === 'absent') return undefined;
      throw error;
    }
  });
  return scored
    .flatMap((image) => (image && image.score > 0 ? [image] : []))
    .sort((a, b) => b.score - a.score || newestFirst(a, b));
}

/** The image of a name or an id; undefined where the engine has none of that name. Throws as {@link localImages}. */
export async function imageNamed(engine: Engine, name: string, signal: AbortSignal): Promise<ScoredImage | undefined> {
  const connection = await engine.connect(signal);
  try {
    const [inspected, history] = await Promise.all([
      connection.inspect(name, signal),
      connection.history(name, signal),
    ]);
    const info = describeEngineImage(inspected, history, undefined, name);
    return { imageId: inspected.Id, names: inspected.RepoTags, info, score: 1 };
  } catch (error) {
    if (isSourceError(error) && error.code === 'absent') return undefined;
    throw error;
  }
}
