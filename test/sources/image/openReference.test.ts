import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { Engine } from '../../../src/sources/engine/engine.ts';
import { SourceError } from '../../../src/sources/error.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { openReference } from '../../../src/sources/image/openReference.ts';
import type { ImageRegistry } from '../../../src/sources/image/registryImage.ts';
import { bareMachine, type FakeEngine, startFakeEngine } from '../../helpers/fakeEngine.ts';

const id = `sha256:${'6b38e4fa1121'.padEnd(64, '0')}`;
const image = { Id: id, RepoTags: ['app:1'], Os: 'linux', Architecture: 'amd64', RootFS: { Layers: ['sha256:1'] } };
const history = [{ Created: 1, CreatedBy: 'COPY / / # buildkit', Size: 5 }];

const indexing = indexInProcess();
afterAll(() => indexing[Symbol.asyncDispose]());

let server: FakeEngine;
let engine: Engine;
let asked: number;
/** A registry that nobody can reach. */
const registry = new Proxy({} as ImageRegistry, {
  get: () => () => {
    asked++;
    throw new SourceError('network', 'registry.example cannot be found: no network.');
  },
});
beforeEach(async () => {
  asked = 0;
  server = await startFakeEngine({
    // An engine finds an image by the start of its id.
    '/images/6b38e4fa1121/json': image,
    '/images/sha256:6b38/json': image,
    [`/images/${id}/history`]: history,
  });
  engine = new Engine({ surroundings: bareMachine({ DOCKER_HOST: server.host }) });
});
afterEach(async () => {
  engine[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

function open(source: string, only?: 'engine' | 'registry') {
  const defaultPlatform = () => Promise.resolve('linux/amd64');
  const { signal } = new AbortController();
  return openReference(
    source,
    { engine, registry, indexing },
    { ...(only === undefined ? {} : { only }), defaultPlatform, signal },
  );
}

test.each(['6b38e4fa1121', 'sha256:6b38'])('the engine is asked for %s, as it prints ids', async (source) => {
  await using opened = await open(source);
  expect(opened.info).toMatchObject({ imageId: id, reference: 'app:1' });
  expect(asked).toBe(0);
});

test('no registry is asked for an id', async () => {
  await expect(open('0123456789ab')).rejects.toMatchObject({ code: 'absent' });
  expect(asked).toBe(0);
});

test('where nobody has it, both say why', async () => {
  await expect(open('app:2')).rejects.toMatchObject({
    code: 'network',
    message: 'The local engine does not have app:2; registry.example cannot be found: no network.',
  });
});

test.each([
  ['engine', 'The local engine does not have app:2.'],
  ['registry', 'registry.example cannot be found: no network.'],
] as const)('who is asked alone answers alone: %s', async (only, message) => {
  await expect(open('app:2', only)).rejects.toMatchObject({ name: 'SourceError', message });
});
