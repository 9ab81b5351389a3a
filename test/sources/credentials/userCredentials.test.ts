import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { UserCredentials } from '../../../src/sources/credentials/userCredentials.ts';

const never = new AbortController().signal;
const secret = 's3cret-word';
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plimsoll-home-'));
});

afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

async function write(path: string, content: unknown): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), typeof content === 'string' ? content : JSON.stringify(content));
}

/** A helper program: a shell script that runs `body`. */
async function writeHelper(name: string, body: string): Promise<void> {
  await write(`bin/docker-credential-${name}`, `#!/bin/sh\n${body}\n`);
  await chmod(join(home, `bin/docker-credential-${name}`), 0o755);
}

function credentials(env: NodeJS.ProcessEnv = {}, options: { now?: () => number } = {}) {
  const path = `${join(home, 'bin')}:${process.env.PATH ?? ''}`;
  return new UserCredentials({ home, env: { PATH: path, ...env }, helperTimeoutMs: 300, ...options });
}

const auth = (user: string) => Buffer.from(`${user}:${secret}`).toString('base64');
const password = (username: string) => ({ kind: 'password', username, password: secret });

const dockerFile = '.docker/config.json';

/** Docker's and Podman's ways of writing logins down: file, its content, who asks, what is found. */
const written: Record<string, { file?: string; content: unknown; domain?: string; path?: string; found: unknown }> = {
  'a host': { content: { auths: { 'ghcr.io': { auth: auth('ada') } } }, found: password('ada') },
  'a host in other case': { content: { auths: { 'GHCR.io': { auth: auth('ada') } } }, found: password('ada') },
  'a URL': { content: { auths: { 'https://ghcr.io/v1/': { auth: auth('ada') } } }, found: password('ada') },
  'user and password apart': {
    content: { auths: { 'ghcr.io': { username: 'ada', password: secret } } },
    found: password('ada'),
  },
  'a password with colons': {
    content: { auths: { 'ghcr.io': { auth: Buffer.from('ada:a:b:c').toString('base64') } } },
    found: { kind: 'password', username: 'ada', password: 'a:b:c' },
  },
  'an identity token': {
    content: { auths: { 'ghcr.io': { auth: auth('ada'), identitytoken: secret } } },
    found: { kind: 'identity', token: secret },
  },
  'a registry token': {
    content: { auths: { 'ghcr.io': { registrytoken: secret } } },
    found: { kind: 'registry', token: secret },
  },
  'Docker Hub as Docker writes it': {
    content: { auths: { 'https://index.docker.io/v1/': { auth: auth('ada') } } },
    domain: 'docker.io',
    path: 'library/golang',
    found: password('ada'),
  },
  'Docker Hub as Podman writes it': {
    file: '.config/containers/auth.json',
    content: { auths: { 'docker.io': { auth: auth('ada') } } },
    domain: 'docker.io',
    path: 'library/golang',
    found: password('ada'),
  },
  'another host': { content: { auths: { 'quay.io': { auth: auth('ada') } } }, found: undefined },
  'another port': { content: { auths: { 'ghcr.io:5000': { auth: auth('ada') } } }, found: undefined },
  'a host that ends alike': { content: { auths: { 'evil-ghcr.io': { auth: auth('ada') } } }, found: undefined },
  'the longest path that the repository lies in': {
    file: '.config/containers/auth.json',
    content: {
      auths: {
        'ghcr.io': { auth: auth('all') },
        'ghcr.io/acme': { auth: auth('acme') },
        'ghcr.io/acme/app': { auth: auth('app') },
        'ghcr.io/acme/application': { auth: auth('other') },
      },
    },
    found: password('app'),
  },
  'a path beside the repository': {
    file: '.config/containers/auth.json',
    content: { auths: { 'ghcr.io/ac': { auth: auth('ac') } } },
    found: undefined,
  },
  'an empty entry, as a credential store leaves': { content: { auths: { 'ghcr.io': {} } }, found: undefined },
  'broken entries beside a good one': {
    content: { auths: { a: 7, b: { auth: {} }, 'ghcr.io': { auth: auth('ada') } }, credHelpers: null },
    found: password('ada'),
  },
};

test.each(Object.entries(written))('%s', async (_, { file = dockerFile, content, domain, path, found }) => {
  await write(file, content);
  const answer = await credentials().find(domain ?? 'ghcr.io', path ?? 'acme/app', never);
  expect(answer.credential).toEqual(found);
  if (found !== undefined) expect(answer.from).toBe(`~/${file}`);
  expect(answer.problem).toBeUndefined();
});

test.each([
  ['DOCKER_CONFIG', (at: string) => ({ DOCKER_CONFIG: at }), 'at/config.json'],
  ['REGISTRY_AUTH_FILE', (at: string) => ({ REGISTRY_AUTH_FILE: join(at, 'my.json') }), 'at/my.json'],
  ['XDG_RUNTIME_DIR', (at: string) => ({ XDG_RUNTIME_DIR: at }), 'at/containers/auth.json'],
  ['XDG_CONFIG_HOME', (at: string) => ({ XDG_CONFIG_HOME: at }), 'at/containers/auth.json'],
])('the file that %s leads to', async (_, env, file) => {
  await write(file, { auths: { 'ghcr.io': { auth: auth('ada') } } });
  const answer = await credentials(env(join(home, 'at'))).find('ghcr.io', 'acme/app', never);
  expect(answer.credential).toEqual(password('ada'));
});

test('no file at all: nobody, and no problem', async () => {
  expect(await credentials().find('ghcr.io', 'acme/app', never)).toEqual({});
});

