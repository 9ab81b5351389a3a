import { describe, expect, test } from 'vitest';
import { ExplorerError, ExplorerModel } from '../../../src/core/explorer/model.ts';
import type { TableQuery } from '../../../src/core/explorer/query.ts';
import type { ImageInfo } from '../../../src/core/image/image.ts';
import { type Files, layerOf } from '../../helpers/finalTree.ts';
import { emptyConfig } from '../../helpers/historyFixture.ts';

const query: TableQuery = { scope: { kind: 'image' }, sort: { column: 'size', descending: true }, filter: {} };

function infoOf(layers: number, diffIds: readonly string[] = []): ImageInfo {
  return {
    reference: 'made:1',
    platform: 'linux/amd64',
    imageId: 'sha256:0',
    layers: Array.from({ length: layers }, (_, index) => ({
      index,
      ...(diffIds[index] === undefined ? {} : { diffId: diffIds[index] }),
    })),
    history: [],
    config: emptyConfig,
  };
}

function modelOf(...layers: readonly Files[]): ExplorerModel {
  const model = new ExplorerModel({ source: 'archive', info: infoOf(layers.length) });
  layers.forEach((files, layer) => model.setLayer('image', layer, layerOf(files)));
  return model;
}

const names = (model: ExplorerModel): string[] => model.rows('files', 0, 99).rows.map(({ name }) => name);

describe('while layers arrive', () => {
  test('a table shows what is there, and open directories stay open though nodes are numbered anew', () => {
    const model = new ExplorerModel({ source: 'archive', info: infoOf(3) });
    model.setLayer('image', 2, layerOf({ '/usr/z': 5, '/etc/passwd': 1 }));
    const first = model.show('files', query);
    const [usr] = model.rows('files', 0, 1).rows;
    model.expand({ table: 'files', tree: first.tree, node: usr!.node }, true, false);
    expect(names(model)).toEqual(['usr', 'z', 'etc']);
    model.setLayer('image', 0, layerOf({ '/aaa': 100, '/etc/group': 2, '/usr/lib/x': 3 }));
    expect(names(model)).toEqual(['aaa', 'usr', 'z', 'lib', 'etc']);
    const second = model.show('files', query);
    expect(second.tree).not.toBe(first.tree);
    expect(() => model.expand({ table: 'files', tree: first.tree, node: 1 }, true, false)).toThrow(
      expect.objectContaining({ code: 'stale' }) as ExplorerError,
    );
  });

  test('directories that were open before a reload open with the layer that has them', () => {
    const model = new ExplorerModel({ source: 'archive', info: infoOf(2) });
    model.open('files', ['/etc', '/usr/lib', '/gone']);
    model.setLayer('image', 0, layerOf({ '/etc/a': 1 }));
    expect(names(model)).toEqual(['etc', 'a']);
    model.setLayer('image', 1, layerOf({ '/usr/lib/x': 9 }));
    model.reveal({ table: 'files', path: '/usr/lib' });
    expect(names(model)).toEqual(['usr', 'lib', 'x', 'etc', 'a']);
  });

  test('a layer that a manifest lists twice', () => {
    const model = new ExplorerModel({ source: 'archive', info: infoOf(2) });
    model.setLayer('image', 1, layerOf({ '/a': 4 }));
    model.repeatLayer('image', 0, 1);
    expect(model.stackFigures()).toMatchObject({ fileBytes: [4, 4], wastedBytes: [4, 0], finalBytes: 4 });
  });
});

describe('questions that make no sense', () => {
  const model = modelOf({ '/a': 1 });
  const { tree } = model.show('files', query);
  test.each<[string, string, () => unknown]>([
    ['a node that is not there', 'invalid', () => model.path({ table: 'files', tree, node: 99 })],
    ['a node that is no number', 'invalid', () => model.path({ table: 'files', tree, node: 0.5 })],
    ['a comparison without another image', 'unready', () => model.show('compare', query)],
    ['its figures', 'unready', () => model.comparisonFigures()],
    ['a layer of no other image', 'unready', () => model.setLayer('other', 0, layerOf({}))],
    ['a layer that repeats none', 'invalid', () => modelOf().repeatLayer('image', 0, 1)],
  ])('%s', (_, code, ask) => {
    expect(ask).toThrow(expect.objectContaining({ name: 'ExplorerError', code }) as Error);
  });
});

describe('what a file was and is', () => {
  const model = modelOf({ '/a': 1, '/b': 2 }, { '/a': 10 }, { '/.wh.b': 0, '/a': 100 });
  const filesOf = (path: string, scope: TableQuery['scope']) => {
    const { tree } = model.show('files', { ...query, scope });
    const { node } = model.reveal({ table: 'files', path });
    return model.files({ table: 'files', tree, node: node! });
  };
  test('in a layer that changes it', () => {
    expect(filesOf('/a', { kind: 'layer', layer: 1 })).toMatchObject({
      path: '/a',
      first: { side: 'image', layer: 0, bytes: 1 },
      second: { side: 'image', layer: 1, bytes: 10 },
    });
  });
  test('in a layer that removes it', () => {
    const files = filesOf('/b', { kind: 'layer', layer: 2 });
    expect(files.second).toMatchObject({ layer: 0, bytes: 2 });
    expect(files.first).toBeUndefined();
  });
  test('all its versions, the latest first', () => {
    expect(filesOf('/a', { kind: 'image' }).versions.map(({ layer, bytes, lostIn }) => [layer, bytes, lostIn])).toEqual(
      [
        [2, 100, undefined],
        [1, 10, 2],
        [0, 1, 1],
      ],
    );
  });
});

