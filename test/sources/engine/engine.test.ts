import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { Engine, type EngineState } from '../../../src/sources/engine/engine.ts';
import { SourceError } from '../../../src/sources/error.ts';
import type { EngineChoice } from '../../../src/sources/engine/candidates.ts';
import { bareMachine, dockerVersion, startFakeEngine, type FakeEngine } from '../../helpers/fakeEngine.ts';

const never = new AbortController().signal;

async function fake(routes?: Parameters<typeof startFakeEngine>[0]): Promise<FakeEngine> {
  const engine = await startFakeEngine(routes);
  onTestFinished(() => engine[Symbol.asyncDispose]());
  return engine;
}

/** An engine whose clock the test moves. */
function engineAt(choice: EngineChoice) {
  const clock = { now: 0 };
  const engine = new Engine({ surroundings: bareMachine(), choice, now: () => clock.now });
  onTestFinished(() => engine[Symbol.dispose]());
  const states: EngineState[] = [];
  engine.onChange((state) => states.push(state));
  return { engine, clock, states };
}

test('connects when it is first asked, once for all who ask', async () => {
  const server = await fake();
  const { engine, states } = engineAt({ host: server.host });
  expect(engine.state).toEqual({ status: 'unasked' });
  expect(server.asked).toEqual([]);
  const [a, b] = await Promise.all([engine.connect(never), engine.connect(never)]);
  expect(a).toBe(b);
  expect(await engine.connect(never)).toBe(a);
  expect(server.asked).toEqual(['/version']);
  expect(a.about).toEqual({
    product: 'Docker',
    version: '28.2.2',
    platform: 'linux/amd64',
    origin: 'the chosen engine host',
  });
  expect(states).toEqual([{ status: 'connected', about: a.about }]);
  expect(await engine.platform(never)).toBe('linux/amd64');
});

test('tells Podman from Docker', async () => {
  const server = await fake({ '/version': { ...dockerVersion, Components: [{ Name: 'Podman Engine' }] } });
  const { engine } = engineAt({ host: server.host });
  expect((await engine.connect(never)).about.product).toBe('Podman');
});

test('DOCKER_HOST of the process does not reach an engine that was chosen', async () => {
  const server = await fake();
  const before = process.env.DOCKER_HOST;
  process.env.DOCKER_HOST = 'tcp://127.0.0.1:1';
  onTestFinished(() => {
    if (before === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = before;
  });
  const { engine } = engineAt({ host: server.host });
  await engine.connect(never);
  expect(server.asked).toEqual(['/version']);
});

test.each<[title: string, choice: EngineChoice, message: string]>([
  ['nothing is chosen and nothing there', {}, 'No Docker or Podman engine was found.'],
  ['no file at the socket', { host: 'unix:///none/docker.sock' }, 'No engine runs at /none/docker.sock.'],
  ['nobody listens', { host: 'tcp://127.0.0.1:1' }, 'No engine runs at 127.0.0.1:1.'],
  ['a context that is missing', { context: 'far' }, 'There is no Docker context “far”.'],
])('no engine is a state, with one sentence: %s', async (_title, choice, message) => {
  const files = { readText: () => Promise.resolve(undefined), exists: () => Promise.resolve(false) };
  using engine = new Engine({ surroundings: { ...bareMachine(), files }, choice });
  expect(await engine.platform(never)).toBeUndefined();
  expect(engine.state).toEqual({ status: 'none', message });
});

test('after a failure nobody looks again before the pause is over, and the pause doubles', async () => {
  const server = await fake();
  server.kill();
  const { engine, clock } = engineAt({ host: server.host });
  const asks = async (): Promise<boolean> => (await engine.platform(never)) !== undefined;
  expect(await asks()).toBe(false);
  await server.start();
  clock.now = 4_999;
  expect(await asks()).toBe(false);
  expect(server.asked).toEqual([]);
  server.kill();
  clock.now = 5_000;
  expect(await asks()).toBe(false);
  await server.start();
  clock.now = 14_999;
  expect(await asks()).toBe(false);
  clock.now = 15_000;
  expect(await asks()).toBe(true);
});

test('retry looks at once', async () => {
  const server = await fake();
  server.kill();
  const { engine } = engineAt({ host: server.host });
  expect(await engine.platform(never)).toBeUndefined();
  await server.start();
  engine.retry();
  expect(await engine.platform(never)).toBe('linux/amd64');
});

test('an engine that vanishes in the middle of an answer is an error at once, and then a state', async () => {
  const server = await fake({
    '/images/app/json': (response: ServerResponse) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"Id":"sha256:', () => server.kill());
    },
  });
  const { engine, states } = engineAt({ host: server.host });
  const connection = await engine.connect(never);
  await expect(connection.inspect('app', never)).rejects.toMatchObject({
    name: 'SourceError',
    code: 'network',
    message: expect.stringContaining('stopped in the middle of an answer') as string,
  });
  expect(states.map(({ status }) => status)).toEqual(['connected', 'none']);
  await expect(engine.connect(never)).rejects.toThrow('stopped in the middle');
});

