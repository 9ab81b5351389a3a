import type { IncomingMessage } from 'node:http';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { Credential } from '../../../src/sources/credentials/credentials.ts';
import type { RegistryClient } from '../../../src/sources/registry/client.ts';
import { startScriptedRegistry, testClient, type Script } from '../../helpers/scriptedRegistry.ts';

const never = new AbortController().signal;
const secret = 's3cret-word';
const ada: Credential = { kind: 'password', username: 'ada', password: secret };
const adaBasic = `Basic ${Buffer.from(`ada:${secret}`).toString('base64')}`;

function clientOf(credential: Credential | undefined, options: Parameters<typeof testClient>[0] = {}) {
  const asked: string[] = [];
  const client = testClient({
    credentials: {
      find: (domain, path) => {
        asked.push(`${domain}/${path}`);
        return Promise.resolve(credential ? { credential, from: 'the test' } : {});
      },
    },
    ...options,
  });
  return { client, asked, [Symbol.dispose]: () => client[Symbol.dispose]() };
}

async function get(client: RegistryClient, domain: string, signal = never): Promise<string> {
  const answer = await client.send({ repository: { domain, path: 'acme/app' }, method: 'GET', resource: 'x', signal });
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const ok: Script = (request, response) => Boolean(response.end(request.headers.authorization ?? 'nobody'));

/** Wants a bearer token for every path but `/token`, which `tokens` answers. */
function guarded(tokens: Script, challenge = 'service="reg",scope="repository:acme/app:pull"'): Script {
  return (request, response) => {
    if (request.url!.startsWith('/token')) return tokens(request, response);
    if (request.headers.authorization === 'Bearer good') return ok(request, response);
    const realm = `http://${request.headers.host}/token`;
    response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",${challenge}` }).end();
    return true;
  };
}

const giveToken: Script = (_, response) => Boolean(response.end('{"token":"good","expires_in":100}'));

test('credentials are looked up only when a registry asks for them', async () => {
  await using open = await startScriptedRegistry({}, ok);
  using subject = clientOf(ada);
  const { client, asked } = subject;
  expect(await get(client, open.host)).toBe('nobody');
  expect(asked).toEqual([]);
});

test('basic auth: refused once, then known', async () => {
  await using registry = await startScriptedRegistry({}, (request, response) => {
    if (request.headers.authorization === adaBasic) return ok(request, response);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    return true;
  });
  using subject = clientOf(ada);
  const { client } = subject;
  expect(await get(client, registry.host)).toBe(adaBasic);
  expect(await get(client, registry.host)).toBe(adaBasic);
  expect(registry.requests).toHaveLength(3);
});

test('a token is asked for once, with user and scope, and used until it ends', async () => {
  let now = 0;
  await using registry = await startScriptedRegistry({}, guarded(giveToken));
  using subject = clientOf(ada, { now: () => now });
  const { client } = subject;
  await get(client, registry.host);
  now = 94_000;
  await get(client, registry.host);
  const token = '/token?service=reg&scope=repository%3Aacme%2Fapp%3Apull';
  const resource = 'GET /v2/acme/app/x';
  expect(registry.requests).toEqual([resource, `GET ${token}`, resource, resource]);
  expect(registry.received[1]!.headers.authorization).toBe(adaBasic);
  now = 96_000;
  await get(client, registry.host);
  expect(registry.requests.slice(4)).toEqual([resource, `GET ${token}`, resource]);
});

test('many requests at once share one token', async () => {
  await using registry = await startScriptedRegistry({}, guarded(giveToken));
  using subject = clientOf(undefined);
  const { client } = subject;
  await Promise.all(Array.from({ length: 8 }, () => get(client, registry.host)));
  expect(registry.requests.filter((request) => request.includes('/token'))).toHaveLength(1);
});

test('an identity token goes by POST, in the body', async () => {
  let body = '';
  await using registry = await startScriptedRegistry(
    {},
    guarded((request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => response.end('{"access_token":"good"}'));
      return true;
    }),
  );
  using subject = clientOf({ kind: 'identity', token: secret });
  const { client } = subject;
  expect(await get(client, registry.host)).toBe('Bearer good');
  expect(registry.requests[1]).toBe('POST /token');
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
    grant_type: 'refresh_token',
    client_id: 'plimsoll',
    service: 'reg',
    scope: 'repository:acme/app:pull',
    refresh_token: secret,
  });
});

test('a registry token is given to the registry, and no token server is asked', async () => {
  await using registry = await startScriptedRegistry({}, guarded(giveToken));
  using subject = clientOf({ kind: 'registry', token: 'good' });
  const { client } = subject;
  expect(await get(client, registry.host)).toBe('Bearer good');
  expect(registry.requests).toHaveLength(2);
});

