import type { Size } from '../size.ts';
import type { Reference } from './reference.ts';

/** `os/arch` or `os/arch/variant`, as `linux/amd64`, `linux/arm/v7`. */
export type Platform = string;

/** What a base weighs, as far as one source or all of them together know. */
export interface BaseSizes {
  /** The sum of the uncompressed layers. */
  readonly onDisk?: Size;
  /** The sum of the compressed layers, as a pull fetches them. */
  readonly download?: Size;
  readonly platform: Platform;
  /** Manifest digest of the platform's image, where the source knows it. */
  readonly digest?: string;
  /** Where the answer is another image's: `golang:1.26-alpine` for `golang:1.26.3-alpine3.23`. Then the basis is `estimated`. */
  readonly by?: string;
}

/** Why a source has no size. `absent` is a normal answer; the others say what stood in the way. */
export type NoSizeCode =
  | 'absent' // it was asked and does not have this image
  | 'unavailable' // it cannot be asked at all: no engine runs, offline, untrusted workspace
  | 'platform' // it has the image, not for this platform
  | 'denied' // it wants credentials that we do not have, or refuses ours
  | 'limited' // it says: too many requests
  | 'timeout'
  | 'invalid' // it answered something that is no valid answer
  | 'network'; // it could not be reached

export interface NoSize {
  readonly code: NoSizeCode;
  /** One sentence for people, without secrets: `ghcr.io wants credentials for acme/app.` */
  readonly message: string;
}

export type BaseAnswer = { readonly sizes: BaseSizes } | { readonly none: NoSize };

export const sourceKinds = ['engine', 'cache', 'registry', 'catalogue'] as const;
export type SourceKind = (typeof sourceKinds)[number];

/**
 * Something that can be asked what a base weighs. It answers, or says why not; it throws only the signal's reason
 * when it is cancelled.
 */
export interface BaseSizeSource {
  readonly kind: SourceKind;
  lookUp(reference: Reference, platform: Platform, signal: AbortSignal): Promise<BaseAnswer>;
}