describe('comparing', () => {
  const compared = () => {
    const model = modelOf({ '/same': 1, '/old': 7, '/d/x': 3 });
    model.setOther({ source: 'archive', info: infoOf(1) });
    model.setLayer('other', 0, layerOf({ '/same': 1, '/new': 20, '/d/x': 4 }));
    return model;
  };
  const rows = (model: ExplorerModel) => {
    model.show('compare', { ...query, sort: { column: 'difference', descending: true } });
    return model
      .rows('compare', 0, 9)
      .rows.map(({ name, change, bytes, beforeBytes }) => [name, change, beforeBytes, bytes]);
  };
  test('one tree of both, and the other way round', () => {
    const model = compared();
    expect(rows(model)).toEqual([
      ['new', 'added', 0, 20],
      ['d', 'same', 3, 4],
      ['same', 'same', 1, 1],
      ['old', 'removed', 7, 0],
    ]);
    model.swap();
    expect(rows(model)[0]).toEqual(['old', 'added', 0, 7]);
  });
  test.each([
    [true, ['old', 'd', 'same', 'new']],
    [false, ['new', 'same', 'd', 'old']],
  ])('sorted by what the first has, descending %s', (descending, expected) => {
    const model = compared();
    model.show('compare', { ...query, sort: { column: 'before', descending } });
    expect(model.rows('compare', 0, 9).rows.map(({ name }) => name)).toEqual(expected);
  });
  test('the files of a row are of their images', () => {
    const model = compared();
    const { tree } = model.show('compare', query);
    const { node } = model.reveal({ table: 'compare', path: '/d/x' });
    expect(model.files({ table: 'compare', tree, node: node! })).toMatchObject({
      first: { side: 'image', bytes: 3 },
      second: { side: 'other', bytes: 4 },
    });
  });
  test('layers of either image make it anew', () => {
    const model = compared();
    rows(model);
    model.setLayer('other', 0, layerOf({ '/same': 1 }));
    expect(rows(model).map(([name]) => name)).toEqual(['same', 'd', 'old']);
    model.setOther(undefined);
    expect(() => rows(model)).toThrow(ExplorerError);
  });
});

test('waste adds up, window by window', () => {
  const model = modelOf({ '/a': 10, '/b': 20, '/c': 30 }, { '/.wh.a': 0, '/b': 21 }, { '/.wh.c': 0 });
  const figures = model.wasteFigures();
  expect(figures).toMatchObject({ shippedBytes: 81, finalBytes: 21, wastedBytes: 60, complete: true });
  expect(figures.causes).toEqual([
    { cause: 'deleted', bytes: 40, findings: 2 },
    { cause: 'overwritten', bytes: 20, findings: 1 },
  ]);
  expect(model.waste(0, 2)).toMatchObject({ total: 3, rows: [{ path: '/c' }, { path: '/b' }] });
  expect(model.waste(2, 9).rows.map(({ path }) => path)).toEqual(['/a']);
  expect(model.waste(9, 9).rows).toEqual([]);
});

test('dive is not asked before all layers are there', () => {
  const model = new ExplorerModel({ source: 'archive', info: infoOf(2) });
  model.setLayer('image', 0, layerOf({ '/a': 1 }));
  expect(model.wasteFigures()).toMatchObject({ complete: false });
  expect(model.wasteFigures().dive).toBeUndefined();
  model.setLayer('image', 1, layerOf({ '/a': 1 }));
  expect(model.wasteFigures().dive).toBeDefined();
});

test('a treemap knows the way to where it is zoomed', () => {
  const model = modelOf({ '/usr/lib/x': 9 });
  const { tree } = model.show('files', query);
  const { node } = model.reveal({ table: 'files', path: '/usr/lib' });
  const map = model.treemap({ table: 'files', tree, node: node! }, 300, 200, 100);
  expect(map.path.map(({ name }) => name)).toEqual(['/', 'usr', 'lib']);
  expect(map.cells.map(({ name }) => name)).toEqual(['x']);
});

describe('export', () => {
  const model = modelOf(
    { '/=cmd|x': 10, '/a,"b"': 5, '/<script>': 7 },
    { '/.wh.=cmd|x': 0, '/.wh.a,"b"': 0, '/.wh.<script>': 0 },
  );
  test('JSON is the report', () => {
    const report = JSON.parse(model.exportText('json', [{ code: 'limit', message: 'Too much.' }], undefined)) as object;
    expect(report).toMatchObject({
      schema: 1,
      reference: 'made:1',
      totals: { wastedBytes: 22 },
      problems: [{ code: 'limit' }],
    });
  });
  test('CSV keeps names in their cells, and formulas out of spreadsheets', () => {
    const lines = model.exportText('csv', [], undefined).split('\r\n');
    expect(lines[0]).toBe('section,kind,path,bytes,entries,layer,byLayer,line');
    expect(lines).toContain('waste,deleted,"/a,""b""",5,,0,1,');
  });
  test('Markdown shows names as they are', () => {
    const text = model.exportText('markdown', [], undefined);
    expect(text).toContain('/\\<script\\>');
    expect(text).toContain('/=cmd\\|x');
    expect(text).not.toContain('<script>');
  });
});
