import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { TestEngine } from './engine.ts';

/** The client of Debian's `docker.io`; another one may come first in the path. */
const client = existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker';

/** Runs Docker's own client on a test's engine and gives what it printed; throws where it fails. */
export function docker(
  server: TestEngine,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): string {
  const { status, stdout, stderr } = spawnSync(client, ['--host', server.host, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 300_000,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...env },
  });
  if (status !== 0)
    throw new Error(`docker ${args.join(' ')} failed (${status ?? '?'}): ${stderr.slice(-3000)}${stdout.slice(-1000)}`);
  return stdout;
}

/** Starts an image's own command and gives what it printed. */
export function startImage(server: TestEngine, tag: string): string {
  return docker(server, ['run', '--rm', '--network=host', tag]);
}

/** The bytes of an image's layers, as the engine counts them. */
export function imageBytes(server: TestEngine, tag: string): number {
  return Number(docker(server, ['image', 'inspect', '--format', '{{.Size}}', tag]));
}
