import { spawn, type ChildProcess } from 'node:child_process';
import * as v from 'valibot';
import type { Credential, CredentialAnswer } from './credentials.ts';

export interface HelperOptions {
  readonly env: NodeJS.ProcessEnv;
  /** After this a helper is ended; long enough for someone to unlock a key chain. */
  readonly timeoutMs: number;
}

/** More than any token; a helper may not fill our memory. */
const maxOutputBytes = 1_000_000;

const helperAnswer = v.object({ Username: v.string(), Secret: v.pipe(v.string(), v.minLength(1)) });

/**
 * Asks a Docker credential helper (https://github.com/docker/docker-credential-helpers): `docker-credential-NAME get` with the
 * server on its standard input. Never throws but for the signal's reason. What a helper prints may be a secret, so no
 * message holds any of it.
 */
export async function askHelper(
  name: string,
  server: string,
  options: HelperOptions,
  signal: AbortSignal,
): Promise<CredentialAnswer> {
  const program = `docker-credential-${name}`;
  // The name comes from a file: it must name a program on the path, and not lead elsewhere.
  if (!/^[\w.-]+$/.test(name)) return { problem: 'A credential helper has a name that cannot be a program.' };
  const ended = await run(program, server, options, signal);
  signal.throwIfAborted();
  switch (ended.kind) {
    case 'not-started':
      return { problem: `${program} cannot be started (${ended.code}).` };
    case 'timeout':
      return { problem: `${program} did not answer within ${options.timeoutMs / 1000} s.` };
    case 'too-long':
      return { problem: `${program} prints more than a credential.` };
    case 'exit':
      return ended.status === 0 ? decode(program, ended.output) : failed(program, ended.status, ended.output);
  }
}

function decode(program: string, output: string): CredentialAnswer {
  const decoded = v.safeParse(v.pipe(v.string(), v.parseJson(), helperAnswer), output);
  if (!decoded.success) return { problem: `${program} answers with something that is no credential.` };
  const { Username: username, Secret: secret } = decoded.output;
  // By the helpers' convention this name marks an identity token.
  const credential: Credential =
    username === '<token>' ? { kind: 'identity', token: secret } : { kind: 'password', username, password: secret };
  return { credential, from: program };
}

/** Having nothing for a server is a normal answer, which helpers give as a failure with this sentence. */
function failed(program: string, status: number | null, output: string): CredentialAnswer {
  if (/credentials not found/i.test(output)) return {};
  return { problem: `${program} failed (${status === null ? 'ended by a signal' : `exit status ${status}`}).` };
}

type Ended =
  | { readonly kind: 'exit'; readonly status: number | null; readonly output: string }
  | { readonly kind: 'not-started'; readonly code: string }
  | { readonly kind: 'timeout' | 'too-long' };

function run(program: string, input: string, { env, timeoutMs }: HelperOptions, signal: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    // Its own process group, so that what it has started ends with it; Windows has no such groups.
    const child = spawn(program, ['get'], {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    const settle = (ended: Ended) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', aborted);
      if (ended.kind !== 'exit') end(child);
      resolve(ended);
    };
    const aborted = () => settle({ kind: 'timeout' });
    const timer = setTimeout(() => settle({ kind: 'timeout' }), timeoutMs);
    signal.addEventListener('abort', aborted, { once: true });
    child.once('error', (error) => {
      settle({ kind: 'not-started', code: 'code' in error ? String(error.code) : error.name });
    });
    child.once('close', (status) => settle({ kind: 'exit', status, output: Buffer.concat(chunks).toString() }));
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxOutputBytes) settle({ kind: 'too-long' });
      else chunks.push(chunk);
    });
    // A helper that ends without reading breaks the pipe; what it said before counts.
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(input);
  });
}

function end(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stdin?.destroy();
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // The group is gone already, or was never made.
  }
}
