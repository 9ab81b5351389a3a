import { expect, it } from 'vitest';
import { imageConsumers } from '../../../../src/core/refactor/consumers/imageUser.ts';
import type { Consumer } from '../../../../src/core/refactor/project.ts';

const consumer = { file: 'k8s.yaml', line: 3, name: 'container web', command: ['--now'], mounts: [] };

/** Whether a container of an image surely starts ours, or perhaps. */
function verdict(image: string, ours: readonly string[], others: readonly string[] = []): string {
  const { consumers, possible } = imageConsumers([{ image, consumer }], { ours, others });
  return consumers.length > 0 ? 'sure' : possible.length > 0 ? 'perhaps' : 'no';
}

it.each<[string, readonly string[], readonly string[], string]>([
  ['acme/web:1', ['acme/web:2'], [], 'sure'],
  ['docker.io/acme/web@sha256:12', ['acme/web'], [], 'sure'],
  ['localhost:5000/web:1', ['localhost:5000/web'], [], 'sure'],
  ['web:${TAG}', ['web:$VERSION'], [], 'sure'],
  ['ghcr.io/acme/web', ['acme/web'], [], 'perhaps'],
  ['acme/web', [], ['acme/web'], 'no'],
  ['acme/web', ['acme/web'], ['acme/web'], 'perhaps'],
  ['postgres:16', [], [], 'no'],
  ['${IMAGE}', ['${IMAGE}'], [], 'perhaps'],
])('%s where ours is %s and others are %s: %s', (image, ours, others, expected) => {
  expect(verdict(image, ours, others)).toBe(expected);
});

it('who takes the image as it is needs no look', () => {
  const plain = { file: 'k8s.yaml', line: 3, name: 'container web', mounts: [] };
  expect(imageConsumers([{ image: 'x', consumer: plain }], { ours: [], others: [] }).possible).toEqual([]);
});

it.each<[string, Partial<Consumer>, string]>([
  ['a command', { command: ['x'] }, 'container web starts x with a command or a user of its own'],
  ['a folder', { workingDir: '/srv' }, 'container web starts x in a folder of its own'],
  [
    'a folder and a user',
    { workingDir: '/srv', user: '1' },
    'container web starts x with a command or a user of its own',
  ],
  ['a probe', { healthcheck: ['x'], workingDir: '/srv' }, 'container web calls a program of x'],
])('who starts it with %s should look', (_title, more, what) => {
  const each: Consumer = { file: 'k8s.yaml', line: 3, name: 'container web', mounts: [], ...more };
  const { possible } = imageConsumers([{ image: 'x', consumer: each }], { ours: [], others: [] });
  expect(possible).toEqual([{ file: 'k8s.yaml', line: 3, what }]);
});

it.each<[readonly string[], string]>([
  [['acme/web:1'], 'sure'],
  [['acme/other'], 'no'],
  [['acme/third'], 'perhaps'],
  [['postgres'], 'no'],
  [['acme/other', 'acme/web'], 'sure'],
  [['acme/other', 'acme/third'], 'perhaps'],
])('an image that becomes %s: %s', (names, expected) => {
  const known = { ours: ['acme/web'], others: ['acme/other'] };
  const results = ['acme/web', 'acme/other', 'app', 'postgres'].map((image) => {
    const { consumers, possible } = imageConsumers([{ image, names, consumer }], known);
    return consumers.length > 0 ? 'sure' : possible.length > 0 ? 'perhaps' : 'no';
  });
  expect(results).toEqual(results.map(() => expected));
});

it('both names are told', () => {
  const { possible } = imageConsumers([{ image: 'app', names: ['acme/web:2'], consumer }], { ours: [], others: [] });
  expect(possible[0]?.what).toBe('container web starts app as acme/web:2 with a command or a user of its own');
});
