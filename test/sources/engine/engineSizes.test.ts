import { expect, onTestFinished, test } from 'vitest';
import type { BaseAnswer } from '../../../src/core/base/baseSize.ts';
import { parseReference } from '../../../src/core/base/reference.ts';
import { decodeInspect } from '../../../src/sources/engine/answers.ts';
import { Engine } from '../../../src/sources/engine/engine.ts';
import { EngineSizes, servesPlatform } from '../../../src/sources/engine/engineSizes.ts';
import { bareMachine, dockerVersion, startFakeEngine } from '../../helpers/fakeEngine.ts';

const never = new AbortController().signal;
const digest = `sha256:${'d'.repeat(64)}`;

async function lookUp(routes: Record<string, object>, text = 'app:1', platform = 'linux/amd64'): Promise<BaseAnswer> {
  const server = await startFakeEngine(routes);
  const engine = new Engine({ surroundings: bareMachine(), choice: { host: server.host } });
  onTestFinished(async () => {
    engine[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });
  const parsed = parseReference(text);
  if (!('reference' in parsed)) throw new Error(parsed.problem);
  return new EngineSizes(engine).lookUp(parsed.reference, platform, never);
}

const image = (more: object = {}): object => ({
  Id: 'sha256:aa',
  Os: 'linux',
  Architecture: 'amd64',
  Size: 300,
  RootFS: { Layers: ['sha256:1', 'sha256:2'] },
  ...more,
});
const app = '/images/docker.io/library/app:1/json';
const history = '/images/sha256:aa/history';

test.each<[title: string, inspect: object, history: object, bytes: number]>([
  ['the classic store: both agree', image(), [{ Size: 0 }, { Size: 200 }, { Size: 100 }], 300],
  [
    'the containerd store counts blobs in: the history’s sum',
    image({ Size: 420 }),
    [{ Size: 200 }, { Size: 100 }],
    300,
  ],
  ['a history with fewer entries than layers: Size', image(), [{ Size: 100 }], 300],
  ['an entry without size: Size', image(), [{ Size: 100 }, {}], 300],
  ['a store that has not unpacked: Size', image(), [{ Size: 0 }, { Size: 0 }], 300],
  ['an image without layers', image({ Size: 0, RootFS: { Layers: null } }), [{ Size: 0 }], 0],
])('measures: %s', async (_title, inspect, entries, bytes) => {
  expect(await lookUp({ [app]: inspect, [history]: entries })).toEqual({
    sizes: { onDisk: { bytes, basis: 'measured' }, platform: 'linux/amd64' },
  });
});

test('an engine that gives no size gives none', async () => {
  expect(await lookUp({ [app]: image({ Size: undefined }), [history]: [] })).toMatchObject({
    none: { code: 'invalid' },
  });
});

test('absent', async () => {
  expect(await lookUp({})).toEqual({
    none: { code: 'absent', message: 'The local engine does not have app:1.' },
  });
});

test('another platform', async () => {
  expect(await lookUp({ [app]: image({ Architecture: 'arm64', Variant: 'v8' }) })).toEqual({
    none: { code: 'platform', message: 'The local engine has app:1 for linux/arm64, not for linux/amd64.' },
  });
});

test('no engine', async () => {
  const engine = new Engine({ surroundings: bareMachine(), choice: { host: 'unix:///nonexistent/docker.sock' } });
  const answer = await new EngineSizes(engine).lookUp(
    { domain: 'docker.io', path: 'library/app', tag: '1' },
    'linux/amd64',
    never,
  );
  expect(answer).toEqual({
    none: { code: 'unavailable', message: 'No engine runs at /nonexistent/docker.sock.' },
  });
});

test('a digest says more than the tag beside it', async () => {
  const routes = {
    [`/images/docker.io/library/app@${digest}/json`]: image(),
    [history]: [{ Size: 300 }, { Size: 0 }],
  };
  expect(await lookUp(routes, `app:1@${digest}`)).toHaveProperty('sizes.onDisk.bytes', 300);
});

test('a digest is found under a mirror’s name', async () => {
  const routes = {
    '/images/json': [
      { Id: 'sha256:zz', RepoDigests: [`mirror.example/app@sha256:${'e'.repeat(64)}`] },
      { Id: 'sha256:aa', RepoDigests: [`mirror.example/app@${digest}`] },
    ],
    '/images/sha256:aa/json': image(),
    [history]: [{ Size: 300 }, { Size: 0 }],
  };
  expect(await lookUp(routes, `app@${digest}`)).toHaveProperty('sizes.onDisk.bytes', 300);
});

test('what Podman built is below localhost', async () => {
  const routes = {
    '/version': { ...dockerVersion, Components: [{ Name: 'Podman Engine' }] },
    '/images/localhost/app:1/json': image(),
    [history]: [{ Size: 300 }, { Size: 0 }],
  };
  expect(await lookUp(routes)).toHaveProperty('sizes.onDisk.bytes', 300);
});

test.each<[theirs: object, asked: string, same: boolean]>([
  [{ Os: 'linux', Architecture: 'amd64' }, 'linux/amd64', true],
  [{ Os: 'linux', Architecture: 'arm64', Variant: 'v8' }, 'linux/arm64', true],
  [{ Os: 'linux', Architecture: 'arm' }, 'linux/arm/v7', true],
  [{ Os: 'linux', Architecture: 'arm', Variant: 'v7' }, 'linux/arm/v6', false],
  [{ Os: 'linux', Architecture: 'arm64' }, 'linux/amd64', false],
  [{ Os: 'windows', Architecture: 'amd64' }, 'linux/amd64', false],
  [{ Os: 'linux', Architecture: '' }, 'linux/amd64', true],
])('an image for %j asked for as %s: %s', (theirs, asked, same) => {
  expect(servesPlatform(decodeInspect({ Id: 'x', ...theirs }), asked)).toBe(same);
});
