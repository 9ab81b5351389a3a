import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { findCandidates, type EngineChoice, type Surroundings } from '../../../src/sources/engine/candidates.ts';
import { describeEndpoint } from '../../../src/sources/engine/endpoint.ts';

const home = '/home/ada';

function around(
  files: Record<string, string> = {},
  env: Record<string, string> = {},
  platform: NodeJS.Platform = 'linux',
): Surroundings {
  return {
    env,
    home,
    platform,
    files: {
      readText: (file) => Promise.resolve(files[file]),
      exists: (file) =>
        Promise.resolve(Object.keys(files).some((path) => path === file || path.startsWith(`${file}/`))),
    },
  };
}

const id = (name: string): string => createHash('sha256').update(name).digest('hex');
const meta = (name: string): string => `${home}/.docker/contexts/meta/${id(name)}/meta.json`;
const describing = (host: string, more: object = {}): string =>
  JSON.stringify({ Name: 'x', Metadata: {}, Endpoints: { docker: { Host: host, ...more } } });

const dockerSocket = { '/var/run/docker.sock': '' };
const current = (name: string): Record<string, string> => ({
  [`${home}/.docker/config.json`]: JSON.stringify({ auths: {}, currentContext: name }),
});

const found = async (surroundings: Surroundings, choice: EngineChoice = {}): Promise<string[]> =>
  (await findCandidates(choice, surroundings)).candidates.map(({ endpoint }) => describeEndpoint(endpoint));

test.each<[title: string, expected: string[], surroundings: Surroundings, choice?: EngineChoice]>([
  ['nothing is there', [], around()],
  ['the default socket', ['/var/run/docker.sock'], around(dockerSocket)],
  [
    'Docker before Podman, the system’s before the user’s',
    ['/var/run/docker.sock', '/run/user/7/docker.sock', '/run/podman/podman.sock', '/run/user/7/podman/podman.sock'],
    around(
      {
        '/run/user/7/podman/podman.sock': '',
        '/run/podman/podman.sock': '',
        '/run/user/7/docker.sock': '',
        ...dockerSocket,
      },
      { XDG_RUNTIME_DIR: '/run/user/7' },
    ),
  ],
  [
    'Docker Desktop, OrbStack, Colima and Rancher Desktop in the home folder',
    ['.docker/run/docker.sock', '.orbstack/run/docker.sock', '.colima/default/docker.sock', '.rd/docker.sock'].map(
      (path) => `${home}/${path}`,
    ),
    around({
      [`${home}/.rd/docker.sock`]: '',
      [`${home}/.colima/default/docker.sock`]: '',
      [`${home}/.orbstack/run/docker.sock`]: '',
      [`${home}/.docker/run/docker.sock`]: '',
    }),
  ],
  ['pipes on Windows', ['//./pipe/docker_engine'], around({ '//./pipe/docker_engine': '' }, {}, 'win32')],
  [
    'DOCKER_HOST wins over contexts and sockets',
    ['10.0.0.7:2375'],
    around(
      { ...dockerSocket, ...current('far'), [meta('far')]: describing('ssh://far') },
      { DOCKER_HOST: 'tcp://10.0.0.7', DOCKER_CONTEXT: 'far' },
    ),
  ],
  ['a variable that is set to nothing is not set', ['/var/run/docker.sock'], around(dockerSocket, { DOCKER_HOST: '' })],
  [
    'DOCKER_CONTEXT wins over the current context',
    ['ssh://far'],
    around(
      { ...dockerSocket, ...current('near'), [meta('far')]: describing('ssh://ada@far') },
      { DOCKER_CONTEXT: 'far' },
    ),
  ],
  [
    'the current context wins over sockets',
    ['ssh://far'],
    around({ ...dockerSocket, ...current('far'), [meta('far')]: describing('ssh://far') }),
  ],
  [
    'the context “default” is the sockets',
    ['/var/run/docker.sock'],
    around({ ...dockerSocket, ...current('default') }),
  ],
  [
    'the user’s context wins over DOCKER_HOST',
    ['ssh://far'],
    around({ [meta('far')]: describing('ssh://far') }, { DOCKER_HOST: 'tcp://10.0.0.7' }),
    { context: 'far' },
  ],
  [
    'the user’s host wins over the user’s context',
    ['/run/mine.sock'],
    around({ [meta('far')]: describing('ssh://far') }),
    { host: 'unix:///run/mine.sock', context: 'far' },
  ],
  [
    'DOCKER_CONFIG moves the configuration',
    ['ssh://far'],
    around(
      {
        '/etc/mine/config.json': JSON.stringify({ currentContext: 'far' }),
        [`/etc/mine/contexts/meta/${id('far')}/meta.json`]: describing('ssh://far'),
      },
      { DOCKER_CONFIG: '/etc/mine' },
    ),
  ],
])('%s', async (_title, expected, surroundings, choice) => {
  expect(await found(surroundings, choice)).toEqual(expected);
});

