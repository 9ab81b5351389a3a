import type { IncomingHttpHeaders } from 'node:http';
import { dockerHub } from '../../core/base/reference.ts';
import type { CredentialSource } from '../credentials/credentials.ts';
import { SourceError } from '../error.ts';
import { Authorizer, deniedMessage, type Repository } from './authorizer.ts';
import { dockerHubHosts, originsOf, type DockerHubHosts } from './endpoint.ts';
import { pause } from './pause.ts';
import { discard } from './readAnswer.ts';
import { follow } from './redirects.ts';
import { retryAfterMs } from './retryAfter.ts';
import { defaultTimeouts, Transport, type Answer, type Timeouts } from './transport.ts';

export interface RegistryClientOptions {
  readonly credentials: CredentialSource;
  /** `host` or `host:port` that may be asked over plain http; this machine always may. */
  readonly insecureRegistries?: readonly string[];
  readonly dockerHub?: DockerHubHosts;
  readonly timeouts?: Partial<Timeouts>;
  /** The longest wait before a request is tried again, in milliseconds; a server that wants more is told of as limiting. */
  readonly maxWaitMs?: number;
  /** For proxies; default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  readonly now?: () => number;
}

export interface RegistryRequest {
  readonly repository: Repository;
  readonly method: 'GET' | 'HEAD';
  /** Below the repository: `manifests/latest`, `blobs/sha256:…`. */
  readonly resource: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** True for a body of any length: no limit on the whole time. */
  readonly streamed?: boolean;
  readonly signal: AbortSignal;
}

const maxTries = 4;
const firstWaitMs = 500;
/** How long a server that said "too many" without saying until when is left alone. */
const defaultRestMs = 60_000;
const maxRestMs = 15 * 60_000;

/**
 * A client of the OCI distribution API (https://github.com/opencontainers/distribution-spec): where a registry is, who we
 * are there, and patience with it. All failures are `SourceError`s, but for the signal's reason.
 */
export class RegistryClient implements Disposable {
  readonly #transport: Transport;
  readonly #authorizer: Authorizer;
  readonly #insecure: readonly string[];
  readonly #hub: DockerHubHosts;
  readonly #maxWaitMs: number;
  readonly #now: () => number;
  /** By domain, the origin that answered. */
  readonly #origins = new Map<string, URL>();
  /** By method and host, until when nothing is asked there. Docker Hub limits GETs of manifests, and not HEADs. */
  readonly #resting = new Map<string, number>();
  /** By domain, what the registry last said of how many pulls are left. */
  readonly #pullsLeft = new Map<string, number>();

