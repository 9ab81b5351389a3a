import * as v from 'valibot';
import type { Platform } from '../../core/base/baseSize.ts';
import type { HistoryEntry, ImageConfig } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import { digestPattern } from '../registry/manifest.ts';
import { printPlatform } from '../registry/platform.ts';

/** No manifest, index or config may be longer: registries refuse them above 4 MB, and memory is to stay bounded. */
export const documentLimit = 16 * 1024 * 1024;

/** No image has as many: engines stop at 127 layers, and a list of millions of tiny ones is an attack. */
export const layerLimit = 4096;

/** An image of the `manifest.json` that `docker save` writes. Names are paths in the archive. */
export interface SavedImage {
  readonly config: string;
  readonly names: readonly string[];
  readonly layers: readonly string[];
}

export interface DecodedConfig {
  readonly platform?: Platform;
  /** From base to top; undefined for one that is no digest. */
  readonly diffIds: readonly (string | undefined)[];
  readonly history: readonly HistoryEntry[];
  readonly config: ImageConfig;
}

// What the image needs is required; what only adorns it may be missing, null or of another type, and is then absent.
const text = v.fallback(v.optional(v.string()), undefined);
const flag = v.fallback(v.optional(v.boolean()), undefined);
const texts = v.fallback(v.optional(v.array(v.string())), undefined);
const textMap = v.fallback(v.optional(v.record(v.string(), v.string())), undefined);
const keys = v.fallback(v.optional(v.record(v.string(), v.unknown())), undefined);

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
  v.transform((raw): HistoryEntry => ({
    emptyLayer: raw.empty_layer ?? false,
    ...present({ created: raw.created, createdBy: raw.created_by, comment: raw.comment, author: raw.author }),
  })),
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
  v.transform((raw): ImageConfig => ({
    env: raw.Env ?? [],
    exposedPorts: Object.keys(raw.ExposedPorts ?? {}),
    volumes: Object.keys(raw.Volumes ?? {}),
    labels: raw.Labels ?? {},
    onBuild: raw.OnBuild ?? [],
    ...present({
      user: nonEmpty(raw.User),
      entrypoint: raw.Entrypoint,
      cmd: raw.Cmd,
      workingDir: nonEmpty(raw.WorkingDir),
      stopSignal: raw.StopSignal,
      healthcheck: raw.Healthcheck?.Test,
      shell: raw.Shell,
    }),
  })),
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
  v.transform((raw): DecodedConfig => ({
    // A diff id is a key into the cache: one that is no digest is none.
    diffIds: (raw.rootfs?.diff_ids ?? []).map((id) => (digestPattern.test(id) ? id : undefined)),
    history: raw.history ?? [],
    config: raw.config ?? emptyConfig,
    ...present({ platform: platformOf(raw) }),
  })),
);

/**
 * Both decoders throw a `SyntaxError` for what is no JSON and a `ValiError` for JSON without what is needed; unknown and
 * broken optional fields are passed over, as every engine does.
 */
export function decodeSavedImages(bytes: Uint8Array): readonly SavedImage[] {
  return v.parse(savedImages, parseJson(bytes));
}

/** See {@link decodeSavedImages}. */
export function decodeConfig(bytes: Uint8Array): DecodedConfig {
  return v.parse(imageConfig, parseJson(bytes));
}

function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: false }).decode(bytes));
}

interface RawPlatform {
  readonly os?: string | undefined;
  readonly architecture?: string | undefined;
  readonly variant?: string | undefined;
}

function platformOf({ os, architecture, variant }: RawPlatform): Platform | undefined {
  return os && architecture ? printPlatform({ os, architecture, ...(variant ? { variant } : {}) }) : undefined;
}

/** Engines write an empty string where nothing was said. */
function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
