import { describe, expect, test, vi } from 'vitest';
import { SourceError } from '../../../src/sources/error.ts';
import { localThread, makeOpenImage, makeSession, recordingPage } from '../../helpers/explorerSession.ts';
import type { Member } from '../../helpers/tar.ts';

const file = (name: string, content: number): Member => ({ name, content, mtime: 1 });
const layers = [[file('a', 10), file('b', 20)], [file('a', 5)], [{ name: '.wh.b' }, file('c', 1)]];

test('sizes and history are there before a layer is read', async () => {
  const image = makeOpenImage(layers, { stepwise: true });
  const { session } = makeSession(() => Promise.resolve(image));
  const { page, told } = recordingPage();
  session.page = page;
  const ended = session.begin();
  await vi.waitFor(() => expect(session.summary).toBeDefined());
  const opened = told.find(({ method }) => method === 'opened');
  expect(opened?.argument).toMatchObject({ title: 'made:1', layerCount: 3 });
  expect(session.rows.map(({ keyword, text, state }) => [keyword, text, state])).toEqual([
    ['RUN', 'step 0', 'waiting'],
    ['RUN', 'step 1', 'waiting'],
    ['RUN', 'step 2', 'waiting'],
  ]);
  layers.forEach(() => image.step());
  await ended;
});

test('at the end every layer has its bytes, and the totals add up', async () => {
  const { session } = makeSession(() => Promise.resolve(makeOpenImage(layers)));
  await session.begin();
  expect(session.progress).toMatchObject({ phase: 'done', layersRead: 3, layerCount: 3 });
  expect(session.rows.map(({ fileBytes, wastedBytes, entries }) => [fileBytes, wastedBytes, entries])).toEqual([
    [30, 30, 2],
    [5, 0, 1],
    [1, 0, 2],
  ]);
  expect(session.summary!.totals).toMatchObject({ finalBytes: 6, wastedBytes: 30, entries: 5 });
});

test('the page hears of the end after the last of the layers', async () => {
  const { session } = makeSession(() => Promise.resolve(makeOpenImage(layers)));
  const { page, told } = recordingPage();
  session.page = page;
  await session.begin();
  await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ method: 'progress', argument: { phase: 'done' } }));
  const methods = told.map(({ method }) => method);
  expect(methods.lastIndexOf('layersChanged')).toBeLessThan(methods.lastIndexOf('progress'));
  expect(methods).toContain('contentChanged');
});

test('a hundred layers are told in few messages', async () => {
  const many = Array.from({ length: 127 }, (_, at) => [file(`f${at}`, at)]);
  const { session } = makeSession(() => Promise.resolve(makeOpenImage(many)));
  const { page, told } = recordingPage();
  session.page = page;
  await session.begin();
  await vi.waitFor(() => expect(told.at(-1)!.method).toBe('progress'));
  expect(told.length).toBeLessThan(30);
});

describe('failures', () => {
  test('an image that cannot be opened says so, and can be tried again', async () => {
    let attempts = 0;
    const open = () =>
      ++attempts === 1
        ? Promise.reject(new SourceError('unavailable', 'No engine runs at /run/engine.sock.'))
        : Promise.resolve(makeOpenImage(layers));
    const { session, errors } = makeSession(open);
    const { page, told } = recordingPage();
    session.page = page;
    await session.begin();
    expect(session.failure).toEqual({
      step: 'open',
      message: 'No engine runs at /run/engine.sock.',
      offers: ['retry', 'choose-source'],
    });
    expect(told.at(-1)!.method).toBe('failed');
    expect(errors).toHaveLength(1);
    await session.retry();
    expect(session.failure).toBeUndefined();
    expect(session.progress.phase).toBe('done');
  });

  test('a layer that cannot be read costs that layer', async () => {
    const { session } = makeSession(() => Promise.resolve(makeOpenImage(layers, { broken: [1] })));
    await session.begin();
    expect(session.rows.map(({ state }) => state)).toEqual(['read', 'failed', 'read']);
    expect(session.rows[1]!.problem).toBe('Layer 1 is cut.');
    expect(session.progress).toMatchObject({ phase: 'done', layersRead: 2 });
    expect(session.summary!.totals.finalBytes).toBeUndefined();
    expect(session.summary!.problems).toEqual([{ layer: 1, message: 'Layer 1 is cut.' }]);
  });

  test('a source that fails in mid-read keeps what is known', async () => {
    const failure = new SourceError('network', 'The engine stopped in the middle of an answer.');
    const { session } = makeSession(() => Promise.resolve(makeOpenImage(layers, { failure })));
    await session.begin();
    expect(session.failure).toMatchObject({ step: 'read', message: failure.message });
    expect(session.summary).toBeDefined();
  });

  test('a thread that breaks down is a failure', async () => {
    let broken: ((error: Error) => void) | undefined;
    const { session } = makeSession(() => Promise.resolve(makeOpenImage([])), {
      startThread: (image, onBroken) => {
        broken = onBroken;
        return localThread(image);
      },
    });
    await session.begin();
    broken!(new Error('out of memory'));
    expect(session.failure).toMatchObject({ step: 'read', message: 'out of memory' });
  });
});

