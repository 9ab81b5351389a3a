import * as v from 'valibot';
import type { Reference } from '../../core/base/reference.ts';
import { isSourceError } from '../error.ts';
import type { RegistryClient } from './client.ts';
import { digestPattern } from './manifest.ts';
import type { ImagePlatform } from './platform.ts';
import { readWhole } from './readAnswer.ts';

/** What Docker Hub's tag API says of one platform's image. */
export interface HubImage {
  readonly platform: ImagePlatform;
  readonly digest: string;
  /** Compressed bytes. */
  readonly bytes: number;
}

export interface HubTag {
  /** Of what the tag names; absent for tags that were pushed long ago. */
  readonly digest?: string;
  readonly images: readonly HubImage[];
}

const maxTagBytes = 2_000_000;

const image = v.object({
  os: v.string(),
  architecture: v.string(),
  variant: v.nullish(v.string()),
  digest: v.pipe(v.string(), v.regex(digestPattern)),
  size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

const tagAnswer = v.object({
  digest: v.nullish(v.string()),
  images: v.array(v.fallback(v.nullable(image), null)),
});

/**
 * Asks Docker Hub for a tag's sizes, which costs no pull. Undefined where it does not say: the repository is private, the API has
 * changed, is limited or away. The registry answers then.
 */
export async function hubTag(
  client: RegistryClient,
  reference: Reference,
  signal: AbortSignal,
): Promise<HubTag | undefined> {
  try {
    const answer = await client.sendToHub(
      `/v2/repositories/${reference.path}/tags/${reference.tag ?? 'latest'}`,
      signal,
    );
    const bytes = await readWhole(answer, maxTagBytes, 'a tag');
    const decoded = v.safeParse(v.pipe(v.string(), v.parseJson(), tagAnswer), new TextDecoder().decode(bytes));
    if (!decoded.success) return undefined;
    const { digest, images } = decoded.output;
    return {
      ...(digest ? { digest } : {}),
      images: images
        .filter((entry) => entry !== null)
        .map(({ os, architecture, variant, digest, size }) => ({
          platform: { os, architecture, ...(variant ? { variant } : {}) },
          digest,
          bytes: size,
        })),
    };
  } catch (error) {
    if (isSourceError(error)) return undefined;
    throw error;
  }
}