test.each<[title: string, status: number, body: string, code: string]>([
  ['404', 404, '{"message":"no such image"}', 'absent'],
  ['401', 401, '', 'denied'],
  ['429', 429, '{"message":"slow down"}', 'limited'],
  ['500', 500, '{"message":"disk on fire"}', 'invalid'],
  ['a page instead of JSON', 200, '<html>', 'invalid'],
  ['JSON of another shape', 200, '{"Ident":7}', 'invalid'],
])('an answer that is none: %s', async (_title, status, body, code) => {
  const server = await fake({
    '/images/app/json': (response: ServerResponse) => response.writeHead(status).end(body),
  });
  const { engine } = engineAt({ host: server.host });
  const connection = await engine.connect(never);
  await expect(connection.inspect('app', never)).rejects.toMatchObject({ name: 'SourceError', code });
  expect(engine.state.status).toBe('connected');
});

test('what answers at the socket but is no engine is no engine', async () => {
  const server = await fake({ '/version': (response: ServerResponse) => response.end('<html>') });
  const { engine } = engineAt({ host: server.host });
  await expect(engine.connect(never)).rejects.toMatchObject({ code: 'invalid' });
  expect(engine.state.status).toBe('none');
});

test('an engine that hangs is given up', async () => {
  const server = await fake({ '/version': () => undefined });
  const { engine } = engineAt({ host: server.host });
  await expect(engine.connect(never)).rejects.toMatchObject({ code: 'timeout' });
});

test('cancelling one who waits for the connection leaves it to the others', async () => {
  const server = await fake();
  const { engine } = engineAt({ host: server.host });
  const cancel = new AbortController();
  const first = engine.connect(cancel.signal);
  const second = engine.connect(never);
  cancel.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  await expect(second).resolves.toHaveProperty('about.product', 'Docker');
});

test('a request that is cancelled throws the signal’s reason and says nothing of the engine', async () => {
  const server = await fake({ '/images/app/json': () => undefined });
  const { engine } = engineAt({ host: server.host });
  const connection = await engine.connect(never);
  const cancel = new AbortController();
  const asked = connection.inspect('app', cancel.signal);
  setTimeout(() => cancel.abort(new Error('enough')), 20);
  await expect(asked).rejects.toThrow('enough');
  expect(engine.state.status).toBe('connected');
});

test('an export that is cancelled for whatever reason is no lost engine', async () => {
  const server = await fake({
    '/images/app/get': (response: ServerResponse) => void response.writeHead(200).write('some'),
  });
  const { engine } = engineAt({ host: server.host });
  const connection = await engine.connect(never);
  const cancel = new AbortController();
  const read = async (): Promise<void> => {
    for await (const chunk of await connection.save('app', cancel.signal)) {
      expect(Buffer.from(chunk).toString()).toBe('some');
      cancel.abort(new SourceError('unavailable', 'The image was closed.'));
    }
  };
  await expect(read()).rejects.toThrow('The image was closed.');
  expect(engine.state.status).toBe('connected');
});

test('choosing another engine drops the first', async () => {
  const one = await fake();
  const two = await fake({ '/version': { ...dockerVersion, Arch: 'arm64' } });
  const { engine } = engineAt({ host: one.host });
  expect(await engine.platform(never)).toBe('linux/amd64');
  engine.choose({ host: two.host });
  expect(engine.state).toEqual({ status: 'unasked' });
  expect(await engine.platform(never)).toBe('linux/arm64');
});

test('after disposal nobody is asked', async () => {
  const server = await fake();
  const { engine } = engineAt({ host: server.host });
  engine[Symbol.dispose]();
  await expect(engine.connect(never)).rejects.toMatchObject({ code: 'unavailable' });
  expect(server.asked).toEqual([]);
});
