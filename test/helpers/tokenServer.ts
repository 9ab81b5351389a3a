import { createHash, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { selfSigned, type SelfSigned } from './certificate.ts';

export interface TokenServer extends AsyncDisposable {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** The certificate that a registry needs to trust this server's tokens, as PEM. */
  readonly certificate: string;
  /** Scopes that were asked for, in order, each with the way it was asked. */
  readonly asked: readonly { readonly method: string; readonly scope: string; readonly user: string }[];
}

export interface TokenServerOptions {
  readonly username: string;
  readonly password: string;
  readonly identityToken: string;
  /** Repositories that may be pulled without credentials; all others want them. */
  readonly isPublic: (repository: string) => boolean;
}

/** A token server as the distribution project specifies it: GET with basic auth, POST with a refresh token. */
export async function startTokenServer(options: TokenServerOptions): Promise<TokenServer> {
  const identity = selfSigned('plimsoll-test-tokens');
  const service = 'plimsoll-test-registry';
  const issuer = 'plimsoll-test-tokens';
  const asked: { method: string; scope: string; user: string }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const query =
        request.method === 'POST'
          ? new URLSearchParams(await textOf(request))
          : new URL(request.url ?? '/', 'http://tokens').searchParams;
      const user = userOf(request, query, options);
      const scope = query.get('scope') ?? '';
      asked.push({ method: request.method ?? '', scope, user: user ?? 'refused' });
      if (user === undefined) {
        response.writeHead(401).end();
        return;
      }
      const access = scope === '' ? [] : [accessOf(scope, user !== '', options.isPublic)];
      const token = jwt({ iss: issuer, aud: service, sub: user, access }, identity);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ token, access_token: token, expires_in: 300 }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    realm: `http://127.0.0.1:${port}/token`,
    service,
    issuer,
    certificate: identity.pem,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The user's name, empty for nobody, undefined for wrong credentials. */
function userOf(request: IncomingMessage, query: URLSearchParams, options: TokenServerOptions): string | undefined {
  if (request.method === 'POST') {
    return query.get('refresh_token') === options.identityToken ? options.username : undefined;
  }
  const header = request.headers.authorization;
  if (header === undefined) return '';
  const expected = Buffer.from(`${options.username}:${options.password}`).toString('base64');
  return header === `Basic ${expected}` ? options.username : undefined;
}

function accessOf(scope: string, known: boolean, isPublic: (repository: string) => boolean) {
  const [type, name, actions] = scope.split(':');
  const wanted = (actions ?? '').split(',');
  return { type, name, actions: known ? wanted : isPublic(name ?? '') ? wanted.filter((a) => a === 'pull') : [] };
}

function jwt(claims: Readonly<Record<string, unknown>>, identity: SelfSigned): string {
  const now = Math.floor(Date.now() / 1000);
  const parts = [
    { typ: 'JWT', alg: 'RS256', kid: keyId(identity) },
    { ...claims, iat: now, nbf: now - 10, exp: now + 300, jti: String(Math.random()) },
  ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  const text = parts.join('.');
  return `${text}.${sign('sha256', Buffer.from(text), identity.privateKey).toString('base64url')}`;
}

/** libtrust's key id: the first 240 bits of the key's SHA-256 in base32, in groups of four. */
function keyId(identity: SelfSigned): string {
  const hash = createHash('sha256')
    .update(identity.publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 30);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const text = (bits.match(/.{5}/g) ?? []).map((five) => alphabet[parseInt(five, 2)]).join('');
  return (text.match(/.{4}/g) ?? []).join(':');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
