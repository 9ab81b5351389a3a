import { expect, it } from 'vitest';
import { readDevcontainerBuild } from '../../../../src/core/refactor/consumers/devcontainerConsumer.ts';
import type { Consumer } from '../../../../src/core/refactor/project.ts';

const shell = { command: 'while sleep 1000; do :; done' };

it.each<[string, string, Partial<Consumer>]>([
  ['{ "build": { "dockerfile": "../Dockerfile" } }', '../Dockerfile', shell],
  ['{ // mine\n "dockerFile": "D", }', 'D', { ...shell, line: 2 }],
  [
    '{ "build": { "dockerfile": "D", "target": "dev" }, "remoteUser": "me" }',
    'D',
    { ...shell, target: 'dev', user: 'me' },
  ],
  ['{ "build": { "dockerfile": "D" }, "overrideCommand": false }', 'D', {}],
])('%s', (text, dockerfile, expected) => {
  expect(readDevcontainerBuild('.devcontainer/devcontainer.json', text)).toEqual({
    dockerfile,
    consumer: {
      file: '.devcontainer/devcontainer.json',
      line: 1,
      name: 'development container',
      mounts: [],
      ...expected,
    },
  });
});

it.each(['{ "image": "debian" }', '{}', '', '{ "build": '])('no build in %s', (text) =>
  expect(readDevcontainerBuild('x', text)).toBeUndefined(),
);
