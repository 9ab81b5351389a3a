import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Engine } from '../../src/sources/engine/engine.ts';
import { bareMachine } from './fakeEngine.ts';
import { tarOf } from './ociImage.ts';

/**
 * A real engine for tests, with its data, sockets and process id in a temporary folder of its own.
 *
 * ```ts
 * await using server = await startEngine();
 * await buildImage(server, 'app:1', 'FROM scratch\\nCOPY a /a\\n', { a: 'hello' });
 * using engine = engineFor(server);
 * ```
 */
export interface TestEngine extends AsyncDisposable {
  readonly product: 'Docker' | 'Podman';
  readonly socket: string;
  /** `unix://…`, as `DOCKER_HOST` has it. */
  readonly host: string;
  readonly version: string;
  /** The process that was started; absent where the engine was there already. */
  readonly process?: ChildProcess;
}

/**
 * Starts dockerd (Debian package `docker.io`; as root), without a bridge and without firewall rules, so that it needs
 * nothing of this machine and leaves nothing behind. Builds therefore run with the host's network. Where
 * `PLIMSOLL_TEST_DOCKER_HOST` names a Unix socket, the engine there is used and left as it is, but for its images.
 * `extra` are further arguments of dockerd.
 */
export async function startEngine(extra: readonly string[] = []): Promise<TestEngine> {
  const given = process.env.PLIMSOLL_TEST_DOCKER_HOST;
  if (given !== undefined && given !== '' && extra.length === 0) return engineAt(given);
  return startServer('Docker', (folder, socket) => dockerd(folder, socket, join(folder, 'data'), extra));
}

/** The same with its data in a folder of the caller's, for an engine that is kept. */
export function startEngineIn(data: string): Promise<TestEngine> {
  return startServer('Docker', (folder, socket) => dockerd(folder, socket, data, []));
}

/** Docker as it runs at a Unix socket already, `unix://…`; disposing leaves it running. */
export async function engineAt(host: string): Promise<TestEngine> {
  const socket = host.replace(/^unix:\/\//, '');
  return { product: 'Docker', socket, host, version: await versionAt(socket), [Symbol.asyncDispose]: done };
}

function dockerd(folder: string, socket: string, data: string, extra: readonly string[]): readonly string[] {
  return [
    'dockerd',
    ...['--data-root', data, '--exec-root', join(folder, 'exec')],
    ...['--pidfile', join(folder, 'pid'), '--host', `unix://${socket}`],
    ...['--iptables=false', '--ip6tables=false', '--bridge=none', ...extra],
  ];
}

/** Starts a server in a temporary folder and waits until it answers at its socket. */
export async function startServer(
  product: TestEngine['product'],
  command: (folder: string, socket: string) => readonly string[],
): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), `plimsoll-${product.toLowerCase()}-`));
  const socket = join(folder, 'engine.sock');
  const [program, ...args] = command(folder, socket);
  const log = join(folder, 'log');
  const server = spawn(program!, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin` },
  });
  const written = pipeline(server.stderr, createWriteStream(log));
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()).once('error', () => resolve()));
  const end = async (): Promise<void> => {
    server.kill('SIGTERM');
    const patience = setTimeout(() => server.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(patience);
    await written;
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const version = await untilItAnswers(socket, () => server.exitCode !== null || server.pid === undefined);
    return { product, socket, host: `unix://${socket}`, version, process: server, [Symbol.asyncDispose]: end };
  } catch (cause) {
    const said = await readFile(log, 'utf8').catch(() => '');
    await end();
    throw new Error(`${program!} does not start:\n${said.split('\n').slice(-8).join('\n')}`, { cause });
  }
}

/** Plimsoll's engine over a test's server. */
export function engineFor(server: { readonly host: string }): Engine {
  return new Engine({ surroundings: bareMachine(), choice: { host: server.host } });
}

/** Builds an image without BuildKit, without pulling; `context` holds the files beside the Dockerfile. */
export async function buildImage(
  server: TestEngine,
  tag: string,
  dockerfile: string,
  context: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<void> {
  const query = new URLSearchParams({ t: tag, networkmode: 'host', rm: '1', forcerm: '1' });
  const answer = await send(
    server,
    'POST',
    `/build?${query.toString()}`,
    tarOf({ Dockerfile: dockerfile, ...context }),
  );
  const failure = answer.split('\n').find((line) => line.includes('"error"'));
  if (failure !== undefined) throw new Error(`the build of ${tag} failed: ${failure}`);
}

/** Makes an image of one layer from a tar, as `docker import` does; `changes` are instructions, such as `CMD ["bash"]`. */
export async function importImage(
  server: TestEngine,
  tag: string,
  tar: Uint8Array,
  changes: readonly string[] = [],
): Promise<void> {
  const colon = tag.lastIndexOf(':');
  const query = new URLSearchParams({ fromSrc: '-', repo: tag.slice(0, colon), tag: tag.slice(colon + 1) });
  for (const change of changes) query.append('changes', change);
  const answer = await send(server, 'POST', `/images/create?${query.toString()}`, tar);
  if (answer.includes('"error"')) throw new Error(`the import of ${tag} failed: ${answer}`);
}

/** Loads what `docker save` or its like wrote. */
export async function loadImage(server: TestEngine, archive: Uint8Array): Promise<void> {
  const answer = await send(server, 'POST', '/images/load?quiet=1', archive);
  if (answer.includes('"error"')) throw new Error(`the archive could not be loaded: ${answer}`);
}

/** True if the engine has an image of this name. */
export async function hasImage(server: TestEngine, image: string): Promise<boolean> {
  return await send(server, 'GET', `/images/${encodeURIComponent(image)}/json`).then(
    () => true,
    () => false,
  );
}

export async function removeImage(server: TestEngine, image: string): Promise<void> {
  await send(server, 'DELETE', `/images/${encodeURIComponent(image)}?force=true`);
}

/** One request to the engine, without Plimsoll's own client: what is tested does not make what it is tested with. */
export function send(
  server: { readonly socket: string },
  method: string,
  path: string,
  body?: Uint8Array,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/x-tar', 'content-length': body.length };
    const asked = request({ socketPath: server.socket, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode! < 300) resolve(text);
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
      });
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

/** Podman leaves its storage mounted when it ends. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) {
    spawnSync('umount', [mount]);
  }
}

async function untilItAnswers(socket: string, isOver: () => boolean): Promise<string> {
  const patience = performance.now() + 60_000;
  for (;;) {
    try {
      return await versionAt(socket);
    } catch (error) {
      if (isOver() || performance.now() > patience) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function versionAt(socket: string): Promise<string> {
  return (JSON.parse(await send({ socket }, 'GET', '/version')) as { Version: string }).Version;
}

const done = (): Promise<void> => Promise.resolve();
