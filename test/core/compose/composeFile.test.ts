import { expect, test } from 'vitest';
import { readComposeFile } from '../../../src/core/compose/composeFile.ts';

function read(text: string): string[] {
  return readComposeFile(text).map((found) => {
    const line = text.slice(found.span.start, found.span.end);
    return found.kind === 'image'
      ? `${line} -> ${found.reference}`
      : `${line} -> ${found.context} ${found.dockerfile}${found.target === undefined ? '' : ` ${found.target}`}`;
  });
}

test.each<[title: string, text: string, found: string[]]>([
  [
    'images',
    'services:\n  web:\n    image: nginx:1.31\n  db:\n    image: "postgres:18" # the newest\n',
    ['image: nginx:1.31 -> nginx:1.31', 'image: "postgres:18" # the newest -> postgres:18'],
  ],
  ['a build by its context', 'services:\n  web:\n    build: ./web\n', ['build: ./web -> ./web Dockerfile']],
  [
    'a build with all that it may have',
    'services:\n  web:\n    build:\n      context: app\n      dockerfile: docker/Dockerfile\n      target: dev\n      args:\n        A: 1\n',
    ['build: -> app docker/Dockerfile dev'],
  ],
  [
    'an image that only names what is built',
    'services:\n  web:\n    image: app:1\n    build: .\n',
    ['build: . -> . Dockerfile'],
  ],
  [
    'defaults of variables',
    'services:\n  a:\n    image: ${REPO:-nginx}:${TAG-1.31}\n',
    ['image: ${REPO:-nginx}:${TAG-1.31} -> nginx:1.31'],
  ],
  ['variables without one', 'services:\n  a:\n    image: nginx:${TAG}\n', []],
  [
    'line ends of Windows, comments, blank lines',
    '# x\r\nservices:\r\n\r\n  a:\r\n    # image: no\r\n    image: alpine\r\n',
    ['image: alpine -> alpine'],
  ],
  [
    'other sections, and images that are no service’s',
    'x-a:\n  image: no\nservices:\n  a:\n    labels:\n      image: no\n    image: yes\nvolumes:\n  image: no\n',
    ['image: yes -> yes'],
  ],
  ['wide indentation', 'services:\n        a:\n                image: alpine\n', ['image: alpine -> alpine']],
  [
    'flow, anchors and blocks are left alone',
    'services:\n  a: { image: x }\n  b:\n    image: &x alpine\n  c:\n    image: >\n      alpine\n',
    [],
  ],
  ['a Dockerfile inside', 'services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM alpine\n', []],
  ['no Compose file', 'a: b\n', []],
  ['nothing', '', []],
])('%s', (_, text, found) => {
  expect(read(text)).toEqual(found);
});

test('what a build is called', () => {
  const text = 'services:\n  web:\n    build: .\n    image: acme/web:1\n  db:\n    build: db\n    image: ${NONE}\n';
  expect(readComposeFile(text)).toMatchObject([
    { kind: 'build', name: 'web', image: 'acme/web:1' },
    { kind: 'build', name: 'db' },
  ]);
  expect(readComposeFile(text)[1]).not.toHaveProperty('image');
});
