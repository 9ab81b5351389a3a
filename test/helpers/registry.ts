import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeAttestation, makeImage, makeIndex, type Blob, type ImageSpec, type MadeImage } from './ociImage.ts';
import { type RecordedRequest, type Recorder, startRecorder } from './recorder.ts';
import { startTokenServer, type TokenServer } from './tokenServer.ts';

/**
 * A real registry (`docker-registry`, Debian's package of the distribution project) as a child process on a free port of
 * 127.0.0.1, with its data in a temporary folder. In front of it stands a recorder that counts requests and can add
 * latency; tests and clients speak to the recorder.
 *
 * ```ts
 * await using registry = await startRegistry({ auth: 'token', latencyMs: 50 });
 * const pushed = await pushImage(registry, 'acme/app:1', { layers: [{ files: { 'etc/x': 'hello' } }] });
 * // `${registry.host}/acme/app:1` can be looked up, pushed.digest and pushed.images[0].onDiskBytes are the truth.
 * registry.requests.filter((request) => request.method === 'HEAD');
 * ```
 */
export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, as it stands in an image reference. */
  readonly host: string;
  readonly auth: 'none' | 'htpasswd' | 'token';
  /** What a client must know to get in (with `htpasswd` and `token`). */
  readonly username: string;
  readonly password: string;
  /** Known to the token server as a refresh token. */
  readonly identityToken: string;
  /** Every request that came in, in order. Cleared with `requests.length = 0`. */
  readonly requests: RecordedRequest[];
  /** See {@link Recorder.hold}. */
  readonly hold: Recorder['hold'];
  readonly tokens: TokenServer | undefined;
}

export interface RegistryOptions {
  /** Default `none`. With `token`, repositories below `public/` may be pulled by anyone. */
  readonly auth?: 'none' | 'htpasswd' | 'token';
  /** Added before every answer to a read (GET, HEAD); requests wait side by side. */
  readonly latencyMs?: number;
}

export interface PushedImage {
  /** Digest of what the tag names: the index, or the manifest of a single image. */
  readonly digest: string;
  readonly images: readonly MadeImage[];
}

const username = 'ada';
const password = 'pass-s3cret-of-ada';
const identityToken = 'identity-s3cret-of-ada';
/** `ada` with the password above, as `htpasswd -B` writes it: the registry knows bcrypt only, Node does not. */
const htpasswdLine = 'ada:$2y$05$lo75OUTO6nProVyrCfxhI.aBeQdbMvby9Upm9u5Lf5R8bkeWOMLcu\n';

