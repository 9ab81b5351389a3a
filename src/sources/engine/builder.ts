import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { EngineConnection } from './connection.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * Who builds:
 * - `buildx`: `docker buildx build`, the user's client with BuildKit. `buildkit`: an older client that has BuildKit itself.
 * - `podman`: the user's `podman build`.
 * - `engine`: the engine's own builder, asked by its API; for Docker that is the one from before BuildKit.
 */
export type Builder = 'buildx' | 'buildkit' | 'podman' | 'engine';

const run = promisify(execFile);
/** A client that only says its version answers at once. Milliseconds. */
const versionMs = 10_000;

/**
 * The builder that the user's own `docker build` or `podman build` would take, as far as the engine has it. `DOCKER_BUILDKIT=0`
 * is respected.
 */
export async function findBuilder(
  { about }: Pick<EngineConnection, 'about'>,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Builder> {
  const answers = async (program: string, ...args: string[]): Promise<string | undefined> => {
    try {
      return (await run(program, args, { env, signal, timeout: versionMs, windowsHide: true })).stdout;
    } catch {
      signal.throwIfAborted();
      return undefined; // It is not installed, or not for this.
    }
  };
  if (about.product === 'Podman') {
    return (await answers('podman', '--version')) === undefined ? 'engine' : 'podman';
  }
  const wanted = env.DOCKER_BUILDKIT;
  if (wanted === '0' || wanted === 'false' || !hasBuildKit(about.version, about.platform)) return 'engine';
  const version = await answers('docker', '--version');
  if (version === undefined) return 'engine';
  if ((await answers('docker', 'buildx', 'version')) !== undefined) return 'buildx';
  // Since 23.0 the client leaves BuildKit to buildx.
  const major = Number(/version (\d+)\./.exec(version)?.[1] ?? NaN);
  return major >= 18 && major < 23 ? 'buildkit' : 'engine';
}

/** Docker engines have it since 18.09, for Linux. */
function hasBuildKit(version: string | undefined, platform: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  const isOld = major !== undefined && (Number(major) < 18 || (Number(major) === 18 && Number(minor) < 9));
  return platform.startsWith('linux/') && !isOld;
}

/** The environment by which the client of Docker finds the same engine. */
export function clientEnvironment(env: NodeJS.ProcessEnv, endpoint: Endpoint): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = { ...env, DOCKER_HOST: hostOf(endpoint) };
  for (const name of ['DOCKER_CONTEXT', 'DOCKER_TLS', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH']) own[name] = undefined;
  if (endpoint.transport !== 'tcp' || endpoint.tls === undefined) return own;
  return {
    ...own,
    ...(endpoint.tls.verify ? { DOCKER_TLS_VERIFY: '1' } : { DOCKER_TLS: '1' }),
    ...(endpoint.tls.directory === '' ? {} : { DOCKER_CERT_PATH: endpoint.tls.directory }),
  };
}

/** As `DOCKER_HOST` and `podman --url` spell it. */
export function hostOf(endpoint: Endpoint): string {
  switch (endpoint.transport) {
    case 'socket':
      return `${endpoint.path.includes('/pipe/') ? 'npipe' : 'unix'}://${endpoint.path}`;
    case 'tcp':
      return `tcp://${endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
    case 'ssh': {
      const user = endpoint.user === undefined ? '' : `${encodeURIComponent(endpoint.user)}@`;
      return `ssh://${user}${endpoint.host}${endpoint.port === undefined ? '' : `:${endpoint.port}`}`;
    }
  }
}