  constructor(options: RegistryClientOptions) {
    this.#transport = new Transport({ ...defaultTimeouts, ...options.timeouts }, options.env ?? process.env);
    this.#insecure = options.insecureRegistries ?? [];
    this.#hub = options.dockerHub ?? dockerHubHosts;
    this.#maxWaitMs = options.maxWaitMs ?? 5_000;
    this.#now = options.now ?? Date.now;
    this.#authorizer = new Authorizer(this.#transport, options.credentials, {
      insecure: this.#insecure,
      now: this.#now,
    });
  }

  /** An answer with status 200 or 206; every other one is thrown as a `SourceError`. */
  async send(request: RegistryRequest): Promise<Answer> {
    const { repository, method } = request;
    const answer = await this.#patient(`${method} ${repository.domain}`, request.signal, () =>
      this.#authorized(request),
    );
    this.#notePulls(repository.domain, answer.headers);
    if (answer.status === 200 || answer.status === 206) return answer;
    await discard(answer);
    throw refusal(answer, repository);
  }

  /** Asks Docker Hub's own API, without credentials: it knows other ones than the registry. */
  async sendToHub(path: string, signal: AbortSignal): Promise<Answer> {
    const url = new URL(path, this.#hub.api);
    const answer = await this.#patient(`hub ${url.host}`, signal, async () => {
      const followed = await follow(this.#transport, { url, method: 'GET', headers: {}, signal }, this.#insecure);
      return followed.answer;
    });
    if (answer.status === 200) return answer;
    await discard(answer);
    throw refusal(answer, { domain: dockerHub, path });
  }

  /** How many pulls the registry said are left, where it said so. */
  pullsLeft(domain: string): number | undefined {
    return this.#pullsLeft.get(domain);
  }

  [Symbol.dispose](): void {
    this.#transport[Symbol.dispose]();
  }

  /** Tries again what a busy server or gateway put off, after a wait that grows or that the server names. */
  async #patient(place: string, signal: AbortSignal, send: () => Promise<Answer>): Promise<Answer> {
    const host = place.slice(place.indexOf(' ') + 1);
    const restsUntil = this.#resting.get(place) ?? 0;
    if (restsUntil > this.#now()) throw limited(host, restsUntil);
    for (let tries = 1; ; tries++) {
      const answer = await send();
      if (![429, 502, 503, 504].includes(answer.status)) return answer;
      await discard(answer);
      const asked = retryAfterMs(answer.headers['retry-after'], this.#now());
      const wait = asked ?? firstWaitMs * 2 ** (tries - 1);
      if (tries < maxTries && wait <= this.#maxWaitMs) {
        await pause(wait, signal);
        continue;
      }
      if (answer.status !== 429) return answer;
      const until = this.#now() + Math.min(asked ?? defaultRestMs, maxRestMs);
      this.#resting.set(place, until);
      throw limited(host, until);
    }
  }

  /** One exchange, and one more when the registry asks who we are. */
  async #authorized(request: RegistryRequest): Promise<Answer> {
    const { repository, signal } = request;
    const known = this.#authorizer.known(repository);
    const first = await this.#exchange(request, known);
    // A 401 from where a redirect led is not the registry's question, and gets no answer.
    if (first.answer.status !== 401 || first.leftOrigin) return first.answer;
    await discard(first.answer);
    const { header, note } = await this.#authorizer.answer(first.answer, repository, known, signal);
    if (header === undefined) throw new SourceError('denied', deniedMessage(repository, note));
    const second = await this.#exchange(request, header);
    if (second.answer.status !== 401 && second.answer.status !== 403) return second.answer;
    await discard(second.answer);
    throw new SourceError('denied', deniedMessage(repository, note));
  }

  async #exchange(request: RegistryRequest, authorization: string | undefined) {
    const { repository, method, resource, signal } = request;
    const known = this.#origins.get(repository.domain);
    const origins = known ? [known] : originsOf(repository.domain, this.#hub, this.#insecure);
    let firstError: unknown;
    for (const origin of origins) {
      try {
        const followed = await follow(
          this.#transport,
          {
            url: new URL(`/v2/${repository.path}/${resource}`, origin),
            method,
            headers: { ...request.headers, ...(authorization === undefined ? {} : { authorization }) },
            streamed: request.streamed ?? false,
            signal,
          },
          this.#insecure,
        );
        this.#origins.set(repository.domain, origin);
        return followed;
      } catch (error) {
        // Where plain http is allowed it is tried when there is no talking over TLS; if that fails too, TLS's error says more.
        if (!(error instanceof SourceError) || error.code !== 'network') throw error;
        firstError ??= error;
      }
    }
    throw firstError;
  }

  #notePulls(domain: string, headers: IncomingHttpHeaders): void {
    const left = parseInt(String(headers['ratelimit-remaining'] ?? ''), 10);
    if (left >= 0) this.#pullsLeft.set(domain, left);
  }
}

function limited(host: string, until: number): SourceError {
  const time = new Date(until).toISOString().slice(11, 16);
  return new SourceError('limited', `${host} allows no more requests for now; it is asked again after ${time} UTC.`);
}

function refusal(answer: Answer, repository: Repository): SourceError {
  const { domain, path } = repository;
  switch (answer.status) {
    case 401:
    case 403:
      return new SourceError('denied', deniedMessage(repository, undefined));
    case 404:
      return new SourceError('absent', `${domain} does not have this of ${path}.`);
    default:
      return new SourceError(
        answer.status >= 500 ? 'network' : 'invalid',
        `${domain} answers with status ${answer.status} for ${path}.`,
      );
  }
}
