import { afterEach, beforeEach, expect, test } from 'vitest';
import { Engine } from '../../../src/sources/engine/engine.ts';
import { imageNamed, imagesByHistory, localImages } from '../../../src/sources/engine/localImages.ts';
import { bareMachine, type FakeEngine, startFakeEngine } from '../../helpers/fakeEngine.ts';

const [old, young, unnamed] = ['a', 'b', 'c'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string, string];
const inspected = (id: string, names: readonly string[]) => ({
  Id: id,
  RepoTags: names,
  Os: 'linux',
  Architecture: 'amd64',
  RootFS: { Layers: ['sha256:1'] },
});
const history = (createdBy: string) => [{ Created: 1, CreatedBy: createdBy, Size: 5 }];

let server: FakeEngine;
let engine: Engine;
beforeEach(async () => {
  server = await startFakeEngine({
    '/images/json': [
      { Id: old, RepoTags: ['app:1'], Size: 10, Created: 100 },
      { Id: unnamed, RepoTags: ['<none>:<none>'], Size: 30, Created: 150 },
      { Id: young, RepoTags: ['app:2', 'app:latest'], Created: 200 },
    ],
    [`/images/${old}/json`]: inspected(old, ['app:1']),
    [`/images/${old}/history`]: history('RUN make # buildkit'),
    [`/images/${young}/json`]: inspected(young, ['app:2']),
    [`/images/${young}/history`]: history('RUN make all # buildkit'),
  });
  engine = new Engine({ surroundings: bareMachine({ DOCKER_HOST: server.host }) });
});
afterEach(async () => {
  engine[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});
const { signal } = new AbortController();

test('by history: of one second the one that was built last', async () => {
  const builds = [
    { id: old, created: '2026-11-21T10:00:00.25Z' },
    { id: young, created: '2026-11-21T10:00:00.750000001Z' },
    { id: unnamed, created: '2026-11-21T10:00:00.5+00:00' },
  ];
  await using other = await startFakeEngine({
    '/images/json': builds.map(({ id }) => ({ Id: id, RepoTags: ['app:1'], Created: 1_795_255_200 })),
    ...Object.fromEntries<object>(
      builds.flatMap(({ id, created }) => [
        [`/images/${id}/json`, { ...inspected(id, ['app:1']), Created: created }],
        [`/images/${id}/history`, history('RUN make # buildkit')],
      ]),
    ),
  });
  using asked = new Engine({ surroundings: bareMachine({ DOCKER_HOST: other.host }) });
  const found = await imagesByHistory(asked, () => 1, signal);
  expect(found.map(({ imageId, created }) => [imageId, created! % 1])).toEqual([
    [young, 0.75],
    [unnamed, 0.5],
    [old, 0.25],
  ]);
});

test('the newest first, with what the list tells', async () => {
  expect(await localImages(engine, signal)).toEqual([
    { imageId: young, names: ['app:2', 'app:latest'], created: 200 },
    { imageId: unnamed, names: [], bytes: 30, created: 150 },
    { imageId: old, names: ['app:1'], bytes: 10, created: 100 },
  ]);
});

test('by history: the best first, those that do not fit left out, and those that went away meanwhile', async () => {
  const scores: Record<string, number> = { 'RUN make # buildkit': 0.9, 'RUN make all # buildkit': 0.4 };
  const found = await imagesByHistory(engine, (info) => scores[info.history[0]!.createdBy!] ?? 0, signal);
  expect(found.map(({ names, score }) => [names[0], score])).toEqual([
    ['app:1', 0.9],
    ['app:2', 0.4],
  ]);
  expect(await imagesByHistory(engine, () => 0, signal)).toEqual([]);
});

test('an engine that goes away fails the search', async () => {
  await localImages(engine, signal);
  server.kill();
  await expect(imagesByHistory(engine, () => 1, signal)).rejects.toMatchObject({ name: 'SourceError' });
});

test('an image by its name or id, and one that is not there', async () => {
  server.routes['/images/app:1/json'] = inspected(old, ['app:1']);
  server.routes['/images/app:1/history'] = history('RUN make # buildkit');
  expect(await imageNamed(engine, 'app:1', signal)).toMatchObject({ imageId: old, names: ['app:1'] });
  expect(await imageNamed(engine, young, signal)).toMatchObject({ imageId: young, info: { imageId: young } });
  expect(await imageNamed(engine, 'gone:1', signal)).toBeUndefined();
});
