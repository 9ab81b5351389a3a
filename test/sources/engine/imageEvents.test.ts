import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Engine } from '../../../src/sources/engine/engine.ts';
import { watchImages } from '../../../src/sources/engine/imageEvents.ts';
import { bareMachine, startFakeEngine, type FakeEngine } from '../../helpers/fakeEngine.ts';

const never = new AbortController().signal;

async function watched(): Promise<{
  server: FakeEngine;
  engine: Engine;
  changed: ReturnType<typeof vi.fn>;
  watch: Disposable;
  streams: ServerResponse[];
}> {
  const streams: ServerResponse[] = [];
  const server = await startFakeEngine({
    '/events': (response: ServerResponse) => {
      response.writeHead(200).flushHeaders();
      streams.push(response);
    },
  });
  const engine = new Engine({ surroundings: bareMachine(), choice: { host: server.host } });
  const changed = vi.fn();
  const watch = watchImages(engine, changed);
  onTestFinished(async () => {
    watch[Symbol.dispose]();
    engine[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });
  return { server, engine, changed, watch, streams };
}

test('does not connect by itself', async () => {
  const { server } = await watched();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(server.asked).toEqual([]);
});

test('several events at once are told once', async () => {
  const { server, engine, changed, streams } = await watched();
  await engine.connect(never);
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  expect(decodeURIComponent(server.asked[1]!)).toBe('/events?filters={"type":["image"]}');
  for (const action of ['pull', 'tag', 'untag']) streams[0]!.write(`${JSON.stringify({ Action: action })}\n`);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
  await new Promise((resolve) => setTimeout(resolve, 350));
  expect(changed).toHaveBeenCalledTimes(1);
});

test('an engine that stops is no engine, and its next life is followed too', async () => {
  const { server, engine, streams } = await watched();
  await engine.connect(never);
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  server.kill();
  await vi.waitFor(() => expect(engine.state.status).toBe('none'));
  await server.start();
  engine.retry();
  await engine.connect(never);
  await vi.waitFor(() => expect(streams).toHaveLength(2));
});

test('disposal ends the stream', async () => {
  const { engine, watch, streams } = await watched();
  await engine.connect(never);
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  const closed = new Promise((resolve) => streams[0]!.once('close', resolve));
  watch[Symbol.dispose]();
  await closed;
  expect(engine.state.status).toBe('connected');
});