export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  const auth = options.auth ?? 'none';
  const stack = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-registry-'));
    stack.defer(() => rm(folder, { recursive: true, force: true }));
    const tokens =
      auth === 'token'
        ? stack.use(
            await startTokenServer({
              username,
              password,
              identityToken,
              isPublic: (repository) => repository.startsWith('public/'),
            }),
          )
        : undefined;
    const config = join(folder, 'config.yml');
    await writeFile(config, await configFor(folder, auth, tokens));
    const registry = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    stack.defer(() => ended(registry));
    const port = await listeningPort(registry);
    const recorder = await startRecorder(port, options.latencyMs ?? 0);
    stack.defer(() => recorder.close());
    const owned = stack.move();
    return {
      host: `127.0.0.1:${recorder.port}`,
      auth,
      username,
      password,
      identityToken,
      requests: recorder.requests,
      hold: recorder.hold,
      tokens,
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

/**
 * Makes an image, or an index of one image per platform, and pushes it under `path:tag`. Blobs go straight over HTTP,
 * with no engine. The registry's record of requests is left as it was before.
 */
export async function pushImage(
  registry: TestRegistry,
  name: string,
  spec: ImageSpec | { readonly platforms: readonly ImageSpec[]; readonly attested?: boolean },
): Promise<PushedImage> {
  const recorded = registry.requests.length;
  const colon = name.lastIndexOf(':');
  const repository = name.slice(0, colon);
  const tag = name.slice(colon + 1);
  const push = await pusher(registry, repository);
  const images = ('platforms' in spec ? spec.platforms : [spec]).map(makeImage);
  const members = 'platforms' in spec && spec.attested ? [...images, makeAttestation()] : images;
  for (const image of members) {
    for (const blob of [image.config, ...image.layers]) await push.blob(blob);
    await push.manifest(image.manifest.digest, image.manifest);
  }
  const top = 'platforms' in spec ? makeIndex(members) : images[0]!.manifest;
  await push.manifest(tag, top);
  registry.requests.length = recorded;
  return { digest: top.digest, images };
}

interface Pusher {
  blob(blob: Blob): Promise<void>;
  manifest(reference: string, manifest: Blob & { readonly mediaType: string }): Promise<void>;
}

async function pusher(registry: TestRegistry, repository: string): Promise<Pusher> {
  const base = `http://${registry.host}/v2/${repository}`;
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const authorization = registry.tokens ? `Bearer ${await pushToken(registry.tokens, repository, basic)}` : basic;
  const send = async (url: string, method: string, body?: Uint8Array, type?: string): Promise<Response> => {
    const headers = new Headers();
    if (registry.auth !== 'none') headers.set('authorization', authorization);
    if (type !== undefined) headers.set('content-type', type);
    const response = await fetch(url, { method, headers, ...(body ? { body: new Uint8Array(body) } : {}) });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    async blob({ digest, bytes }) {
      const started = await send(`${base}/blobs/uploads/`, 'POST');
      const target = new URL(started.headers.get('location')!, base);
      target.searchParams.set('digest', digest);
      await send(target.href, 'PUT', bytes, 'application/octet-stream');
    },
    async manifest(reference, { bytes, mediaType }) {
      await send(`${base}/manifests/${reference}`, 'PUT', bytes, mediaType);
    },
  };
}

async function pushToken(tokens: TokenServer, repository: string, basic: string): Promise<string> {
  const url = new URL(tokens.realm);
  url.searchParams.set('service', tokens.service);
  url.searchParams.set('scope', `repository:${repository}:pull,push`);
  const response = await fetch(url, { headers: { authorization: basic } });
  const { token } = (await response.json()) as { token: string };
  return token;
}

async function configFor(folder: string, auth: string, tokens: TokenServer | undefined): Promise<string> {
  const lines = [
    'version: 0.1',
    'log: { level: info, accesslog: { disabled: true } }',
    `storage: { filesystem: { rootdirectory: '${join(folder, 'data')}' } }`,
    "http: { addr: '127.0.0.1:0', secret: test }",
  ];
  if (auth === 'htpasswd') {
    await writeFile(join(folder, 'htpasswd'), htpasswdLine);
    lines.push(`auth: { htpasswd: { realm: plimsoll, path: '${join(folder, 'htpasswd')}' } }`);
  }
  if (tokens) {
    await writeFile(join(folder, 'tokens.pem'), tokens.certificate);
    const { realm, service, issuer } = tokens;
    lines.push(
      `auth: { token: { realm: '${realm}', service: ${service}, issuer: ${issuer}, rootcertbundle: '${join(folder, 'tokens.pem')}' } }`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** The port that the registry says it listens on. What it says is read to the end, so that its pipe never fills. */
function listeningPort(registry: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    registry.once('error', (error) => {
      reject(new Error('docker-registry cannot be started (Debian package docker-registry)', { cause: error }));
    });
    registry.once('exit', (code) => reject(new Error(`docker-registry ended with ${code}:\n${said.join('\n')}`)));
    createInterface({ input: registry.stderr! }).on('line', (line) => {
      if (said.length < 50) said.push(line);
      const match = /listening on 127\.0\.0\.1:(\d+)/.exec(line);
      if (match) resolve(Number(match[1]));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}
