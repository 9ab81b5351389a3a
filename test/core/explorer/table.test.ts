import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Filter, SortColumn } from '../../../src/core/explorer/query.ts';
import { printRows, tableOf } from '../../helpers/explorerTable.ts';
import type { Files } from '../../helpers/finalTree.ts';

const files: Files = { '/etc/a': 10, '/etc/b': 30, '/usr/lib/big': 500, '/usr/lib/c': 1, '/usr/x': 20, '/readme': 100 };

test('closed at first, the largest first', () => {
  expect(printRows(tableOf([files]))).toEqual(['+ usr', 'readme', '+ etc']);
});

describe('opening and closing', () => {
  const opened = () => {
    const table = tableOf([files]);
    table.expand(0, true, true);
    return table;
  };
  test('everything', () => {
    expect(printRows(opened())).toEqual([
      '- usr',
      '  - lib',
      '    big',
      '    c',
      '  x',
      'readme',
      '- etc',
      '  b',
      '  a',
    ]);
  });
  test('one, with what is below it as it was', () => {
    const table = opened();
    const usr = table.nodeAt('/usr')!;
    table.expand(usr, false, false);
    expect(printRows(table)).toEqual(['+ usr', 'readme', '- etc', '  b', '  a']);
    table.expand(usr, true, false);
    expect(printRows(table)).toContain('    big');
  });
  test('one with all below it', () => {
    const table = opened();
    const usr = table.nodeAt('/usr')!;
    table.expand(usr, false, true);
    table.expand(usr, true, false);
    expect(printRows(table)).toEqual(['- usr', '  + lib', '  x', 'readme', '- etc', '  b', '  a']);
  });
  test('a path, with the directories above it', () => {
    const table = tableOf([files]);
    const row = table.reveal(table.nodeAt('/usr/lib/c')!);
    expect(table.rows(row!, 1)[0]!.name).toBe('c');
    expect(printRows(table)).toEqual(['- usr', '  - lib', '    big', '    c', '  x', 'readme', '+ etc']);
  });
  test('the row above, and none in the root', () => {
    const table = opened();
    expect([table.parentRow(3), table.parentRow(1), table.parentRow(0), table.parentRow(99)]).toEqual([
      1,
      0,
      undefined,
      undefined,
    ]);
  });
});

test('levels, places among siblings, shares', () => {
  const table = tableOf([{ '/d/a': 30, '/d/b': 10, '/e': 60 }]);
  table.expand(0, true, true);
  expect(
    table.rows(0, 9).map(({ name, level, position, siblings, share }) => [name, level, position, siblings, share]),
  ).toEqual([
    ['e', 1, 1, 2, 0.6],
    ['d', 1, 2, 2, 0.4],
    ['a', 2, 1, 2, 0.3],
    ['b', 2, 2, 2, 0.1],
  ]);
});

describe('sorting', () => {
  test.each<[SortColumn, boolean, string[]]>([
    ['name', false, ['etc', 'readme', 'usr']],
    ['name', true, ['usr', 'readme', 'etc']],
    ['size', false, ['etc', 'readme', 'usr']],
    ['size', true, ['usr', 'readme', 'etc']],
    ['difference', true, ['usr', 'readme', 'etc']],
    ['modified', false, ['etc', 'usr', 'readme']],
  ])('%s descending %s', (column, descending, expected) => {
    const table = tableOf([files]);
    table.setSort({ column, descending });
    expect(table.rows(0, 9).map(({ name }) => name)).toEqual(expected);
  });
  test('equals stand by name, whichever way', () => {
    const table = tableOf([{ '/c': 1, '/a': 1, '/b': 2 }]);
    const names = () => table.rows(0, 9).map(({ name }) => name);
    table.setSort({ column: 'size', descending: true });
    expect(names()).toEqual(['b', 'a', 'c']);
    table.setSort({ column: 'size', descending: false });
    expect(names()).toEqual(['a', 'c', 'b']);
  });
  test('in a layer, by what is removed as well', () => {
    const table = tableOf(
      [
        { '/gone': 50, '/kept': 9 },
        { '/.wh.gone': 0, '/new': 20 },
      ],
      { kind: 'layer', layer: 1 },
    );
    expect(
      table.rows(0, 9).map(({ name, change, removedBytes, share }) => [name, change, removedBytes, share]),
    ).toEqual([
      ['gone', 'removed', 50, 1],
      ['new', 'added', 0, 1],
    ]);
  });
});

