import { describe, expect, it, test } from 'vitest';
import { decodeAptFile, encodeAptFile } from '../../../../src/core/estimate/apt/aptFile.ts';
import { aptFileOf, aptGraphOf } from '../../../helpers/aptGraph.ts';

const packages = {
  libc6: { base: true },
  awk: { base: true, provides: 'awk-like' },
  curl: { kib: 500, depends: 'libc6, libcurl', recommends: 'certs' },
  libcurl: { kib: 800, depends: 'libssl | libgnutls' },
  libssl: { kib: 3000 },
  libgnutls: { kib: 2000 },
  certs: { depends: 'certs-data' },
  'certs-data': {},
  mailer: { depends: 'mta' },
  exim: { provides: 'mta', recommends: 'spam' },
  postfix: { provides: 'mta', depends: 'spam' },
  spam: {},
  text: { depends: 'awk-like' },
  circle: { depends: 'ring' },
  ring: { depends: 'circle' },
  prefers: { depends: 'libgnutls, libssl | libgnutls' },
} as const;
const graph = aptGraphOf(packages);

function names(asked: readonly string[], { recommends = true, installed = [] as string[] } = {}): string[] {
  return graph.install(asked, { recommends, installed }).packages.map(({ name }) => name);
}

describe('install', () => {
  it.each<[title: string, asked: string[], options: Parameters<typeof names>[1], found: string[]]>([
    [
      'what is needed, the first alternative, and what is recommended',
      ['curl'],
      {},
      ['curl', 'libcurl', 'certs', 'libssl', 'certs-data'],
    ],
    ['without recommends', ['curl'], { recommends: false }, ['curl', 'libcurl', 'libssl']],
    [
      'what is there satisfies an alternative',
      ['curl'],
      { recommends: false, installed: ['libgnutls'] },
      ['curl', 'libcurl'],
    ],
    ['what comes anyway satisfies an alternative', ['prefers'], {}, ['prefers', 'libgnutls']],
    ['what the base has is not added', ['libc6'], {}, []],
    ['a base’s package provides', ['text'], {}, ['text']],
    ['a virtual package: its first provider', ['mailer'], { recommends: false }, ['mailer', 'exim']],
    ['a virtual package: the provider that was asked for', ['mailer', 'postfix'], {}, ['mailer', 'postfix', 'spam']],
    ['a virtual package by name', ['mta'], { recommends: false }, ['exim']],
    ['packages that need one another', ['circle'], {}, ['circle', 'ring']],
    ['what is installed brings its needs, not its wishes', ['certs'], { installed: ['curl'] }, ['certs', 'certs-data']],
    ['nothing', [], {}, []],
  ])('%s', (_, asked, options, found) => {
    expect(names(asked, options)).toEqual(found);
  });

  it('tells asked from brought, and names what it does not know', () => {
    const { packages: found, unknown } = graph.install(['certs', 'nope'], { recommends: true, installed: [] });
    expect(found.map(({ name, isAsked }) => [name, isAsked])).toEqual([
      ['certs', true],
      ['certs-data', false],
    ]);
    expect(unknown).toEqual(['nope']);
  });
});

test('what is written is read again, sizes to within one percent', () => {
  const file = aptFileOf(packages);
  const read = decodeAptFile(encodeAptFile(file));
  const sizes = (of: typeof file) => [...of.installedBytes, ...of.downloadBytes];
  sizes(read).forEach((bytes, at) => expect(Math.abs(bytes / sizes(file)[at]! - 1)).toBeLessThan(0.011));
  const rest = { installedBytes: [], downloadBytes: [] };
  const sorted = file.depends.map((places) => places.toSorted((a, b) => a - b));
  expect({ ...read, ...rest }).toEqual({ ...file, ...rest, depends: sorted });
});
