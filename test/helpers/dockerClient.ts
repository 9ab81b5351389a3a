import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { TestEngine } from './engine.ts';

const run = promisify(execFile);

/** The client of Debian's `docker.io`; another one may come first in the path. */
export const dockerClient = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';

/**
 * Runs Docker's own client on a test's engine and gives what it printed; throws where it fails. Never waits in a way that
 * stops this process: the engine writes its log through it, and would stop as well.
 */
export async function docker(
  server: TestEngine,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  timeout = 240_000,
): Promise<string> {
  const options = { maxBuffer: 64 << 20, timeout, env: { ...process.env, ...env } };
  const { stdout } = await run(dockerClient, ['--host', server.host, ...args], options);
  return stdout;
}

/** Starts an image's own command and gives what it printed. */
export function startImage(server: TestEngine, tag: string): Promise<string> {
  return docker(server, ['run', '--rm', '--network=host', tag]);
}

/** The bytes of an image's layers, as the engine counts them. */
export async function imageBytes(server: TestEngine, tag: string): Promise<number> {
  return Number(await docker(server, ['image', 'inspect', '--format', '{{.Size}}', tag]));
}
