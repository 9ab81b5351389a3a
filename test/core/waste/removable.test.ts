import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectors } from '../../../src/core/waste/detectors.ts';
import { finalTreeOf } from '../../../src/core/waste/finalTree.ts';
import { findRemovable } from '../../../src/core/waste/removable.ts';
import { type Files, removableOf, stackOf } from '../../helpers/finalTree.ts';
import { emptyConfig } from '../../helpers/historyFixture.ts';

describe('an image of several layers', () => {
  const base: Files = {
    '/bin/sh': 100,
    '/usr/share/doc/bash/README': 7,
    '/usr/share/man/man1/bash.1.gz': 9,
    '/var/lib/apt/lists/old': 11,
  };
  const install: Files = {
    '/var/lib/apt/lists/new': 50,
    '/var/log/dpkg.log': 5,
    '/usr/share/doc/curl/changelog': 3,
    '/root/.cache/pip/http/wheel': 40,
    '/opt/kept': 1000,
  };
  const app: Files = { '/var/lib/apt/lists/.wh.old': 0, '/app/.git/pack': 30, '/app/.env': 4, '/tmp/id_rsa': 2 };
  const { rows, bytes, kindOf } = removableOf([base, install, app], {
    baseLayers: 1,
    config: { entrypoint: ['/app/server'] },
  });

  test('rows by bytes, each of one kind, place and layer', () => {
    expect(rows.map((row) => [row.kind, row.path, row.bytes, row.entries, row.layer, row.fromBase])).toEqual([
      ['apt-lists', '/var/lib/apt/lists', 50, 1, 1, false],
      ['pip-cache', '/root/.cache/pip', 40, 1, 1, false],
      ['version-control', '/app/.git', 30, 1, 2, false],
      ['man-pages', '/usr/share/man', 9, 1, 0, true],
      ['documentation', '/usr/share/doc', 7, 1, 0, true],
      ['logs', '/var/log', 5, 1, 1, false],
      ['secret-files', '/app/.env', 4, 1, 2, false],
      ['documentation', '/usr/share/doc', 3, 1, 1, false],
      ['secret-files', '/tmp/id_rsa', 2, 1, 2, false],
    ]);
    expect(bytes).toBe(150);
  });
  test('what the base ships is not freed by deleting it, and the advice says so', () => {
    const [fromBase, own] = [rows.find((row) => row.fromBase)!, rows.find((row) => !row.fromBase)!];
    expect(fromBase.advice).toContain('base image');
    expect(own.advice).toContain('apt');
  });
  test('every row says why and what to do', () => {
    for (const row of rows) expect([row.title, row.why, row.advice].every((text) => text.length > 10)).toBe(true);
  });
  test('nodes know their kind', () => {
    const tree = finalTreeOf(stackOf(base, install, app));
    const kindAt = (path: string) => detectors[kindOf[tree.find(path)]! - 1]?.id;
    expect(kindAt('/app/.git/pack')).toBe('version-control');
    expect(kindAt('/tmp/id_rsa')).toBe('secret-files');
    expect(kindAt('/opt/kept')).toBeUndefined();
  });
});

describe('hard links', () => {
  const name = '/var/cache/apt/archives/a';
  test.each<[string, Files, number]>([
    ['a name elsewhere keeps the bytes', { [name]: 10, '/opt/a': `=> ${name}` }, 0],
    ['all names in one place go together', { [name]: 10, '/var/cache/apt/b': `=> ${name}` }, 10],
    ['all names in places of two kinds count once', { [name]: 10, '/var/log/b': `=> ${name}` }, 10],
  ])('%s', (_, files, expected) => expect(removableOf([files]).bytes).toBe(expected));

  test('a name in a layer above', () => {
    expect(removableOf([{ [name]: 10 }, { '/opt/a': `=> ${name}` }]).bytes).toBe(0);
  });
});

test('every detector is listed once, in the file of its name, with a test of that name', () => {
  const folder = new URL('../../../src/core/waste/', import.meta.url);
  const ids = readdirSync(folder).flatMap((file) => {
    const id = /^ {2}id: '([^']+)',$/m.exec(readFileSync(new URL(file, folder), 'utf8'))?.[1];
    if (id !== undefined) expect(file).toBe(`${id}.ts`);
    return id ?? [];
  });
  expect(detectors.map((detector) => detector.id).sort()).toEqual(ids.sort());
  const tests = readdirSync(new URL('.', import.meta.url));
  expect(ids.filter((id) => !tests.includes(`${id}.test.ts`))).toEqual([]);
});

