import * as v from 'valibot';
import { present } from '../../core/present.ts';
import type { ByteCache } from '../cache/byteCache.ts';
import { isSourceError } from '../error.ts';
import { discard, readWhole } from '../registry/readAnswer.ts';
import { type Answer, defaultTimeouts, Transport } from '../registry/transport.ts';
import { NpmConfig, type NpmEndpoint, type NpmSurroundings, thisNpm } from './npmConfig.ts';

/** What a registry says about one version of a package. It never changes. */
export interface NpmPackage {
  /** What its archive unpacks to; absent where the registry neither says so nor lets look. Bytes. */
  readonly bytes?: number;
  /** Where it can be installed, in Node's names; absent for everywhere. `!win32` is everywhere else. */
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

const names = v.optional(v.fallback(v.array(v.string()), []));
const record = v.object({ bytes: v.optional(v.number()), os: names, cpu: names, libc: names });
const answer = v.object({
  dist: v.optional(v.object({ unpackedSize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))) })),
  os: names,
  cpu: names,
  libc: names,
});

/** A version's description is some kilobytes; a readme may be in it. Bytes. */
const longestAnswer = 5_000_000;
/** After so many failures in a row the registry counts as out of reach for this long. */
const mostFailures = 5;
const restMs = 60_000;

export interface NpmPackagesOptions {
  readonly cache: ByteCache;
  readonly surroundings?: NpmSurroundings;
  readonly now?: () => number;
}

/** What npm's registries know of packages: each version is asked for once and then remembered on disk. */
export class NpmPackages implements Disposable {
  readonly #cache: ByteCache;
  readonly #config: NpmConfig;
  readonly #transport: Transport;
  readonly #now: () => number;
  /** Versions that a registry does not have, for as long as this lives. */
  readonly #absent = new Set<string>();
  #failures = 0;
  #restsUntil = 0;

  constructor({ cache, surroundings = thisNpm, now = Date.now }: NpmPackagesOptions) {
    this.#cache = cache;
    this.#config = new NpmConfig(surroundings);
    this.#transport = new Transport(defaultTimeouts, surroundings.env);
    this.#now = now;
  }

  /**
   * Undefined where nobody can say. Throws only the signal's reason.
   *
   * @param npmrc the text of the project's `.npmrc`
   */
  async lookUp(
    { name, version }: { readonly name: string; readonly version: string },
    npmrc: string | undefined,
    signal: AbortSignal,
  ): Promise<NpmPackage | undefined> {
    // Names and versions come from a lock file, and become part of an address.
    if (!/^(?:@[\w.~-]+\/)?[\w.~-]+$/.test(name) || !/^[\w.+-]+$/.test(version)) return undefined;
    const endpoint = await this.#config.endpointFor(name, npmrc);
    if (endpoint === undefined) return undefined;
    const key = `npm ${endpoint.registry.href} ${name}@${version}`;
    const known = await this.#remembered(key);
    if (known !== undefined || this.#absent.has(key) || this.#now() < this.#restsUntil) return known;
    try {
      const found = await this.#fetch(endpoint, name, version, signal);
      this.#failures = 0;
      if (found === undefined) this.#absent.add(key);
      else await this.#cache.set(key, new TextEncoder().encode(JSON.stringify(found)));
      return found;
    } catch (error) {
      signal.throwIfAborted();
      if (!isSourceError(error)) throw error;
      // A registry that is out of reach is not asked a thousand times.
      if (++this.#failures >= mostFailures) this.#restsUntil = this.#now() + restMs;
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]();
  }

  async #remembered(key: string): Promise<NpmPackage | undefined> {
    const bytes = await this.#cache.get(key);
    const parsed = bytes && v.safeParse(record, parseJson(bytes));
    return parsed?.success === true ? present(parsed.output) : undefined;
  }

  async #fetch(
    { registry, token }: NpmEndpoint,
    name: string,
    version: string,
    signal: AbortSignal,
  ): Promise<NpmPackage | undefined> {
    const address = name.replace('/', '%2f');
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const ask = (path: string, more: Readonly<Record<string, string>>): Promise<Answer> =>
      this.#transport.exchange({
        url: new URL(path, registry),
        method: 'GET',
        headers: { ...headers, ...more },
        signal,
      });
    const response = await ask(`${address}/${version}`, { accept: 'application/json' });
    if (response.status !== 200) {
      await discard(response);
      return undefined;
    }
    const parsed = v.safeParse(answer, parseJson(await readWhole(response, longestAnswer, `${name}@${version}`)));
    if (!parsed.success) return undefined;
    const { dist, os, cpu, libc } = parsed.output;
    const archive = `${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
    const bytes = dist?.unpackedSize ?? (await unpackedLength(await ask(archive, { range: 'bytes=-4' })));
    return present({ bytes, os, cpu, libc });
  }
}

/**
 * How long the tar is that an archive holds, from its last four bytes: mirrors leave out what a registry notes, and packages of
 * before 2018 have no note. It is somewhat more than the files: each has a head, and is filled up to 512 bytes. Undefined where
 * the server sends no ranges. https://www.rfc-editor.org/rfc/rfc1952#page-5
 */
async function unpackedLength(response: Answer): Promise<number | undefined> {
  const whole = /^bytes \d+-\d+\/(\d+)$/.exec(response.headers['content-range'] ?? '')?.[1];
  if (response.status !== 206 || whole === undefined) {
    await discard(response);
    return undefined;
  }
  const bytes = await readWhole(response, 4, 'a range');
  if (bytes.length < 4) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  // Of several members it is that of the last one only, and above 4 GiB a rest: what is shorter than its archive is neither.
  return length >= Number(whole) ? length : undefined;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined; // No JSON: what it is the caller's schema refuses.
  }
}
