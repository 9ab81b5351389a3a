import * as v from 'valibot';
import { SourceError } from '../error.ts';

/**
 * What engines answer, decoded once, at the door. Docker, Podman and old versions of both leave out fields, or send
 * null, `""` or `<none>` for what is not there: all of that becomes absence.
 */

/** A list in which whatever is not of the wanted shape is dropped, and null is the empty list. */
function list<T>(schema: v.GenericSchema<unknown, T>) {
  return v.pipe(
    v.fallback(v.optional(v.array(v.unknown()), []), []),
    v.transform((items) => items.flatMap((item) => (v.is(schema, item) ? [v.parse(schema, item)] : []))),
  );
}

const text = v.pipe(
  v.fallback(v.optional(v.string()), undefined),
  v.transform((value) => (value === '' || value === undefined || value.includes('<none>') ? undefined : value)),
);
const bytes = v.fallback(v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))), undefined);
const names = v.pipe(
  list(v.string()),
  v.transform((values) => values.filter((value) => !value.includes('<none>'))),
);
/** The keys of `{ "80/tcp": {} }`. */
const keys = v.pipe(
  v.fallback(v.optional(v.record(v.string(), v.unknown()), {}), {}),
  v.transform((value) => Object.keys(value)),
);
/** A command: a list, or in old answers one string. Empty is absent. */
const command = v.pipe(
  v.optional(v.unknown()),
  v.transform((value) => (typeof value === 'string' && value !== '' ? [value] : v.parse(list(v.string()), value))),
  v.transform((value) => (value.length === 0 ? undefined : value)),
);
const labels = v.pipe(
  v.fallback(v.optional(v.record(v.string(), v.unknown()), {}), {}),
  v.transform((value) =>
    Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  ),
);

const versionSchema = v.object({
  Version: text,
  Os: v.string(),
  Arch: v.string(),
  Components: list(v.object({ Name: v.string() })),
});

/** `GET /version`. */
export type VersionAnswer = v.InferOutput<typeof versionSchema>;

const configSchema = v.object({
  User: text,
  Env: list(v.string()),
  Entrypoint: command,
  Cmd: command,
  WorkingDir: text,
  ExposedPorts: keys,
  Volumes: keys,
  Labels: labels,
  StopSignal: text,
  Healthcheck: v.fallback(v.optional(v.object({ Test: command })), undefined),
  Shell: command,
  OnBuild: list(v.string()),
});

const inspectSchema = v.object({
  Id: v.string(),
  RepoTags: names,
  RepoDigests: names,
  Os: text,
  Architecture: text,
  Variant: text,
  Size: bytes,
  /** RFC 3339, with parts of a second. */
  Created: text,
  Config: v.pipe(
    v.optional(v.unknown(), {}),
    v.transform((value) => v.parse(configSchema, typeof value === 'object' && value !== null ? value : {})),
  ),
  GraphDriver: v.fallback(
    v.optional(v.object({ Name: text, Data: v.fallback(v.optional(v.object({ UpperDir: text })), undefined) })),
    undefined,
  ),
  RootFS: v.fallback(v.optional(v.object({ Layers: list(v.string()) })), undefined),
});

/** `GET /images/NAME/json`. */
export type InspectAnswer = v.InferOutput<typeof inspectSchema>;

const historySchema = v.array(
  v.object({
    /** Seconds since 1970. */
    Created: v.fallback(v.optional(v.number()), undefined),
    CreatedBy: text,
    Comment: text,
    Size: bytes,
  }),
);

/** `GET /images/NAME/history`, the newest entry first. */
export type HistoryAnswer = v.InferOutput<typeof historySchema>;

const imagesSchema = list(
  v.object({
    Id: v.string(),
    RepoTags: names,
    RepoDigests: names,
    Size: bytes,
    /** Seconds since 1970. */
    Created: v.fallback(v.optional(v.number()), undefined),
  }),
);

/** `GET /images/json`. */
export type ImagesAnswer = v.InferOutput<typeof imagesSchema>;

export function decodeVersion(json: unknown): VersionAnswer {
  return decode(versionSchema, json, 'its version');
}

export function decodeInspect(json: unknown): InspectAnswer {
  return decode(inspectSchema, json, 'an image');
}

export function decodeHistory(json: unknown): HistoryAnswer {
  return decode(historySchema, json, 'the history of an image');
}

export function decodeImages(json: unknown): ImagesAnswer {
  return decode(imagesSchema, json, 'its images');
}

function decode<T>(schema: v.GenericSchema<unknown, T>, json: unknown, what: string): T {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  throw new SourceError('invalid', `The engine’s description of ${what} is not valid.`);
}
