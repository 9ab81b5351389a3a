import { LineCounter, isMap, isScalar, parseDocument } from 'yaml';
import { expand } from '../../dockerfile/expand.ts';
import { emptyScope } from '../../dockerfile/scope.ts';
import type { Consumer } from '../project.ts';
import { folder, list, record } from './looseValues.ts';
import { splitWords } from './splitWords.ts';

/** A service of a Compose file, with what tells which image it runs. */
export interface ComposeService {
  /** Its key. */
  readonly service: string;
  readonly consumer: Consumer;
  /** What it has built; relative to the file's folder, the Dockerfile to the context. */
  readonly build?: { readonly context: string; readonly dockerfile: string };
  /** The name of its image: of another's, or that which the build gives. */
  readonly image?: string;
  /** A service of the same file that it goes on from. */
  readonly extends?: string;
}

/**
 * The services of a Compose file, anchors and merges resolved. What is no Compose file, or none that can be read, has none.
 * https://docs.docker.com/reference/compose-file/services/
 *
 * @param file as the consumers name it
 */
export function readComposeServices(file: string, text: string): readonly ComposeService[] {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, merge: true, strict: false, logLevel: 'silent' });
  const lines = new Map<string, number>();
  const node: unknown = document.get('services');
  if (!isMap(node)) return [];
  for (const { key } of node.items) {
    if (isScalar(key) && key.range) lines.set(String(key.value), counter.linePos(key.range[0]).line);
  }
  let services: unknown;
  try {
    services = (document.toJS() as Record<string, unknown>).services;
  } catch {
    return []; // Aliases that lead nowhere, or that would grow without end.
  }
  return Object.entries(record(services)).map(([name, fields]) => serviceOf(file, lines.get(name) ?? 1, name, fields));
}

function serviceOf(file: string, line: number, name: string, value: unknown): ComposeService {
  const fields = record(value);
  const build = buildOf(fields.build);
  const target = expanded(record(fields.build).target);
  const buildArgs = argumentsOf(record(fields.build).args);
  const image = expanded(fields.image);
  const base = record(fields.extends);
  const goesOnFrom = typeof fields.extends === 'string' ? fields.extends : base.file === undefined && base.service;
  const user = typeof fields.user === 'number' ? String(fields.user) : expanded(fields.user);
  const workingDir = folder(expanded(fields.working_dir));
  const command = words(fields.command);
  const entrypoint = words(fields.entrypoint);
  const healthcheck = healthTest(fields.healthcheck);
  return {
    service: name,
    ...(build === undefined ? {} : { build }),
    ...(image === undefined ? {} : { image }),
    ...(typeof goesOnFrom === 'string' ? { extends: goesOnFrom } : {}),
    consumer: {
      file,
      line,
      name: `service ${name}`,
      ...(target === undefined ? {} : { target }),
      ...(Object.keys(buildArgs).length === 0 ? {} : { buildArgs }),
      ...(command === undefined ? {} : { command }),
      ...(entrypoint === undefined ? {} : { entrypoint }),
      ...(healthcheck === undefined ? {} : { healthcheck }),
      ...(user === undefined ? {} : { user }),
      ...(workingDir === undefined ? {} : { workingDir }),
      mounts: [...list(fields.volumes), ...oneOrMore(fields.tmpfs)].flatMap(mountOf),
    },
  };
}

function buildOf(value: unknown): ComposeService['build'] {
  if (typeof value === 'string') return { context: expanded(value) ?? value, dockerfile: 'Dockerfile' };
  const fields = record(value);
  // A Dockerfile in the file itself is none that anybody can look at.
  if (Object.keys(fields).length === 0 || fields.dockerfile_inline !== undefined) return undefined;
  return { context: expanded(fields.context) ?? '.', dockerfile: expanded(fields.dockerfile) ?? 'Dockerfile' };
}

/** Those whose values stand there; `NAME` alone takes the environment's. */
function argumentsOf(value: unknown): Readonly<Record<string, string>> {
  const pairs = Array.isArray(value)
    ? list(value).map((item) => /^([^=]+)=([^]*)$/.exec(String(item))?.slice(1) ?? [])
    : Object.entries(record(value));
  const known = pairs.flatMap(([name, given]): [string, string][] => {
    const text = typeof given === 'number' || typeof given === 'boolean' ? String(given) : given;
    if (typeof name !== 'string' || typeof text !== 'string') return [];
    const { value: filled, missing, error } = expand(text, emptyScope, '\\');
    return missing.length > 0 || error !== undefined ? [] : [[name, filled]];
  });
  return Object.fromEntries(known);
}

/** A command or entry point: Compose splits a text into words, and runs no shell. Absent for null, which keeps the image's. */
function words(value: unknown): readonly string[] | undefined {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? splitWords(value) : undefined;
}

/** Empty for one that is switched off. */
function healthTest(value: unknown): string | readonly string[] | undefined {
  const { test, disable } = record(value);
  if (disable === true) return [];
  if (typeof test === 'string') return test;
  if (!Array.isArray(test)) return undefined;
  const [kind, ...rest] = test.map(String);
  return kind === 'CMD-SHELL' ? rest.join(' ') : kind === 'NONE' ? [] : kind === 'CMD' ? rest : undefined;
}

/** Where in the container a volume lies: `./src:/app:ro`, `/data`, `{ target: /app }`, `C:\src:/app`. */
function mountOf(value: unknown): string[] {
  const target = typeof value === 'string' ? value.split(':').findLast((part) => part.startsWith('/')) : undefined;
  const named = target ?? record(value).target;
  return typeof named === 'string' ? [named] : [];
}

function oneOrMore(value: unknown): readonly unknown[] {
  return typeof value === 'string' ? [value] : list(value);
}

/** A text with the defaults of its variables; as it is written where one has none. */
function expanded(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  // Variables come from the environment and from files that differ by machine: only their defaults are known.
  const { value: text, missing, error } = expand(value, emptyScope, '\\');
  return missing.length > 0 || error !== undefined ? value : text;
}
