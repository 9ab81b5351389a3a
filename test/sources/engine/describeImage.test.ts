import { expect, test } from 'vitest';
import { decodeHistory, decodeInspect } from '../../../src/sources/engine/answers.ts';
import { describeEngineImage } from '../../../src/sources/engine/describeImage.ts';

const image = (layers: number) =>
  decodeInspect({
    Id: 'sha256:aa',
    Os: 'linux',
    Architecture: 'amd64',
    RepoTags: ['app:1'],
    Config: { Cmd: ['/app'], WorkingDir: '', Labels: null },
    RootFS: { Layers: Array.from({ length: layers }, (_, at) => `sha256:${at}`) },
  });

/** From base to top, as a Dockerfile reads; engines answer the other way round. */
const history = (...entries: [createdBy: string, size: number][]) =>
  decodeHistory(entries.map(([CreatedBy, Size]) => ({ CreatedBy, Size, Created: 0 })).reverse());

test.each<
  [title: string, layers: number, entries: [string, number][], empty: boolean[], sizes: (number | undefined)[]]
>([
  [
    'sizes tell all',
    2,
    [
      ['COPY a /', 10],
      ['ENV A=1', 0],
      ['RUN make', 20],
      ['RUN true', 0],
    ],
    [false, true, false, true],
    [10, 20],
  ],
  [
    'a RUN that changed nothing made a layer all the same',
    2,
    [
      ['COPY a /', 10],
      ['ENV A=1', 0],
      ['RUN true', 0],
    ],
    [false, true, false],
    [10, 0],
  ],
  [
    'instructions of the first builder',
    1,
    [
      ['/bin/sh -c #(nop) ADD file:0123 in / ', 10],
      ['/bin/sh -c #(nop)  CMD ["sh"]', 0],
    ],
    [false, true],
    [10],
  ],
  [
    'a history that does not fit',
    3,
    [
      ['COPY a /', 10],
      ['RUN true', 0],
    ],
    [false, false],
    [undefined, undefined, undefined],
  ],
  ['no history', 1, [], [], [undefined]],
])('%s', (_title, layers, entries, empty, sizes) => {
  const info = describeEngineImage(image(layers), history(...entries), undefined, undefined);
  expect(info.history.map(({ emptyLayer }) => emptyLayer)).toEqual(empty);
  expect(info.history.map(({ createdBy }) => createdBy)).toEqual(entries.map(([createdBy]) => createdBy));
  expect(info.layers.map(({ onDiskBytes }) => onDiskBytes)).toEqual(sizes);
});

test('what the engine says', () => {
  expect(describeEngineImage(image(1), history(['COPY a /', 7]), undefined, undefined)).toEqual({
    reference: 'app:1',
    platform: 'linux/amd64',
    imageId: 'sha256:aa',
    layers: [{ index: 0, diffId: 'sha256:0', onDiskBytes: 7 }],
    history: [{ emptyLayer: false, created: '1970-01-01T00:00:00.000Z', createdBy: 'COPY a /' }],
    config: { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [], cmd: ['/app'] },
  });
});
