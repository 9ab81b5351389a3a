import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Engine } from '../../../src/sources/engine/engine.ts';
import { startEngine, type TestEngine } from '../../helpers/engine.ts';
import { bareMachine } from '../../helpers/fakeEngine.ts';

const never = new AbortController().signal;
let folder: string;
let port: number;
let server: TestEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-tls-'));
  makeCertificates(join(folder, 'keys'));
  port = await freePort();
  server = await startEngine([
    ...['--host', `tcp://127.0.0.1:${port}`, '--tlsverify', '--tlscacert', join(folder, 'keys', 'ca.pem')],
    ...['--tlscert', join(folder, 'keys', 'server.pem'), '--tlskey', join(folder, 'keys', 'server-key.pem')],
  ]);
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('DOCKER_HOST with DOCKER_TLS_VERIFY and DOCKER_CERT_PATH', async () => {
  using engine = new Engine({ surroundings: bareMachine(environment()) });
  expect((await engine.connect(never)).about).toMatchObject({ product: 'Docker', origin: 'DOCKER_HOST' });
});

test('a Docker context with keys of its own', async () => {
  const id = createHash('sha256').update('far').digest('hex');
  const keys = join(folder, 'config', 'contexts', 'tls', id, 'docker');
  await mkdir(keys, { recursive: true });
  for (const part of ['ca', 'cert', 'key']) {
    execFileSync('cp', [join(folder, 'keys', `${part}.pem`), keys]);
  }
  await mkdir(join(folder, 'config', 'contexts', 'meta', id), { recursive: true });
  await writeFile(
    join(folder, 'config', 'contexts', 'meta', id, 'meta.json'),
    JSON.stringify({ Name: 'far', Endpoints: { docker: { Host: `tcp://127.0.0.1:${port}`, SkipTLSVerify: false } } }),
  );
  const surroundings = bareMachine({ DOCKER_CONFIG: join(folder, 'config') });
  using engine = new Engine({ surroundings, choice: { context: 'far' } });
  expect((await engine.connect(never)).about.origin).toBe('Docker context “far”');
});

test('without TLS the engine does not answer', async () => {
  using engine = new Engine({ surroundings: bareMachine({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }) });
  await expect(engine.connect(never)).rejects.toMatchObject({ name: 'SourceError' });
});

test('a server whose certificate nobody vouches for is refused', async () => {
  const keys = join(folder, 'stranger');
  await mkdir(keys);
  for (const part of ['cert', 'key']) execFileSync('cp', [join(folder, 'keys', `${part}.pem`), keys]);
  using engine = new Engine({ surroundings: bareMachine({ ...environment(), DOCKER_CERT_PATH: keys }) });
  await expect(engine.connect(never)).rejects.toMatchObject({
    code: 'network',
    message: expect.stringContaining('certificate') as string,
  });
});

test('keys that cannot be read are named', async () => {
  await mkdir(join(folder, 'odd', 'ca.pem'), { recursive: true });
  const odd = join(folder, 'odd');
  using engine = new Engine({ surroundings: bareMachine({ ...environment(), DOCKER_CERT_PATH: odd }) });
  await expect(engine.connect(never)).rejects.toMatchObject({
    code: 'unavailable',
    message: `The engine’s TLS file ${join(odd, 'ca.pem')} cannot be read.`,
  });
});

function environment(): Record<string, string> {
  return { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(folder, 'keys') };
}

/** An authority, a server's certificate for 127.0.0.1 and a client's, under the names that Docker uses. */
function makeCertificates(keys: string): void {
  const script = `
    set -e; mkdir -p "$1"; cd "$1"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca-key.pem -out ca.pem
    sign() {
      openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -keyout "$2" -out request.pem
      printf '%s' "$4" > extensions
      openssl x509 -req -in request.pem -days 2 -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile extensions -out "$3"
    }
    sign server server-key.pem server.pem subjectAltName=IP:127.0.0.1
    sign client key.pem cert.pem extendedKeyUsage=clientAuth
  `;
  execFileSync('bash', ['-c', script, 'bash', keys], { stdio: 'pipe' });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
}
