import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Engine } from '../../../src/sources/engine/engine.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { BuiltImageReader } from '../../../src/sources/prove/builtImageReader.ts';
import { bareMachine, type FakeEngine, startFakeEngine } from '../../helpers/fakeEngine.ts';

const id = `sha256:${'a'.repeat(64)}`;

let server: FakeEngine;
let engine: Engine;
let reader: BuiltImageReader;
beforeEach(async () => {
  server = await startFakeEngine();
  engine = new Engine({ surroundings: bareMachine({ DOCKER_HOST: server.host }) });
  reader = new BuiltImageReader({ indexing: indexInProcess() });
});
afterEach(async () => {
  engine[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const forever = new AbortController().signal;

it.each<[title: string, prepare: () => void]>([
  ['has not the image', () => undefined],
  ['is gone', () => server.kill()],
  [
    'answers with a fault',
    () => (server.routes[`/images/${id}/json`] = (response) => response.writeHead(500).end('{}')),
  ],
  ['answers with something else', () => (server.routes[`/images/${id}/json`] = { Id: 7 })],
])('an engine that %s tells nothing, and that is no error', async (_, prepare) => {
  prepare();
  expect(await reader.read(engine, id, forever)).toBeUndefined();
  expect(reader.known(id)).toBeUndefined();
});

it('one look for all who ask; who leaves is told so, and the look ends with the last', async () => {
  let closed = 0;
  server.routes[`/images/${id}/json`] = (response) => void response.once('close', () => closed++);
  const [first, second] = [new AbortController(), new AbortController()];
  const looks = [first, second].map(({ signal }) => reader.read(engine, id, signal));
  const ends = looks.map((look) => look.catch((error: unknown) => error));
  const asked = (): number =>
    server.asked.filter((url) => url.includes(encodeURIComponent(id)) || url.includes(id)).length;
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(0));
  const requests = asked();
  first.abort(new Error('closed'));
  expect(await ends[0]).toEqual(new Error('closed'));
  expect(closed).toBe(0);
  second.abort(new Error('closed, too'));
  expect(await ends[1]).toEqual(new Error('closed, too'));
  await vi.waitFor(() => expect(closed).toBe(requests));
});
