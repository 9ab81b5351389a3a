import * as v from 'valibot';
import type { Credential } from '../credentials/credentials.ts';
import { SourceError } from '../error.ts';
import { discard, readWhole } from './readAnswer.ts';
import { follow } from './redirects.ts';
import type { Answer, Exchange, Transport } from './transport.ts';

/** What a registry's challenge says about its token server. */
export interface TokenRequest {
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scope: string;
}

export interface Token {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

const tokenAnswer = v.object({
  token: v.optional(v.string()),
  access_token: v.optional(v.string()),
  expires_in: v.optional(v.number()),
});

/** Tokens that are this close to their end are not used any more. */
const marginMs = 5_000;
/** What the specification says of a token that does not tell its life. */
const defaultLifeSeconds = 60;
const maxTokenBytes = 1_000_000;

/**
 * Asks a token server (https://distribution.github.io/distribution/spec/auth/token/): GET with basic auth, or POST with
 * an identity token (https://distribution.github.io/distribution/spec/auth/oauth/).
 * Undefined when it refuses; throws a `SourceError` when it cannot be asked or answers nonsense.
 */
export async function fetchToken(
  transport: Transport,
  request: TokenRequest,
  credential: Credential | undefined,
  insecure: readonly string[],
  now: () => number,
  signal: AbortSignal,
): Promise<Token | undefined> {
  const { answer } = await follow(transport, { ...exchangeFor(request, credential), signal }, insecure);
  if (answer.status === 401 || answer.status === 403) {
    await discard(answer);
    return undefined;
  }
  if (answer.status !== 200) {
    await discard(answer);
    const code = answer.status === 429 ? 'limited' : answer.status >= 500 ? 'network' : 'invalid';
    throw new SourceError(code, `The token server ${request.realm.host} answers with status ${answer.status}.`);
  }
  return decodeToken(answer, await readWhole(answer, maxTokenBytes, 'a token'), now());
}

function exchangeFor(request: TokenRequest, credential: Credential | undefined): Omit<Exchange, 'signal'> {
  const { realm, service, scope } = request;
  if (credential?.kind === 'identity') {
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: 'plimsoll', scope });
    if (service !== undefined) form.set('service', service);
    form.set('refresh_token', credential.token);
    return {
      url: realm,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    };
  }
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', scope);
  return { url, method: 'GET', headers: credential?.kind === 'password' ? basicHeader(credential) : {} };
}

export function basicHeader(credential: Credential & { kind: 'password' }): { authorization: string } {
  const both = Buffer.from(`${credential.username}:${credential.password}`);
  return { authorization: `Basic ${both.toString('base64')}` };
}

function decodeToken(answer: Answer, bytes: Uint8Array, now: number): Token {
  const decoded = v.safeParse(tokenAnswer, parseJson(bytes));
  const token = decoded.success ? (decoded.output.token ?? decoded.output.access_token) : undefined;
  // What would not fit into a header is no token, and would make Node throw with the text in its message.
  if (!decoded.success || token === undefined || !/^[\x21-\x7e]+$/.test(token)) {
    throw new SourceError('invalid', `The token server ${answer.url.host} answers without a token.`);
  }
  const life = Math.max(0, (decoded.output.expires_in ?? defaultLifeSeconds) * 1000 - marginMs);
  return { token, expires: now + life };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined; // What is no JSON is no token; the decoder says so.
  }
}
