import * as v from 'valibot';
import { SourceError } from '../error.ts';
import type { ImagePlatform } from './platform.ts';

/** A reference by digest to a blob or to another manifest (OCI image spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
  /** In an index only, and not in every one. */
  readonly platform?: ImagePlatform;
}

export interface ImageManifest {
  readonly kind: 'image';
  readonly config: Descriptor;
  /** From base to top. */
  readonly layers: readonly Descriptor[];
}

export interface ImageIndex {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
}

/** What the `Accept` header of a manifest request names: all that `decodeManifest` reads. */
export const manifestTypes: readonly string[] = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The digests that can be verified; the distribution grammar allows others, which nobody uses. */
export const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** More than any image has (engines stop at 127): a manifest may not make us ask for as many blobs as it likes. */
const maxLayers = 1000;

const strings = v.fallback(v.record(v.string(), v.string()), {});

const platformSchema = v.pipe(
  v.object({ os: v.string(), architecture: v.string(), variant: v.nullish(v.string()) }),
  v.transform(({ os, architecture, variant }): ImagePlatform => ({
    os,
    architecture,
    ...(variant ? { variant } : {}),
  })),
);

const descriptorSchema = v.pipe(
  v.object({
    mediaType: v.nullish(v.string(), ''),
    digest: v.pipe(v.string(), v.regex(digestPattern)),
    size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    annotations: v.nullish(strings, {}),
    platform: v.fallback(v.nullish(platformSchema), undefined),
  }),
  v.transform(({ platform, ...rest }): Descriptor => ({ ...rest, ...(platform ? { platform } : {}) })),
);

const manifestSchema = v.object({
  config: descriptorSchema,
  layers: v.pipe(v.nullish(v.array(descriptorSchema), []), v.maxLength(maxLayers)),
});

const indexSchema = v.object({ manifests: v.pipe(v.nullish(v.array(descriptorSchema), []), v.maxLength(maxLayers)) });

const configSchema = v.object({
  os: v.nullish(v.string(), 'linux'),
  architecture: v.nullish(v.string(), 'amd64'),
  variant: v.nullish(v.string()),
});

/**
 * Reads an image manifest or an index, OCI or Docker's schema 2. Which of them it is shows in its fields: the media type
 * may be absent, and what claims to be both is refused (CVE-2021-41190).
 * Throws a `SourceError`: `unsupported` for schema 1 and for what is no image, `invalid` for all else. `what` names it.
 */
export function decodeManifest(bytes: Uint8Array, what: string): ImageManifest | ImageIndex {
  const json = parseObject(bytes, `The manifest of ${what}`);
  if (json.schemaVersion === 1) {
    throw new SourceError('unsupported', `${what} is stored in the old schema 1, which does not tell sizes.`);
  }
  const isIndex = 'manifests' in json;
  if (isIndex && ('layers' in json || 'config' in json)) {
    throw new SourceError('invalid', `The manifest of ${what} claims to be an index and an image at once.`);
  }
  if (isIndex) {
    const index = v.safeParse(indexSchema, json);
    if (index.success) return { kind: 'index', ...index.output };
  } else {
    const manifest = v.safeParse(manifestSchema, json);
    if (manifest.success) return imageOf(manifest.output, what);
  }
  throw new SourceError('invalid', `The manifest of ${what} is not a valid one.`);
}

/** What an image is made for, by its config: where no index says it. Throws a `SourceError` (`invalid`). */
export function platformOfConfig(bytes: Uint8Array, what: string): ImagePlatform {
  const config = v.safeParse(configSchema, parseObject(bytes, `The config of ${what}`));
  if (!config.success) throw new SourceError('invalid', `The config of ${what} is not a valid one.`);
  const { os, architecture, variant } = config.output;
  return { os, architecture, ...(variant ? { variant } : {}) };
}

function imageOf(manifest: Omit<ImageManifest, 'kind'>, what: string): ImageManifest {
  const type = manifest.config.mediaType;
  if (!/^(?:application\/vnd\.(?:oci\.image|docker\.container\.image)\..*|application\/octet-stream|)$/.test(type)) {
    throw new SourceError('unsupported', `${what} is not an image but ${type}.`);
  }
  return { kind: 'image', ...manifest };
}

function parseObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  const text = new TextDecoder().decode(bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const seen = /^\s*</.test(text) ? 'HTML; is there a proxy or a login page in between?' : 'no JSON.';
    throw new SourceError('invalid', `${what} is ${seen}`, { cause: error });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new SourceError('invalid', `${what} is not a valid one.`);
  }
  return json as Record<string, unknown>;
}
