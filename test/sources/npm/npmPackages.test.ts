import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NpmPackages } from '../../../src/sources/npm/npmPackages.ts';
import { bytesInMemory } from '../../helpers/byteCache.ts';
import { type NpmRegistry, startNpmRegistry } from '../../helpers/npmRegistry.ts';

let server: NpmRegistry;
let npm: NpmPackages;
let cache = bytesInMemory();
let now = 0;

beforeEach(async () => {
  server = await startNpmRegistry(
    {
      'a@1.0.0': { name: 'a', dist: { unpackedSize: 1234 } },
      '@s/b@2.0.0-rc.1+x': { dist: { unpackedSize: 55 }, os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
      'old@1.0.0': { dist: { tarball: 'x' } },
      'odd@1.0.0': { dist: { unpackedSize: -1 } },
      'list@1.0.0': [1],
      '@s/noted-nowhere@1.0.0': { dist: {} },
      'twice@1.0.0': { dist: {} },
    },
    {
      '@s/noted-nowhere/-/noted-nowhere-1.0.0.tgz': gzipSync('x'.repeat(54_321)),
      // Of two members the second, whose length says nothing about the whole.
      'twice/-/twice-1.0.0.tgz': Buffer.concat([gzipSync(randomBytes(5000)), gzipSync('x')]),
    },
  );
  cache = bytesInMemory();
  now = 0;
  npm = open();
});
afterEach(async () => {
  npm[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

function open(): NpmPackages {
  const surroundings = { env: {}, home: '/nonexistent', askNpm: () => Promise.resolve(server.url) };
  return new NpmPackages({ cache, surroundings, now: () => now });
}

function lookUp(name: string, version = '1.0.0', signal = new AbortController().signal) {
  return npm.lookUp({ name, version }, undefined, signal);
}

test('what the registry says of a version', async () => {
  expect(await lookUp('a')).toEqual({ bytes: 1234 });
  expect(await lookUp('@s/b', '2.0.0-rc.1+x')).toEqual({ bytes: 55, os: ['linux'], cpu: ['x64'], libc: ['glibc'] });
  expect(server.asked).toEqual(['/npm/a/1.0.0', '/npm/@s/b/2.0.0-rc.1+x']);
});

test.each([
  ['a version that notes no size, and no archive', 'old', {}],
  ['the length of the archive’s tar where no size is noted', '@s/noted-nowhere', { bytes: 54_321 }],
  ['an archive that does not tell', 'twice', {}],
  ['a version that the registry does not have', 'gone', undefined],
  ['an answer of another form', 'odd', undefined],
  ['a list', 'list', {}],
])('%s', async (_, name, expected) => {
  expect(await lookUp(name)).toEqual(expected);
});

test('what is known is never asked again, also by the next who starts', async () => {
  await lookUp('a');
  await lookUp('gone');
  await Promise.all([lookUp('a'), lookUp('gone')]);
  expect(server.asked).toHaveLength(2);
  npm[Symbol.dispose]();
  npm = open();
  expect(await lookUp('a')).toEqual({ bytes: 1234 });
  expect(server.asked).toHaveLength(2);
});

test.each(['../x', 'a/../../b', 'a?x=1', '@s/b/c', ''])('%j is no name, and nobody is asked', async (name) => {
  expect(await lookUp(name)).toBeUndefined();
  expect(await lookUp('a', `1.0.0/${name}`)).toBeUndefined();
  expect(server.asked).toEqual([]);
});

test('a registry that is out of reach is left alone for a while', async () => {
  server.status = 0;
  for (let at = 0; at < 50; at++) expect(await lookUp(`p${at}`)).toBeUndefined();
  const asked = server.asked.length;
  // Each failure may be tried a second time, on a new connection.
  expect(asked).toBeLessThanOrEqual(10);
  server.status = undefined;
  expect(await lookUp('a')).toBeUndefined();
  expect(server.asked).toHaveLength(asked);
  now = 61_000;
  expect(await lookUp('a')).toEqual({ bytes: 1234 });
});

test('an error of the server is no answer to remember on disk', async () => {
  server.status = 500;
  expect(await lookUp('a')).toBeUndefined();
  npm[Symbol.dispose]();
  npm = open();
  server.status = undefined;
  expect(await lookUp('a')).toEqual({ bytes: 1234 });
});

test('cancelled', async () => {
  await expect(lookUp('a', '1.0.0', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});
