import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { dockerHub } from '../../core/base/reference.ts';
import type { Credential } from './credentials.ts';

/** A file with logins: Docker's `config.json` or Podman's `auth.json`, which share their shape. */
export interface AuthFile {
  readonly entries: readonly AuthEntry[];
  /** Helper for all registries, without `docker-credential-`. */
  readonly store?: string;
  /** Helper by registry. */
  readonly helpers: Readonly<Record<string, string>>;
}

export interface AuthEntry {
  /** Host with its port, in lower case; Docker Hub as `docker.io`. */
  readonly host: string;
  /** The repositories it is for, as Podman writes them (`quay.io/acme`); empty for all of the host. */
  readonly path: string;
  readonly credential: Credential;
}

/** A missing file is undefined; one that cannot be used is a sentence about it, which never quotes its content. */
export type ReadAuthFile = { readonly file: AuthFile } | { readonly problem: string } | undefined;

const text = v.fallback(v.optional(v.string()), undefined);

const entrySchema = v.object({
  auth: text,
  username: text,
  password: text,
  identitytoken: text,
  registrytoken: text,
});

const fileSchema = v.object({
  auths: v.fallback(v.nullish(v.record(v.string(), v.fallback(entrySchema, {}))), null),
  credsStore: text,
  credHelpers: v.fallback(v.nullish(v.record(v.string(), v.string())), null),
});

/** @param name how the file is called in a sentence. */
export async function readAuthFile(path: string, name: string): Promise<ReadAuthFile> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { problem: `${name} cannot be read (${code}).` };
  }
  const decoded = v.safeParse(v.pipe(v.string(), v.parseJson(), fileSchema), content);
  if (!decoded.success) return { problem: `${name} is not a valid file of credentials.` };
  const { auths, credsStore, credHelpers } = decoded.output;
  const entries = Object.entries(auths ?? {}).flatMap(([key, entry]) => {
    const credential = credentialOf(entry);
    return credential ? [{ ...placeOf(key), credential }] : [];
  });
  return { file: { entries, helpers: credHelpers ?? {}, ...(credsStore ? { store: credsStore } : {}) } };
}

/** The entry for a repository: the longest path that it lies in, as Podman chooses. */
export function entryFor(file: AuthFile, domain: string, path: string): AuthEntry | undefined {
  return file.entries
    .filter((entry) => entry.host === domain.toLowerCase() && liesIn(path, entry.path))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** The helper for a registry: its own one, else the one for all. */
export function helperFor(file: AuthFile, domain: string): string | undefined {
  const own = Object.entries(file.helpers).find(([key]) => placeOf(key).host === domain.toLowerCase());
  return own?.[1] ?? file.store;
}

/** Names under which Docker Hub stands in such files; Docker itself writes `https://index.docker.io/v1/`. */
const hubNames: ReadonlySet<string> = new Set([dockerHub, 'index.docker.io', 'registry-1.docker.io']);

/**
 * Where an entry is for. Docker takes of a key with a scheme the host alone, and used to write `/v1/` behind it; a key
 * without a scheme may be followed by the path that Podman scopes it to.
 */
function placeOf(key: string): { readonly host: string; readonly path: string } {
  const hasScheme = /^https?:\/\//i.test(key);
  const [host = '', ...rest] = key.replace(/^https?:\/\//i, '').split('/');
  const path = rest.join('/').replace(/\/+$/, '');
  const name = host.toLowerCase();
  return {
    host: hubNames.has(name) ? dockerHub : name,
    path: hasScheme || path === 'v1' || path === 'v2' ? '' : path,
  };
}

function liesIn(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

function credentialOf(entry: v.InferOutput<typeof entrySchema>): Credential | undefined {
  if (entry.identitytoken) return { kind: 'identity', token: entry.identitytoken };
  if (entry.registrytoken) return { kind: 'registry', token: entry.registrytoken };
  const both = Buffer.from(entry.auth ?? '', 'base64')
    .toString()
    .replace(/\0+$/, '');
  const colon = both.indexOf(':');
  const username = colon > 0 ? both.slice(0, colon) : entry.username;
  const password = colon > 0 ? both.slice(colon + 1) : entry.password;
  return username && password ? { kind: 'password', username, password } : undefined;
}