test('a login that has gone stale does not hide what everyone may see', async () => {
  await using registry = await startScriptedRegistry(
    {},
    guarded((request, response) => {
      if (request.headers.authorization === undefined) return giveToken(request, response);
      return Boolean(response.writeHead(401).end());
    }),
  );
  using subject = clientOf(ada);
  const { client } = subject;
  expect(await get(client, registry.host)).toBe('Bearer good');
});

/** Ways in which asking who we are goes wrong; each ends after few requests, with a sentence and without the secret. */
const failures: Record<string, { script: Script; code: string; message: RegExp; requests: number }> = {
  'tokens are never good': {
    script: guarded((_, response) => Boolean(response.end('{"token":"bad"}'))),
    code: 'denied',
    message: /wants credentials for acme\/app, or does not have it. The credentials from the test were refused/,
    requests: 3,
  },
  'the password is never good': {
    script: (_, response) => Boolean(response.writeHead(401, { 'www-authenticate': 'Basic' }).end()),
    code: 'denied',
    message: /The credentials from the test were refused/,
    requests: 2,
  },
  'the token server knows nobody': {
    script: guarded((_, response) => Boolean(response.writeHead(401).end())),
    code: 'denied',
    message: /The credentials from the test were refused/,
    requests: 3,
  },
  'the token server answers HTML': {
    script: guarded((_, response) => Boolean(response.end('<html>'))),
    code: 'invalid',
    message: /answers without a token/,
    requests: 2,
  },
  'the token would break a header': {
    script: guarded((_, response) => Boolean(response.end('{"token":"a\\r\\nb"}'))),
    code: 'invalid',
    message: /answers without a token/,
    requests: 2,
  },
  'the token server is broken': {
    script: guarded((_, response) => Boolean(response.writeHead(500).end())),
    code: 'network',
    message: /answers with status 500/,
    requests: 2,
  },
  'the token server is limited': {
    script: guarded((_, response) => Boolean(response.writeHead(429).end())),
    code: 'limited',
    message: /answers with status 429/,
    requests: 2,
  },
  'the token server is elsewhere without TLS': {
    script: (_, response) => {
      const challenge = 'Bearer realm="http://tokens.example/token"';
      return Boolean(response.writeHead(401, { 'www-authenticate': challenge }).end());
    },
    code: 'invalid',
    message: /cannot be trusted with credentials/,
    requests: 1,
  },
  'the challenge has no realm': {
    script: (_, response) => Boolean(response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()),
    code: 'invalid',
    message: /cannot be trusted with credentials/,
    requests: 1,
  },
  'the challenge is of another kind': {
    script: (_, response) => Boolean(response.writeHead(401, { 'www-authenticate': 'Negotiate abc=' }).end()),
    code: 'denied',
    message: /wants credentials/,
    requests: 1,
  },
};

test.each(Object.entries(failures))('%s', async (_, { script, code, message, requests }) => {
  await using registry = await startScriptedRegistry({}, script);
  using subject = clientOf(ada);
  const { client } = subject;
  const error = await get(client, registry.host).catch((error: unknown) => error);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
  expect(registry.requests).toHaveLength(requests);
  const shown = inspect(error, { depth: 20, showHidden: true });
  for (const word of [secret, adaBasic.slice(6)]) expect(shown).not.toContain(word);
});

test('a redirect to another host takes no authorization along, also not back', async () => {
  let seen: (string | undefined)[] = [];
  const note = (request: IncomingMessage) => (seen = [...seen, request.headers.authorization]);
  await using registry = await startScriptedRegistry({}, (request, response) => {
    if (request.url === '/back') {
      note(request);
      return Boolean(response.end('done'));
    }
    if (request.headers.authorization !== adaBasic) {
      return Boolean(response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end());
    }
    return Boolean(response.writeHead(307, { location: `${storage.origin}/blob?signature=abc` }).end());
  });
  await using storage = await startScriptedRegistry({}, (request, response) => {
    note(request);
    return Boolean(response.writeHead(302, { location: `${registry.origin}/back` }).end());
  });
  using subject = clientOf(ada);
  const { client } = subject;
  expect(await get(client, registry.host)).toBe('done');
  expect(seen).toEqual([undefined, undefined]);
});

test('a redirect on the same host keeps the authorization', async () => {
  await using registry = await startScriptedRegistry({}, (request, response) => {
    if (request.url === '/moved') return ok(request, response);
    if (request.headers.authorization === undefined) {
      return Boolean(response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end());
    }
    return Boolean(response.writeHead(308, { location: '/moved' }).end());
  });
  using subject = clientOf(ada);
  const { client } = subject;
  expect(await get(client, registry.host)).toBe(adaBasic);
});