describe('stopping', () => {
  test('what was read stays, and reading goes on where it was stopped', async () => {
    const image = makeOpenImage(layers, { stepwise: true });
    const { session } = makeSession(() => Promise.resolve(image));
    const ended = session.begin();
    image.step();
    await vi.waitFor(() => expect(session.rows[0]?.state).toBe('read'));
    session.stop();
    await ended;
    expect(session.progress).toMatchObject({ phase: 'stopped', layersRead: 1, layerCount: 3 });
    expect(session.failure).toBeUndefined();
    const again = session.retry();
    layers.forEach(() => image.step());
    await again;
    expect(session.progress).toMatchObject({ phase: 'done', layersRead: 3 });
  });

  test('closing the panel in mid-read stops the read, the thread and the image', async () => {
    const image = makeOpenImage(layers, { stepwise: true });
    const { session, threads } = makeSession(() => Promise.resolve(image));
    const { page, told } = recordingPage();
    session.page = page;
    const ended = session.begin();
    await vi.waitFor(() => expect(session.summary).toBeDefined());
    const before = told.length;
    await session[Symbol.asyncDispose]();
    await ended;
    expect([image.isClosed, threads[0]!.isClosed]).toEqual([true, true]);
    expect(told).toHaveLength(before);
  });

  test('closing it while the image is being opened closes what is opened late', async () => {
    const image = makeOpenImage(layers);
    const opening = Promise.withResolvers<typeof image>();
    const open = vi.fn(() => opening.promise);
    const { session, threads } = makeSession(open);
    const ended = session.begin();
    await vi.waitFor(() => expect(open).toHaveBeenCalled());
    const closed = session[Symbol.asyncDispose]();
    opening.resolve(image);
    await Promise.all([ended, closed]);
    expect(image.isClosed).toBe(true);
    expect(threads).toEqual([]);
  });
});

describe('comparing', () => {
  const other = [[file('a', 10), file('b', 20)], [file('d', 7)]];
  const place = { kind: 'archive', uri: 'file:///other.tar' } as const;
  const open = (asked: { readonly uri?: string }) =>
    Promise.resolve(
      asked.uri === place.uri
        ? makeOpenImage(other, { reference: 'other:1', diffIds: ['sha256:0', 'sha256:9'] })
        : makeOpenImage(layers, { diffIds: ['sha256:0', 'sha256:1', 'sha256:2'] }),
    );

  test('totals, shared layers and the layers of both', async () => {
    const { session } = makeSession((at) => open(at as { uri?: string }));
    const { page, told } = recordingPage();
    session.page = page;
    const begun = session.begin();
    await session.comparing.with(session, place, () => undefined, new AbortController().signal);
    await begun;
    const comparison = session.comparing.comparison!;
    expect(comparison).toMatchObject({
      first: { title: 'made:1', layerCount: 3, finalBytes: 6 },
      second: { title: 'other:1', layerCount: 2, finalBytes: 37 },
      sharedLayers: 1,
      layerCount: 4,
    });
    expect(told.at(-1)).toEqual({ method: 'compared', argument: { comparison, session: session.session } });
    expect(session.comparing.layers(session).map(({ side, first, second }) => [side, first, second])).toEqual([
      ['both', 0, 0],
      ['first', 1, undefined],
      ['first', 2, undefined],
      ['second', undefined, 1],
    ]);
    expect(session.session.comparedWith).toEqual(place);
    await session.comparing.clear();
    expect(told.at(-1)).toEqual({ method: 'compared', argument: { session: session.session } });
    expect(session.session.comparedWith).toBeUndefined();
    await session.comparing.with(session, place, () => undefined, new AbortController().signal);
    await session.comparing.swap(session);
    expect(session.comparing.comparison).toMatchObject({ first: { title: 'other:1' }, second: { title: 'made:1' } });
  });

  test('an image that cannot be opened leaves no comparison', async () => {
    const { session } = makeSession((at) =>
      'uri' in at && at.uri === place.uri
        ? Promise.reject(new SourceError('absent', 'There is no such file.'))
        : Promise.resolve(makeOpenImage(layers)),
    );
    await session.begin();
    const comparing = session.comparing.with(session, place, () => undefined, new AbortController().signal);
    await expect(comparing).rejects.toThrow('There is no such file.');
    expect(session.comparing.comparison).toBeUndefined();
  });
});

test('another image takes the place of the first', async () => {
  const first = makeOpenImage(layers);
  const { session, threads } = makeSession((at) =>
    Promise.resolve('uri' in at && at.uri.endsWith('b.tar') ? makeOpenImage([], { reference: 'b:1' }) : first),
  );
  await session.begin();
  await session.moveTo({ kind: 'archive', uri: 'file:///b.tar' });
  expect([first.isClosed, threads[0]!.isClosed]).toEqual([true, true]);
  expect(session.summary).toMatchObject({ title: 'b:1', layerCount: 0 });
  expect(session.progress.phase).toBe('done');
});

test('lines follow the Dockerfile', async () => {
  let lines: (number | undefined)[] = [undefined, 4, 5];
  const { session } = makeSession(() => Promise.resolve(makeOpenImage(layers)), {
    linesOf: () => ({ lines, baseLayers: 1 }),
  });
  await session.begin();
  expect(session.rows.map(({ line, fromBase }) => [line, fromBase])).toEqual([
    [undefined, true],
    [4, false],
    [5, false],
  ]);
  lines = [undefined, 6, undefined];
  session.updateLines();
  expect(session.rows.map(({ line }) => line)).toEqual([undefined, 6, undefined]);
  expect(session.summary!.hasDockerfile).toBe(true);
});
