import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { mayBePlain } from '../registry/endpoint.ts';

/** Where a package is asked for, and as whom. */
export interface NpmEndpoint {
  /** Ends with a slash. */
  readonly registry: URL;
  /** For this registry, and sent to no other. */
  readonly token?: string;
}

export interface NpmSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** The registry that npm itself would ask; undefined where there is no npm. */
  readonly askNpm: () => Promise<string | undefined>;
}

export const thisNpm: NpmSurroundings = { env: process.env, home: os.homedir(), askNpm };

/** npm is a script that may have to be read from a slow disk. Milliseconds. */
const patience = 15_000;

/** In the home folder, so that no project decides what is run. */
async function askNpm(): Promise<string | undefined> {
  try {
    const windows = process.platform === 'win32';
    const options = { cwd: os.homedir(), timeout: patience, shell: windows };
    const { stdout } = await promisify(execFile)(windows ? 'npm.cmd' : 'npm', ['config', 'get', 'registry'], options);
    return stdout.trim();
  } catch {
    return undefined; // No npm, or none that answers: then nobody knows which registry it would ask.
  }
}

/**
 * Which registry a package comes from, as npm decides it: the environment, the project's `.npmrc`, the user's, what npm itself
 * has built in. Tokens are taken from the user's file only, as a project's comes with the sources.
 */
export class NpmConfig {
  readonly #surroundings: NpmSurroundings;
  #user: Promise<ReadonlyMap<string, string>> | undefined;
  #builtIn: Promise<string | undefined> | undefined;

  constructor(surroundings: NpmSurroundings = thisNpm) {
    this.#surroundings = surroundings;
  }

  /** @param project the text of the project's `.npmrc`. */
  async endpointFor(name: string, project: string | undefined): Promise<NpmEndpoint | undefined> {
    const { env } = this.#surroundings;
    const user = await (this.#user ??= this.#readUser());
    const own = readNpmrc(project ?? '', {});
    const scope = /^@[^/]+(?=\/)/.exec(name)?.[0];
    const scoped = scope && (own.get(`${scope}:registry`) ?? user.get(`${scope}:registry`));
    const written =
      scoped ?? env.npm_config_registry ?? env.NPM_CONFIG_REGISTRY ?? own.get('registry') ?? user.get('registry');
    const text = written ?? (await (this.#builtIn ??= this.#surroundings.askNpm())) ?? '';
    const registry = URL.canParse(text) ? new URL(text.replace(/\/*$/, '/')) : undefined;
    if (registry === undefined || !/^https?:$/.test(registry.protocol)) return undefined;
    const token = mayHaveToken(registry) ? tokenFor(registry, user) : undefined;
    return { registry, ...(token === undefined ? {} : { token }) };
  }

  async #readUser(): Promise<ReadonlyMap<string, string>> {
    const { env, home } = this.#surroundings;
    const file = env.npm_config_userconfig ?? env.NPM_CONFIG_USERCONFIG ?? path.join(home, '.npmrc');
    const text = await readFile(file, 'utf8').catch(() => ''); // Most people have none.
    return readNpmrc(text, env);
  }
}

function mayHaveToken(registry: URL): boolean {
  return registry.protocol === 'https:' || mayBePlain(registry, []);
}

/** Tokens belong to a place and all that is below it: `//host/path/:_authToken`. */
function tokenFor({ host, pathname }: URL, user: ReadonlyMap<string, string>): string | undefined {
  const parts = pathname.split('/').filter((part) => part !== '');
  for (let count = parts.length; count >= 0; count--) {
    const place = [host, ...parts.slice(0, count)].join('/');
    const token = user.get(`//${place}/:_authToken`) ?? user.get(`//${place}:_authToken`);
    if (token !== undefined) return token;
  }
  return undefined;
}

/** `key = value` lines. A value with a variable that is not in `env` is left out: a project's file is given none. */
function readNpmrc(text: string, env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, key, written] of text.matchAll(/^[^\S\n]*([^\s#;=[][^=\n]*?)[^\S\n]*=[^\S\n]*(.*?)[^\S\n]*$/gm)) {
    const value = written!.replace(/^"(.*)"$/, '$1');
    const names = [...value.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name!);
    if (names.some((name) => env[name] === undefined)) continue;
    found.set(
      key!,
      value.replace(/\$\{([^}]+)\}/g, (_, name: string) => env[name] ?? ''),
    );
  }
  return found;
}
