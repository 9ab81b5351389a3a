import { expect, test } from 'vitest';
import { decodeHistory, decodeImages, decodeInspect, decodeVersion } from '../../../src/sources/engine/answers.ts';
import { SourceError } from '../../../src/sources/error.ts';

test('what Docker leaves null, empty or <none> is absent', () => {
  const image = decodeInspect({
    Id: 'sha256:aa',
    RepoTags: ['<none>:<none>', 'app:1'],
    RepoDigests: null,
    Os: 'linux',
    Architecture: 'amd64',
    Variant: '',
    Size: 7,
    Config: { User: '', Env: null, Cmd: null, Entrypoint: '', Labels: null, Volumes: null, Healthcheck: null },
    RootFS: { Type: 'layers', Layers: ['sha256:bb', null] },
  });
  expect(image).toEqual({
    Id: 'sha256:aa',
    RepoTags: ['app:1'],
    RepoDigests: [],
    Os: 'linux',
    Architecture: 'amd64',
    Size: 7,
    Config: {
      Env: [],
      ExposedPorts: [],
      Labels: {},
      OnBuild: [],
      Volumes: [],
    },
    RootFS: { Layers: ['sha256:bb'] },
  });
});

test.each([undefined, null, 'x', 7, []])('a Config that is %j is an empty one', (config) => {
  expect(decodeInspect({ Id: 'x', Config: config }).Config).toMatchObject({ Env: [], Labels: {} });
});

test('a full Config is taken over', () => {
  const { Config } = decodeInspect({
    Id: 'x',
    Config: {
      User: 'app',
      Env: ['A=1'],
      Entrypoint: ['/app'],
      Cmd: 'run',
      WorkingDir: '/srv',
      ExposedPorts: { '80/tcp': {} },
      Volumes: { '/data': {} },
      Labels: { a: 'b', broken: 7 },
      StopSignal: 'SIGINT',
      Healthcheck: { Test: ['CMD', 'true'], Interval: 1 },
      Shell: ['/bin/bash', '-c'],
      OnBuild: ['RUN x'],
    },
  });
  expect(Config).toEqual({
    User: 'app',
    Env: ['A=1'],
    Entrypoint: ['/app'],
    Cmd: ['run'],
    WorkingDir: '/srv',
    ExposedPorts: ['80/tcp'],
    Volumes: ['/data'],
    Labels: { a: 'b' },
    StopSignal: 'SIGINT',
    Healthcheck: { Test: ['CMD', 'true'] },
    Shell: ['/bin/bash', '-c'],
    OnBuild: ['RUN x'],
  });
});

test.each([-1, 1.5, '7', null])('a size of %j is no size', (size) => {
  expect(decodeInspect({ Id: 'x', Size: size }).Size).toBeUndefined();
  expect(decodeHistory([{ Size: size }])[0]?.Size).toBeUndefined();
});

test('images without digests', () => {
  expect(decodeImages([{ Id: 'a', RepoDigests: null }, { Id: 'b', RepoDigests: ['<none>@<none>'] }, 7])).toEqual([
    { Id: 'a', RepoTags: [], RepoDigests: [] },
    { Id: 'b', RepoTags: [], RepoDigests: [] },
  ]);
});

test.each<[string, () => unknown]>([
  ['a version without platform', () => decodeVersion({ Version: '1' })],
  ['an image without id', () => decodeInspect({})],
  ['a history that is no list', () => decodeHistory({ message: 'x' })],
  ['null', () => decodeInspect(null)],
])('is refused: %s', (_title, decode) => {
  expect(decode).toThrow(SourceError);
});
