import { expect, it } from 'vitest';
import { composeConsumers } from '../../../../src/core/refactor/consumers/composeConsumers.ts';
import { readComposeServices } from '../../../../src/core/refactor/consumers/composeServices.ts';

/** The services that run the image of `Dockerfile` in `/p`, by their names. */
function consumers(files: Readonly<Record<string, string>>): string[] {
  const read = Object.entries(files).map(([file, text]) => ({
    folder: file.slice(0, file.lastIndexOf('/')),
    services: readComposeServices(file, `services:\n${text.replace(/^/gm, '  ')}\n`),
  }));
  const builds = (folder: string, build: { context: string; dockerfile: string }): boolean =>
    folder === '/p' && build.context === '.' && build.dockerfile === 'Dockerfile';
  return composeConsumers(read, builds).map(({ file, name }) => `${file} ${name}`);
}

it.each<[string, Record<string, string>, string[]]>([
  ['a build of it', { '/p/c.yaml': 'a: { build: . }' }, ['/p/c.yaml service a']],
  ['a build of another', { '/p/c.yaml': 'a: { build: ./b }', '/q/c.yaml': 'a: { build: . }' }, []],
  [
    'the image that a build gives',
    { '/p/c.yaml': 'a: { build: ., image: me }\nb: { image: me }\nc: { image: other }' },
    ['/p/c.yaml service a', '/p/c.yaml service b'],
  ],
  [
    'one that goes on from it, and one that goes on from that',
    { '/p/c.yaml': 'c: { extends: b }\nb: { extends: a }\na: { build: . }' },
    ['/p/c.yaml service c', '/p/c.yaml service b', '/p/c.yaml service a'],
  ],
  [
    'more about it in another file of the folder',
    { '/p/c.yaml': 'a: { build: . }', '/p/c.override.yaml': 'a: { command: x }', '/q/c.yaml': 'a: { command: y }' },
    ['/p/c.yaml service a', '/p/c.override.yaml service a'],
  ],
  ['a service of its own', { '/p/c.yaml': 'a: { build: . }\nb: { command: x }' }, ['/p/c.yaml service a']],
])('%s', (_title, files, expected) => expect(consumers(files)).toEqual(expected));
