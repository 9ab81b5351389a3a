import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { buildImage, type BuildOptions, type BuildOutcome } from '../../../src/sources/engine/build.ts';
import { type FakeEngine, startFakeEngine } from '../../helpers/fakeEngine.ts';
import { engineFor } from '../../helpers/engine.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';

interface Built {
  readonly outcome: BuildOutcome;
  readonly log: readonly string[];
  readonly asked: readonly string[];
}

/** Builds by an engine whose builder answers as the test says. */
async function built(answer: (response: ServerResponse) => void, options: Partial<BuildOptions> = {}): Promise<Built> {
  await using context = await temporaryFolder();
  await using server: FakeEngine = await startFakeEngine({ '/build': answer });
  using engine = engineFor(server);
  const signal = options.signal ?? new AbortController().signal;
  const log: string[] = [];
  const outcome = await buildImage(
    await engine.connect(signal),
    {
      dockerfile: 'FROM scratch\n',
      context: context.path,
      target: 'a',
      buildArgs: { A: 'b' },
      platform: 'linux/arm64',
    },
    { builder: 'engine', env: {}, tag: 'x:before', log: (line) => log.push(line), signal, ...options },
  );
  return { outcome, log, asked: server.asked };
}

const messages =
  (...lines: readonly object[]) =>
  (response: ServerResponse): void => {
    response.end(lines.map((line) => `${JSON.stringify(line)}\r\n`).join(''));
  };

it('hands the log over by lines, however the engine cuts it, and the options to the builder', async () => {
  const { outcome, log, asked } = await built(
    messages(
      { stream: 'Step 1/1 : FROM' },
      { stream: ' scratch\n ---> \n' },
      { status: 'Pulling' },
      { stream: 'done' },
    ),
  );
  expect(outcome).toEqual({ kind: 'built' });
  expect(log).toEqual(['Step 1/1 : FROM scratch', ' ---> ', 'Pulling', 'done']);
  const query = new URL(`http://engine${asked.find((path) => path.startsWith('/build'))!}`).searchParams;
  expect(Object.fromEntries(query)).toEqual({
    t: 'x:before',
    dockerfile: '.plimsoll.Dockerfile',
    rm: '1',
    forcerm: '1',
    target: 'a',
    buildargs: '{"A":"b"}',
    platform: 'linux/arm64',
  });
});

it.each<[string, (response: ServerResponse) => void, string]>([
  [
    'a command that fails',
    messages({ stream: 'Step 2/2 : RUN make\n' }, { error: 'The command make returned a non-zero code: 2' }),
    'The builder says: The command make returned a non-zero code: 2.',
  ],
  [
    'a full disk, whatever is said after it',
    messages(
      { stream: 'write /layer: no space left on device\n' },
      { error: 'The command make returned a non-zero code: 1' },
    ),
    'The disk of the engine is full: write /layer: no space left on device.',
  ],
  [
    'a Dockerfile that the engine refuses',
    (response) => {
      response.statusCode = 400;
      response.end(JSON.stringify({ message: 'dockerfile parse error line 1: unknown instruction: FRM' }));
    },
    'status 400: dockerfile parse error line 1: unknown instruction: FRM.',
  ],
])('%s is an outcome with its reason', async (_, answer, expected) => {
  const { outcome } = await built(answer);
  expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining(expected) as unknown });
});

it('ends when it is cancelled, and lets the engine know', async () => {
  const cancelled = new AbortController();
  const closed = Promise.withResolvers<true>();
  const hanging = (response: ServerResponse): void => {
    response.once('close', () => closed.resolve(true));
    response.write(`${JSON.stringify({ stream: 'Step 1/1 : RUN sleep\n' })}\n`);
  };
  const log = (): void => cancelled.abort(new Error('enough'));
  await expect(built(hanging, { signal: cancelled.signal, log })).rejects.toThrow('enough');
  await closed.promise;
});

it('an engine that vanishes is an error, not an outcome', async () => {
  const vanishing = (response: ServerResponse): void => {
    response.write(`${JSON.stringify({ stream: 'Step 1/1\n' })}\n`);
    setTimeout(() => response.destroy(), 20);
  };
  await expect(built(vanishing)).rejects.toMatchObject({ name: 'SourceError', code: 'network' });
});