const segments = [
  ...[
    '.git',
    '.npm',
    '_cacache',
    '.cache',
    'pip',
    'var',
    'lib',
    'apt',
    'lists',
    'tmp',
    'usr',
    'share',
    'doc',
    'man',
    'man1',
  ],
  ...[
    'locale',
    'de',
    '.cargo',
    'registry',
    'site-packages',
    'tests',
    '__pycache__',
    'a.cpython-311.pyc',
    'liba.a',
    'include',
  ],
  ...[
    'gcc',
    'bin',
    'log',
    'core.12',
    '.env',
    'id_rsa',
    'x.deb',
    'conda-meta',
    'pkgs',
    'target',
    '.fingerprint',
    'CACHEDIR.TAG',
  ],
];
const pathOf = fc
  .array(fc.constantFrom(...segments), { minLength: 1, maxLength: 5 })
  .map((path) => `/${path.join('/')}`);
const layer = fc
  .array(
    fc.tuple(
      pathOf,
      fc.oneof(
        fc.integer({ min: 0, max: 99 }),
        pathOf.map((path) => `=> ${path}`),
      ),
    ),
    { maxLength: 25 },
  )
  .map((entries): Files => Object.fromEntries(entries));

test('whatever the layers: rows are within the final bytes, do not overlap, and come out the same again', () => {
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 4 }), fc.boolean(), (layers, runs) => {
      const options = { config: runs ? { entrypoint: ['/app'] } : {}, contentHash: () => 'same', baseLayers: 1 };
      const found = removableOf(layers, options);
      const { finalBytes } = stackOf(...layers);
      expect(found.bytes).toBeLessThanOrEqual(finalBytes);
      expect(found.bytes).toBe(found.rows.reduce((sum, row) => sum + row.bytes, 0));
      const tree = finalTreeOf(stackOf(...layers));
      const claimed = [...found.kindOf.keys()].filter((node) => found.kindOf[node] !== 0 && !tree.isDirectory(node));
      expect(found.rows.reduce((sum, row) => sum + row.entries, 0)).toBeLessThanOrEqual(claimed.length);
      expect(removableOf(layers, options)).toEqual(found);
    }),
    { numRuns: 150 },
  );
});

describe('work grows with the nodes, not faster', () => {
  const many =
    (make: (i: number) => string) =>
    (count: number): Files =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [make(i), 1]));
  /** Children looked at while all detectors run. */
  const visits = (files: Files) => {
    const tree = finalTreeOf(stackOf(files));
    let seen = 0;
    const counting = {
      ...tree,
      children(node: number) {
        const children = tree.children(node);
        seen += children.length;
        return children;
      },
      // Looks through the first directory, at least.
      below(node: number, path: string) {
        seen += tree.children(node).length;
        return tree.below(node, path);
      },
    };
    findRemovable(counting, {
      config: { ...emptyConfig, entrypoint: ['/app'] },
      baseLayers: 0,
      contentHash: () => 'x',
    });
    return seen;
  };
  test.each([
    ['one wide directory', many((i) => `/x${i}`)],
    ['a wide directory of sources and bytecode', many((i) => `/a/__pycache__/m${i}.cpython-312.pyc`)],
    ['test folders side by side', many((i) => `/lib/python3.12/p${i}/tests/a.py`)],
    ['nested test folders', many((i) => `/lib/python3.12/site-packages${'/tests'.repeat(1 + (i % 50))}/f${i}`)],
    ['caches in caches', many((i) => `/root${'/.cache/pip'.repeat(1 + (i % 50))}/f${i}`)],
    [
      'build folders in build folders',
      many((i) => `${'/target/release/.fingerprint'.repeat(1 + (i % 20))}/CACHEDIR.TAG${i}`),
    ],
    ['manuals in manuals', many((i) => `${'/man/man1'.repeat(1 + (i % 50))}/f${i}`)],
    ['libraries', many((i) => `/usr/lib/d${i}/liba.a`)],
  ])('%s', (_, make) => {
    const [small, large] = [visits(make(500)), visits(make(2000))];
    expect(large).toBeLessThan(small * 5);
    expect(large).toBeLessThan(2000 * 40);
  });
});
