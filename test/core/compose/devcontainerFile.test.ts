import { expect, test } from 'vitest';
import { readDevcontainerFile } from '../../../src/core/compose/devcontainerFile.ts';

test.each<[title: string, text: string, found: object[]]>([
  ['an image', '{ "image": "node:24" }', [{ kind: 'image', reference: 'node:24', span: { start: 2, end: 20 } }]],
  [
    'with comments and trailing commas',
    '{ // "image": "no"\n /* "image": "no" */ "features": { "image": "no", }, "image": "a:1", }',
    [{ kind: 'image', reference: 'a:1' }],
  ],
  [
    'a build',
    '{"build": {"dockerfile": "../Dockerfile", "target": "dev", "args": {"target": "x"}}}',
    [{ kind: 'build', context: '.', dockerfile: '../Dockerfile', target: 'dev' }],
  ],
  ['the old spelling', '{"dockerFile": "Dockerfile"}', [{ kind: 'build', dockerfile: 'Dockerfile' }]],
  ['in a list it is something else', '{"x": [{"image": "no"}], "y": ["image", "no"]}', []],
  [
    'strings with what looks like structure',
    String.raw`{"name": "a \"{ image\": [", "image": "b"}`,
    [{ reference: 'b' }],
  ],
  ['half a file', '{"image": "a", "x": {', [{ reference: 'a' }]],
  ['nothing', '', []],
])('%s', (_, text, found) => {
  expect(readDevcontainerFile(text)).toMatchObject(found);
  expect(readDevcontainerFile(text)).toHaveLength(found.length);
});