test('a new login counts at once', async () => {
  const subject = credentials();
  expect(await subject.find('ghcr.io', 'acme/app', never)).toEqual({});
  await write(dockerFile, { auths: { 'ghcr.io': { auth: auth('ada') } } });
  expect(await subject.find('ghcr.io', 'acme/app', never)).toHaveProperty('credential');
});

test.each([`{"auths": {"ghcr.io": {"auth": "${secret}"`, 'null', '"x"', ''])(
  'a broken file is told of without its content, and the next one is read: %s',
  async (content) => {
    await write(dockerFile, content);
    const problem = '~/.docker/config.json is not a valid file of credentials.';
    expect(await credentials().find('ghcr.io', 'acme/app', never)).toEqual({ problem });
    await write('.config/containers/auth.json', { auths: { 'ghcr.io': { auth: auth('ada') } } });
    expect((await credentials().find('ghcr.io', 'acme/app', never)).credential).toEqual(password('ada'));
  },
);

test('a file that is a folder', async () => {
  await mkdir(join(home, dockerFile), { recursive: true });
  const problem = '~/.docker/config.json cannot be read (EISDIR).';
  expect(await credentials().find('ghcr.io', 'acme/app', never)).toEqual({ problem });
});

test('a helper is told the server on its input; its answer is kept for a minute', async () => {
  let now = 0;
  await write(dockerFile, { credsStore: 'all', credHelpers: { 'ghcr.io': 'own' } });
  const answers = `cat > "$0.input"; echo "$1" >> "$0.calls"; echo '{"ServerURL":"x","Username":"ada","Secret":"${secret}"}'`;
  await writeHelper('all', answers);
  await writeHelper('own', answers);
  const subject = credentials({}, { now: () => now });
  const found = { credential: password('ada'), from: 'docker-credential-own' };
  expect(await subject.find('ghcr.io', 'acme/app', never)).toEqual(found);
  expect(await subject.find('ghcr.io', 'acme/other', never)).toEqual(found);
  const helper = (name: string) => readFile(join(home, `bin/docker-credential-${name}`), 'utf8');
  expect(await helper('own.input')).toBe('ghcr.io');
  expect(await helper('own.calls')).toBe('get\n');
  now = 61_000;
  await subject.find('ghcr.io', 'acme/app', never);
  expect(await helper('own.calls')).toBe('get\nget\n');
  await subject.find('docker.io', 'library/golang', never);
  expect(await helper('all.input')).toBe('https://index.docker.io/v1/');
});

test('a helper that gives an identity token', async () => {
  await write(dockerFile, { credsStore: 'x' });
  await writeHelper('x', `echo '{"Username":"<token>","Secret":"${secret}"}'`);
  const answer = await credentials().find('ghcr.io', 'acme/app', never);
  expect(answer.credential).toEqual({ kind: 'identity', token: secret });
});

/** Helpers that are of no use, each with what is said of it. */
const badHelpers: Record<string, [body: string, problem: string | undefined]> = {
  'has nothing for the server': ["echo 'credentials not found in native keychain'; exit 1", undefined],
  'prints garbage': [`echo "garbage ${secret}"`, 'docker-credential-x answers with something that is no credential.'],
  'prints JSON of another shape': [
    `echo '{"Secret":"${secret}"}'`,
    'docker-credential-x answers with something that is no credential.',
  ],
  'prints nothing': ['true', 'docker-credential-x answers with something that is no credential.'],
  fails: [`echo "error: ${secret}"; echo "${secret}" >&2; exit 3`, 'docker-credential-x failed (exit status 3).'],
  'kills itself': ['kill -9 $$', 'docker-credential-x failed (ended by a signal).'],
  'never ends': ['sleep 1000', 'docker-credential-x did not answer within 0.3 s.'],
  'never ends, and has children': [
    '(sleep 1000) & (sleep 1000); wait',
    'docker-credential-x did not answer within 0.3 s.',
  ],
  'prints without end': ['yes', 'docker-credential-x prints more than a credential.'],
};

test.each(Object.entries(badHelpers))('a helper that %s', async (_, [body, problem]) => {
  await writeHelper('x', body);
  await write(dockerFile, { credsStore: 'x' });
  const answer = await credentials().find('ghcr.io', 'acme/app', never);
  expect(answer).toEqual(problem === undefined ? {} : { problem });
  expect(JSON.stringify(answer)).not.toContain(secret);
  await write(dockerFile, { credsStore: 'x', auths: { 'ghcr.io': { auth: auth('ada') } } });
  expect((await credentials().find('ghcr.io', 'acme/app', never)).credential).toEqual(password('ada'));
});

test('a helper that is not installed, and one that is no program', async () => {
  await write(dockerFile, { credsStore: 'gone', credHelpers: { 'ghcr.io': '../../bin/evil' } });
  expect(await credentials().find('quay.io', 'a', never)).toEqual({
    problem: 'docker-credential-gone cannot be started (ENOENT).',
  });
  expect(await credentials().find('ghcr.io', 'a', never)).toEqual({
    problem: 'A credential helper has a name that cannot be a program.',
  });
});

test('what a hanging helper has started ends with it, also when it is cancelled', async () => {
  await write(dockerFile, { credsStore: 'x' });
  await writeHelper('x', 'sleep 1000 & echo $! > "$0.pid"; wait');
  const leaving = new AbortController();
  const asking = credentials().find('ghcr.io', 'a', leaving.signal);
  const pidFile = join(home, 'bin/docker-credential-x.pid');
  await expect.poll(() => readFile(pidFile, 'utf8').catch(() => '')).not.toBe('');
  leaving.abort('left');
  await expect(asking).rejects.toBe('left');
  const pid = Number(await readFile(pidFile, 'utf8'));
  await expect.poll(async () => await isRunning(pid)).toBe(false);
});

/** A zombie that waits for its parent has ended as well. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return status !== undefined && !status.includes(') Z ');
}
