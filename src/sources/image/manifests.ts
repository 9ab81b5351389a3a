import * as v from 'valibot';
import type { Platform } from '../../core/base/baseSize.ts';
import type { HistoryEntry, ImageConfig } from '../../core/image/image.ts';

/** No manifest, index or config may be longer: registries refuse them above 4 MB, and memory is to stay bounded. */
export const documentLimit = 16 * 1024 * 1024;

/** No image has as many: engines stop at 127 layers, and a list of millions of tiny ones is an attack. */
export const layerLimit = 4096;

export interface Descriptor {
  readonly digest: string;
  readonly mediaType?: string;
  readonly size?: number;
  readonly platform?: Platform;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An OCI manifest or a Docker schema 2 one, which differ in media types only. */
export interface Manifest {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly artifactType?: string;
}

/** An image of the `manifest.json` that `docker save` writes. Names are paths in the archive. */
export interface SavedImage {
  readonly config: string;
  readonly names: readonly string[];
  readonly layers: readonly string[];
}

export interface DecodedConfig {
  readonly platform?: Platform;
  readonly diffIds: readonly string[];
  readonly history: readonly HistoryEntry[];
  readonly config: ImageConfig;
}

/** A digest that is safe as a file name and whose algorithm is registered. */
export const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

// What the image needs is required; what only adorns it may be missing, null or of another type, and is then absent.
const text = v.fallback(v.optional(v.string()), undefined);
const number = v.fallback(v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))), undefined);
const flag = v.fallback(v.optional(v.boolean()), undefined);
const texts = v.fallback(v.optional(v.array(v.string())), undefined);
const textMap = v.fallback(v.optional(v.record(v.string(), v.string())), undefined);
const keys = v.fallback(v.optional(v.record(v.string(), v.unknown())), undefined);

const digest = v.pipe(v.string(), v.regex(digestPattern, 'no digest'));

const platform = v.object({ os: text, architecture: text, variant: text });

const descriptor = v.pipe(
  v.object({
    digest,
    mediaType: text,
    size: number,
    platform: v.fallback(v.optional(platform), undefined),
    artifactType: text,
    annotations: textMap,
  }),
  v.transform(
    (raw): Descriptor => ({
      digest: raw.digest,
      annotations: raw.annotations ?? {},
      ...present({
        mediaType: raw.mediaType,
        size: raw.size,
        platform: raw.platform && platformOf(raw.platform),
        artifactType: raw.artifactType,
      }),
    }),
  ),
);

const index = v.object({ manifests: v.array(descriptor) });

const manifest = v.pipe(
  v.object({
    config: descriptor,
    layers: v.pipe(v.array(descriptor), v.maxLength(layerLimit, `more than ${layerLimit} layers`)),
    artifactType: text,
  }),
  v.transform(
    (raw): Manifest => ({
      config: raw.config,
      layers: raw.layers,
      ...present({ artifactType: raw.artifactType }),
    }),
  ),
);

const savedImages = v.array(
  v.pipe(
    v.object({
      Config: v.string(),
      RepoTags: texts,
      Layers: v.pipe(v.nullish(v.array(v.string()), []), v.maxLength(layerLimit, `more than ${layerLimit} layers`)),
    }),
    v.transform((raw): SavedImage => ({ config: raw.Config, names: raw.RepoTags ?? [], layers: raw.Layers })),
  ),
);

const history = v.pipe(
  v.object({ created: text, created_by: text, comment: text, author: text, empty_layer: flag }),
  v.transform(
    (raw): HistoryEntry => ({
      emptyLayer: raw.empty_layer ?? false,
      ...present({ created: raw.created, createdBy: raw.created_by, comment: raw.comment, author: raw.author }),
    }),
  ),
);

