import { homedir } from 'node:os';
import { join } from 'node:path';
import { dockerHub } from '../../core/base/reference.ts';
import { entryFor, helperFor, readAuthFile, type AuthFile } from './authFile.ts';
import type { CredentialAnswer, CredentialSource } from './credentials.ts';
import { askHelper } from './credentialHelper.ts';

export interface UserCredentialsOptions {
  /** Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  readonly home?: string;
  /** After this a credential helper is ended; default 15 s. */
  readonly helperTimeoutMs?: number;
  readonly now?: () => number;
}

/** A helper's answer is taken for this long: one that hangs must not be waited for with every image. */
const helperAnswerMs = 60_000;

/**
 * The logins that `docker login` and `podman login` have left: Docker's `config.json` first, then Podman's `auth.json`.
 * Files are read when they are needed and each time, so that a new login counts at once.
 */
export class UserCredentials implements CredentialSource {
  readonly #env: NodeJS.ProcessEnv;
  readonly #home: string;
  readonly #helperTimeoutMs: number;
  readonly #now: () => number;
  /** By helper and server. */
  readonly #helpers = new Map<string, { readonly answer: CredentialAnswer; readonly until: number }>();

  constructor(options: UserCredentialsOptions = {}) {
    this.#env = options.env ?? process.env;
    this.#home = options.home ?? homedir();
    this.#helperTimeoutMs = options.helperTimeoutMs ?? 15_000;
    this.#now = options.now ?? Date.now;
  }

  async find(domain: string, path: string, signal: AbortSignal): Promise<CredentialAnswer> {
    let problem: string | undefined;
    for (const place of this.#places()) {
      signal.throwIfAborted();
      const name = place.startsWith(this.#home) ? `~${place.slice(this.#home.length)}` : place;
      const read = await readAuthFile(place, name);
      if (!read) continue;
      if ('problem' in read) {
        problem ??= read.problem;
        continue;
      }
      const answer = await this.#findIn(read.file, name, domain, path, signal);
      if (answer.credential) return answer;
      problem ??= answer.problem;
    }
    return problem === undefined ? {} : { problem };
  }

  async #findIn(
    file: AuthFile,
    name: string,
    domain: string,
    path: string,
    signal: AbortSignal,
  ): Promise<CredentialAnswer> {
    const helper = helperFor(file, domain);
    const answer = helper === undefined ? {} : await this.#askHelper(helper, domain, signal);
    if (answer.credential) return answer;
    const entry = entryFor(file, domain, path);
    return entry ? { credential: entry.credential, from: name } : answer;
  }

  async #askHelper(helper: string, domain: string, signal: AbortSignal): Promise<CredentialAnswer> {
    const server = domain === dockerHub ? 'https://index.docker.io/v1/' : domain;
    const key = `${helper} ${server}`;
    const known = this.#helpers.get(key);
    if (known && known.until > this.#now()) return known.answer;
    const answer = await askHelper(helper, server, { env: this.#env, timeoutMs: this.#helperTimeoutMs }, signal);
    this.#helpers.set(key, { answer, until: this.#now() + helperAnswerMs });
    return answer;
  }

  #places(): readonly string[] {
    const { DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = this.#env;
    const podman = REGISTRY_AUTH_FILE
      ? [REGISTRY_AUTH_FILE]
      : [
          ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'containers', 'auth.json')] : []),
          join(XDG_CONFIG_HOME ?? join(this.#home, '.config'), 'containers', 'auth.json'),
        ];
    return [join(DOCKER_CONFIG ?? join(this.#home, '.docker'), 'config.json'), ...podman];
  }
}