test.each<[title: string, candidates: string[], problem: RegExp, surroundings: Surroundings, choice?: EngineChoice]>([
  ['a DOCKER_HOST that is no address', [], /^DOCKER_HOST is no address/, around(dockerSocket, { DOCKER_HOST: 'x://' })],
  ['a chosen host that is no address', [], /^the chosen engine host is no/, around(dockerSocket), { host: 'ftp://x' }],
  [
    'a chosen context that is not there',
    [],
    /^There is no Docker context “far”/,
    around(dockerSocket),
    { context: 'far' },
  ],
  [
    'a context file that is no JSON',
    [],
    /^The Docker context “far” cannot be read/,
    around({ ...dockerSocket, [meta('far')]: '{' }),
    { context: 'far' },
  ],
  [
    'a context file of another shape',
    [],
    /^The Docker context “far” cannot be read/,
    around({ ...dockerSocket, [meta('far')]: '{"Endpoints":{"kubernetes":{}}}' }),
    { context: 'far' },
  ],
  [
    'a current context that an uninstalled engine left behind',
    ['/var/run/docker.sock'],
    /^There is no Docker context “desktop-linux”/,
    around({ ...dockerSocket, ...current('desktop-linux') }),
  ],
  [
    'a configuration that is no JSON',
    ['/var/run/docker.sock'],
    /cannot be read, so its current context is not used/,
    around({ ...dockerSocket, [`${home}/.docker/config.json`]: 'auths:' }),
  ],
  [
    'a configuration with a current context that is no string',
    ['/var/run/docker.sock'],
    /cannot be read/,
    around({ ...dockerSocket, [`${home}/.docker/config.json`]: '{"currentContext":7}' }),
  ],
])('says what is wrong: %s', async (_title, candidates, problem, surroundings, choice = {}) => {
  const result = await findCandidates(choice, surroundings);
  expect(result.candidates.map(({ endpoint }) => describeEndpoint(endpoint))).toEqual(candidates);
  expect(result.problems).toHaveLength(1);
  expect(result.problems[0]).toMatch(problem);
});

const tlsOf = async (surroundings: Surroundings, choice: EngineChoice = {}): Promise<unknown> => {
  const endpoint = (await findCandidates(choice, surroundings)).candidates[0]?.endpoint;
  return endpoint?.transport === 'tcp' ? endpoint.tls : 'not TCP';
};

test.each<[title: string, expected: unknown, surroundings: Surroundings, choice?: EngineChoice]>([
  ['none by default', undefined, around({}, { DOCKER_HOST: 'tcp://h' })],
  [
    'DOCKER_TLS_VERIFY with the configuration’s keys',
    { directory: `${home}/.docker`, verify: true },
    around({}, { DOCKER_HOST: 'tcp://h', DOCKER_TLS_VERIFY: '1' }),
  ],
  [
    'DOCKER_TLS with DOCKER_CERT_PATH, unverified',
    { directory: '/keys', verify: false },
    around({}, { DOCKER_HOST: 'tcp://h', DOCKER_TLS: '1', DOCKER_CERT_PATH: '/keys' }),
  ],
  [
    'a context’s own keys',
    { directory: `${home}/.docker/contexts/tls/${id('far')}/docker`, verify: true },
    around({
      [meta('far')]: describing('tcp://far:2376'),
      [`${home}/.docker/contexts/tls/${id('far')}/docker/ca.pem`]: '',
    }),
    { context: 'far' },
  ],
  [
    'a context that skips verification',
    { directory: `${home}/.docker/contexts/tls/${id('far')}/docker`, verify: false },
    around({ [meta('far')]: describing('tcp://far:2376', { SkipTLSVerify: true }) }),
    { context: 'far' },
  ],
  [
    'the environment’s keys are not a context’s',
    undefined,
    around({ [meta('far')]: describing('tcp://far:2375') }, { DOCKER_TLS_VERIFY: '1' }),
    { context: 'far' },
  ],
])('TLS: %s', async (_title, expected, surroundings, choice) => {
  expect(await tlsOf(surroundings, choice)).toEqual(expected);
});
