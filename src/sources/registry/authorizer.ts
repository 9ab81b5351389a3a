import type { Credential, CredentialAnswer, CredentialSource } from '../credentials/credentials.ts';
import { SourceError } from '../error.ts';
import { parseChallenges, type Challenge } from './challenge.ts';
import { mayBePlain } from './endpoint.ts';
import { SharedCalls } from './sharedCalls.ts';
import { basicHeader, fetchToken, type Token, type TokenRequest } from './tokens.ts';
import type { Answer, Transport } from './transport.ts';

/** A repository of a registry, as a reference names it. */
export interface Repository {
  readonly domain: string;
  readonly path: string;
}

/** How to ask again after a 401. */
export interface Authorization {
  /** Absent where there is nothing to prove who we are. */
  readonly header?: string;
  /** One sentence about credentials that were there and did not help. */
  readonly note?: string;
}

/**
 * Answers registries' challenges. Credentials are looked up only when a registry asks for them, go only to that registry
 * or to the token server that it names, and never over plain http unless the registry itself is asked that way.
 */
export class Authorizer {
  readonly #transport: Transport;
  readonly #credentials: CredentialSource;
  readonly #insecure: readonly string[];
  readonly #now: () => number;
  /** By repository: what the last challenge was answered with. */
  readonly #headers = new Map<string, { readonly header: string; readonly expires: number }>();
  readonly #tokens = new Map<string, Token & { readonly note: string | undefined }>();
  readonly #asking = new SharedCalls<Token & { readonly note: string | undefined }>();

  constructor(
    transport: Transport,
    credentials: CredentialSource,
    options: { readonly insecure: readonly string[]; readonly now: () => number },
  ) {
    this.#transport = transport;
    this.#credentials = credentials;
    this.#insecure = options.insecure;
    this.#now = options.now;
  }

  /** The header that this repository took before, while it lasts: saves the round trip of a refusal. */
  known(repository: Repository): string | undefined {
    const known = this.#headers.get(nameOf(repository));
    return known && known.expires > this.#now() ? known.header : undefined;
  }

  /**
   * Answers the challenge of a 401. `refused` is the header that was just refused: it is not given again.
   * Throws a `SourceError` when the challenge cannot be trusted or its token server fails.
   */
  async answer(
    challenge: Answer,
    repository: Repository,
    refused: string | undefined,
    signal: AbortSignal,
  ): Promise<Authorization> {
    const challenges = parseChallenges(challenge.headers['www-authenticate'] ?? '');
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer) return this.#bearer(bearer, challenge.url, repository, refused, signal);
    if (!challenges.some(({ scheme }) => scheme === 'basic')) return {};
    const found = await this.#credentials.find(repository.domain, repository.path, signal);
    if (found.credential?.kind !== 'password') return noted(found.problem);
    const header = basicHeader(found.credential).authorization;
    this.#headers.set(nameOf(repository), { header, expires: Infinity });
    return header === refused ? noted(refusedNote(found)) : { header, note: refusedNote(found) };
  }

  async #bearer(
    challenge: Challenge,
    registry: URL,
    repository: Repository,
    refused: string | undefined,
    signal: AbortSignal,
  ): Promise<Authorization> {
    const request: TokenRequest = {
      realm: this.#realmOf(challenge, registry),
      service: challenge.parameters.service,
      scope: challenge.parameters.scope ?? `repository:${repository.path}:pull`,
    };
    // By registry as well: two registries may share a token server, and have different users there.
    const key = [repository.domain, request.realm.href, request.service, request.scope].join(' ');
    let token = this.#tokens.get(key);
    if (!token || token.expires <= this.#now() || refused === `Bearer ${token.token}`) {
      token = await this.#asking.run(key, signal, (shared) => this.#newToken(request, repository, shared));
      this.#tokens.set(key, token);
    }
    const header = `Bearer ${token.token}`;
    this.#headers.set(nameOf(repository), { header, expires: token.expires });
    return { header, ...noted(token.note) };
  }

  async #newToken(
    request: TokenRequest,
    repository: Repository,
    signal: AbortSignal,
  ): Promise<Token & { readonly note: string | undefined }> {
    const found = await this.#credentials.find(repository.domain, repository.path, signal);
    if (found.credential?.kind === 'registry') {
      return { token: found.credential.token, expires: Infinity, note: refusedNote(found) };
    }
    const ask = (credential: Credential | undefined) =>
      fetchToken(this.#transport, request, credential, this.#insecure, this.#now, signal);
    if (found.credential) {
      const token = await ask(found.credential);
      if (token) return { ...token, note: refusedNote(found) };
    }
    // A login that has gone stale must not hide what everyone may see.
    const token = await ask(undefined);
    const note = found.credential ? refusedNote(found) : found.problem;
    if (token) return { ...token, note };
    throw new SourceError('denied', deniedMessage(repository, note));
  }

  #realmOf(challenge: Challenge, registry: URL): URL {
    const text = challenge.parameters.realm ?? '';
    const realm = URL.canParse(text) ? new URL(text) : undefined;
    const isTrusted =
      realm?.protocol === 'https:' ||
      (realm?.protocol === 'http:' && registry.protocol === 'http:' && mayBePlain(realm, this.#insecure));
    if (!realm || !isTrusted || realm.username !== '' || realm.password !== '') {
      throw new SourceError(
        'invalid',
        `${registry.host} names a token server that cannot be trusted with credentials.`,
      );
    }
    return realm;
  }
}

export function deniedMessage({ domain, path }: Repository, note: string | undefined): string {
  const message = `${domain} wants credentials for ${path}, or does not have it.`;
  return note === undefined ? message : `${message} ${note}`;
}

function refusedNote(found: CredentialAnswer): string {
  return `The credentials from ${found.from ?? 'the configuration'} were refused.`;
}

function noted(note: string | undefined): { readonly note?: string } {
  return note === undefined ? {} : { note };
}

function nameOf({ domain, path }: Repository): string {
  return `${domain}/${path}`;
}
