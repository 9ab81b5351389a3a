import type { Platform } from '../../core/base/baseSize.ts';
import { formatReference, parseReference } from '../../core/base/reference.ts';
import { present } from '../../core/present.ts';
import { SourceError } from '../error.ts';
import type { ImageCandidate } from './candidates.ts';
import { parsePlatform, platformDistance } from '../registry/platform.ts';

/** Which image of several is meant. */
export interface Choice {
  /** A name that the archive gives the image, or its id or digest (`sha256:…`). */
  readonly reference?: string;
  readonly platform?: Platform;
}

/** What can be chosen instead: `reference` is absent where the image has no name. */
export interface ImageChoice {
  readonly reference?: string;
  readonly platform?: Platform;
  readonly imageId: string;
}

/** An archive or folder holds several images, and what was asked for is none of them or more than one. */
export class ImageChoiceError extends SourceError {
  readonly choices: readonly ImageChoice[];

  constructor(code: 'absent' | 'platform', message: string, choices: readonly ImageChoice[]) {
    super(code, message);
    this.name = 'ImageChoiceError';
    this.choices = choices;
  }
}

/** The one image that `choice` means. Throws an {@link ImageChoiceError} that lists all where it is none or several. */
export function chooseImage(candidates: readonly ImageCandidate[], choice: Choice, path: string): ImageCandidate {
  const { reference, platform } = choice;
  const named = reference === undefined ? candidates : candidates.filter((image) => isNamed(image, reference));
  if (named.length === 0) throw choiceError('absent', `${path} has no image ${reference!}`, candidates);
  const fitting = platform === undefined ? named : nearest(named, platform);
  if (fitting.length === 0) throw choiceError('platform', `${path} has no image for ${platform!}`, named);
  if (fitting.length === 1) return fitting[0]!;
  const differ = new Set(fitting.map((image) => image.platform)).size > 1 ? 'platform' : 'absent';
  throw choiceError(differ, `${path} has several images: choose one by its reference or platform`, fitting);
}

/** Those that serve the platform best: an older variant runs on a newer machine. */
function nearest(images: readonly ImageCandidate[], platform: Platform): readonly ImageCandidate[] {
  const wanted = parsePlatform(platform);
  const distances = images.map((image) => {
    const offered = image.platform === undefined ? undefined : parsePlatform(image.platform);
    return wanted && offered ? (platformDistance(wanted, offered) ?? Infinity) : Infinity;
  });
  const least = Math.min(...distances);
  return images.filter((_, at) => distances[at] === least && least < Infinity);
}

function isNamed(image: ImageCandidate, reference: string): boolean {
  if (image.imageId === reference || image.manifestDigest === reference || image.names.includes(reference)) return true;
  const wanted = wholeName(reference);
  return image.names.some((name) => wholeName(name) === wanted);
}

/** Names that are references are compared as references, so that `app` finds `docker.io/library/app:latest`. */
function wholeName(text: string): string {
  const parsed = parseReference(text);
  return 'reference' in parsed ? formatReference(parsed.reference) : text;
}

/** More than this would not be read by anyone. */
const listed = 20;

function choiceError(
  code: 'absent' | 'platform',
  sentence: string,
  images: readonly ImageCandidate[],
): ImageChoiceError {
  const lines = images.slice(0, listed).map((image) => {
    const name = image.names.length > 0 ? image.names.join(', ') : image.imageId;
    return image.platform === undefined ? name : `${name} (${image.platform})`;
  });
  if (images.length > listed) lines.push(`${images.length - listed} more`);
  const choices = images.map((image) => ({
    imageId: image.imageId,
    ...present({ reference: image.names[0], platform: image.platform }),
  }));
  return new ImageChoiceError(code, `${sentence}. It has: ${lines.join('; ')}.`, choices);
}