describe('filtering', () => {
  const layers: Files[] = [files, { '/etc/.wh.b': 0, '/etc/a': 15 }];
  test.each<[title: string, filter: Filter, expected: string[]]>([
    ['text opens what leads to it', { text: 'big' }, ['- usr', '  - lib', '    big']],
    ['a directory that is named stays closed', { text: 'lib' }, ['- usr', '  + lib']],
    ['a glob', { text: '/usr/*' }, ['- usr', '  + lib', '  x']],
    ['blanks are nothing', { text: '  ' }, ['+ usr', 'readme', '+ etc']],
    ['at least so many bytes', { minBytes: 100 }, ['- usr', '  - lib', '    big', 'readme']],
    ['both', { text: 'usr', minBytes: 400 }, ['+ usr']],
    ['wasted only, with what is there no longer', { wastedOnly: true }, ['- etc', '  a', '  b']],
    ['a kind of change that there is none of', { changes: ['time'] }, []],
  ])('%s', (_, filter, expected) => {
    const table = tableOf(layers);
    table.setFilter(filter);
    expect(printRows(table)).toEqual(expected);
  });
  test('a kind of change, of a layer', () => {
    const table = tableOf(layers, { kind: 'layer', layer: 1 });
    table.setFilter({ changes: ['removed'] });
    expect(printRows(table)).toEqual(['- etc', '  b']);
  });
  test('counts what fits, whether open or not', () => {
    const table = tableOf(layers);
    table.setFilter({ text: 'usr' });
    expect(table.figures()).toMatchObject({ rowCount: 1, matches: 3, matchedBytes: 521, totalBytes: 636 });
  });
  test('without it the directories are open that were open before', () => {
    const table = tableOf(layers);
    table.expand(table.nodeAt('/etc')!, true, false);
    table.setFilter({ text: 'big' });
    table.expand(table.nodeAt('/usr')!, false, false);
    expect(printRows(table)).toEqual(['+ usr']);
    table.setFilter({});
    expect(printRows(table)).toEqual(['+ usr', 'readme', '- etc', '  a']);
  });
});

test('type-ahead goes round, in any case, and ends at the row itself', () => {
  const table = tableOf([{ '/apple': 5, '/Apricot': 4, '/banana': 3, '/avocado': 2 }]);
  expect([table.find('a', 0), table.find('A', 1), table.find('ap', 1), table.find('b', 2), table.find('z', 0)]).toEqual(
    [1, 3, 0, 2, undefined],
  );
});

test('windows beyond either end are what is there', () => {
  const table = tableOf([files]);
  expect([table.rows(-2, 3).length, table.rows(2, 60).length, table.rows(3, 60).length]).toEqual([1, 1, 0]);
});

test('names are cut, and otherwise as they are', () => {
  const hostile = ['<img src=x onerror=alert(1)>', '\u202egnp.exe', 'a\nb', 'x'.repeat(4000)];
  const table = tableOf([Object.fromEntries(hostile.map((name, at) => [`/${name}`, 10 - at]))]);
  expect(table.rows(0, 9).map(({ name }) => name)).toEqual([...hostile.slice(0, 3), 'x'.repeat(512)]);
});

test('any sequence of clicks leaves rows that fit together', () => {
  const path = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    .map((parts) => `/${parts.join('/')}`);
  const act = fc.record({ node: fc.nat(30), expanded: fc.boolean(), below: fc.boolean() });
  fc.assert(
    fc.property(
      fc.dictionary(path, fc.nat(9)),
      fc.array(act, { maxLength: 8 }),
      fc.constantFrom('', 'a', '*b'),
      (made, acts, text) => {
        const table = tableOf([made]);
        table.setFilter({ text });
        for (const { node, expanded, below } of acts) {
          if (node < table.view.paths.count) table.expand(node, expanded, below);
        }
        const { rowCount } = table.figures();
        const rows = table.rows(0, rowCount);
        expect(new Set(rows.map(({ node }) => node)).size).toBe(rows.length);
        rows.forEach((row, at) => {
          const above = table.parentRow(at);
          expect(row.level).toBe(above === undefined ? 1 : rows[above]!.level + 1);
          if (above !== undefined) expect(rows[above]!.expanded).toBe(true);
          const together = rows.filter((_, other) => table.parentRow(other) === above);
          expect(together).toHaveLength(row.siblings);
          expect(together[row.position - 1]).toBe(row);
        });
      },
    ),
    { numRuns: 200 },
  );
});