test('a 401 from where a redirect led is no question to us', async () => {
  await using storage = await startScriptedRegistry({}, (_, response) =>
    Boolean(response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()),
  );
  await using registry = await startScriptedRegistry({}, (_, response) =>
    Boolean(response.writeHead(307, { location: `${storage.origin}/blob?signature=${secret}` }).end()),
  );
  using subject = clientOf(ada);
  const { client, asked } = subject;
  const error = await get(client, registry.host).catch((error: unknown) => error);
  expect(error).toMatchObject({ code: 'denied' });
  expect(inspect(error, { depth: 20 })).not.toContain(secret);
  expect(asked).toEqual([]);
});

test.each([
  ['429, seconds', 429, '0'],
  ['429, a date that has passed', 429, 'Wed, 21 Oct 2015 07:28:00 GMT'],
  ['503', 503, '0.01'],
  ['502 without a word', 502, undefined],
])('%s: asked again, then answered', async (_, status, retryAfter) => {
  let left = 1;
  await using registry = await startScriptedRegistry({}, (request, response) => {
    if (left-- <= 0) return ok(request, response);
    return Boolean(response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end());
  });
  using subject = clientOf(undefined);
  const { client } = subject;
  expect(await get(client, registry.host)).toBe('nobody');
  expect(registry.requests).toHaveLength(2);
});

test('429 with a long wait: told at once, and left alone until then', async () => {
  let now = 0;
  await using registry = await startScriptedRegistry({}, (_, response) =>
    Boolean(response.writeHead(429, { 'retry-after': '120' }).end()),
  );
  using subject = clientOf(undefined, { now: () => now });
  const { client } = subject;
  await expect(get(client, registry.host)).rejects.toMatchObject({ code: 'limited', message: /after 00:02 UTC/ });
  now = 119_000;
  await expect(get(client, registry.host)).rejects.toMatchObject({ code: 'limited' });
  expect(registry.requests).toHaveLength(1);
  now = 121_000;
  await expect(get(client, registry.host)).rejects.toMatchObject({ code: 'limited' });
  expect(registry.requests).toHaveLength(2);
});

test('429 for ever: a bounded number of requests', async () => {
  await using registry = await startScriptedRegistry({}, (_, response) =>
    Boolean(response.writeHead(429, { 'retry-after': '0' }).end()),
  );
  using subject = clientOf(undefined);
  const { client } = subject;
  await expect(get(client, registry.host)).rejects.toMatchObject({ code: 'limited' });
  expect(registry.requests).toHaveLength(4);
});

test('cancelled while it waits to ask again', async () => {
  await using registry = await startScriptedRegistry({}, (_, response) =>
    Boolean(response.writeHead(503, { 'retry-after': '4' }).end()),
  );
  using subject = clientOf(undefined);
  const { client } = subject;
  const leaving = new AbortController();
  const waiting = get(client, registry.host, leaving.signal);
  await expect.poll(() => registry.requests.length).toBe(1);
  leaving.abort('left');
  await expect(waiting).rejects.toBe('left');
});

test('a connection that the server closed meanwhile is no failure', async () => {
  await using registry = await startScriptedRegistry({}, (request, response) => {
    response.once('finish', () => setTimeout(() => request.socket.resetAndDestroy(), 0));
    return ok(request, response);
  });
  using subject = clientOf(undefined);
  const { client } = subject;
  for (let i = 0; i < 5; i++) expect(await get(client, registry.host)).toBe('nobody');
});

test('other hosts are asked through the proxy of the environment, this machine never', async () => {
  await using proxy = await startScriptedRegistry({}, ok);
  await using registry = await startScriptedRegistry({}, ok);
  const env = { HTTP_PROXY: proxy.origin, HTTPS_PROXY: 'http://127.0.0.1:1' };
  using subject = clientOf(undefined, { env, insecureRegistries: ['registry.test'] });
  const { client } = subject;
  expect(await get(client, registry.host)).toBe('nobody');
  expect(proxy.requests).toEqual([]);
  expect(await get(client, 'registry.test')).toBe('nobody');
  expect(proxy.requests).toEqual(['GET http://registry.test/v2/acme/app/x']);
});

test('plain http is not spoken to a host that the user did not name', async () => {
  await using proxy = await startScriptedRegistry({}, ok);
  using subject = clientOf(undefined, { env: { HTTP_PROXY: proxy.origin, HTTPS_PROXY: 'http://127.0.0.1:1' } });
  const { client } = subject;
  await expect(get(client, 'registry.test')).rejects.toMatchObject({ code: 'network' });
  expect(proxy.requests).toEqual([]);
});