const runConfig = v.pipe(
  v.object({
    User: text,
    Env: texts,
    Entrypoint: texts,
    Cmd: texts,
    WorkingDir: text,
    ExposedPorts: keys,
    Volumes: keys,
    Labels: textMap,
    StopSignal: text,
    Healthcheck: v.fallback(v.optional(v.object({ Test: texts })), undefined),
    Shell: texts,
    OnBuild: texts,
  }),
  v.transform(
    (raw): ImageConfig => ({
      env: raw.Env ?? [],
      exposedPorts: Object.keys(raw.ExposedPorts ?? {}),
      volumes: Object.keys(raw.Volumes ?? {}),
      labels: raw.Labels ?? {},
      onBuild: raw.OnBuild ?? [],
      ...present({
        user: raw.User || undefined,
        entrypoint: raw.Entrypoint,
        cmd: raw.Cmd,
        workingDir: raw.WorkingDir || undefined,
        stopSignal: raw.StopSignal,
        healthcheck: raw.Healthcheck?.Test,
        shell: raw.Shell,
      }),
    }),
  ),
);

const emptyConfig: ImageConfig = { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] };

const imageConfig = v.pipe(
  v.object({
    os: text,
    architecture: text,
    variant: text,
    rootfs: v.fallback(v.optional(v.object({ diff_ids: texts })), undefined),
    history: v.fallback(v.nullish(v.array(history)), undefined),
    config: v.fallback(v.nullish(runConfig), undefined),
  }),
  v.transform(
    (raw): DecodedConfig => ({
      // A diff id is a key into the cache: one that is no digest is none.
      diffIds: raw.rootfs?.diff_ids?.map((id) => (digestPattern.test(id) ? id : '')) ?? [],
      history: raw.history ?? [],
      config: raw.config ?? emptyConfig,
      ...present({ platform: platformOf(raw) }),
    }),
  ),
);

/**
 * The decoders throw a `SyntaxError` for what is no JSON and a `ValiError` for JSON without what is needed; unknown and
 * broken optional fields are passed over, as every engine does.
 */
export function decodeIndex(bytes: Uint8Array): readonly Descriptor[] {
  return v.parse(index, parseJson(bytes)).manifests;
}

/** See {@link decodeIndex}: what a digest names may be an index or a manifest, and the media type may be missing. */
export function decodeManifestOrIndex(
  bytes: Uint8Array,
): { readonly manifest: Manifest } | { readonly index: readonly Descriptor[] } {
  const json = parseJson(bytes);
  const isIndex = typeof json === 'object' && json !== null && 'manifests' in json;
  return isIndex ? { index: v.parse(index, json).manifests } : { manifest: v.parse(manifest, json) };
}

/** See {@link decodeIndex}. */
export function decodeSavedImages(bytes: Uint8Array): readonly SavedImage[] {
  return v.parse(savedImages, parseJson(bytes));
}

/** See {@link decodeIndex}. A diff id that is no digest comes back as the empty string: it keeps its place. */
export function decodeConfig(bytes: Uint8Array): DecodedConfig {
  return v.parse(imageConfig, parseJson(bytes));
}

function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: false }).decode(bytes));
}

function platformOf(raw: { os?: string | undefined; architecture?: string | undefined; variant?: string | undefined }) {
  if (!raw.os || !raw.architecture) return undefined;
  return normalPlatform(`${raw.os}/${raw.architecture}${raw.variant ? `/${raw.variant}` : ''}`);
}

/** The one spelling of a platform: the variants that engines take for granted are left out or put in, as containerd does. */
export function normalPlatform(platform: Platform): Platform {
  const [os = '', architecture = '', variant] = platform.toLowerCase().split('/');
  const known = { x86_64: 'amd64', 'x86-64': 'amd64', aarch64: 'arm64', armhf: 'arm', i386: '386' }[architecture];
  const name = known ?? architecture;
  const usual = { amd64: 'v1', arm64: 'v8', arm: undefined }[name];
  if (name === 'arm') return `${os}/arm/${variant ?? 'v7'}`;
  return variant === undefined || variant === usual ? `${os}/${name}` : `${os}/${name}/${variant}`;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what is undefined: an absent property and one that is undefined are two things to this compiler. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
