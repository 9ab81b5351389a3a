import { describe, expect, test } from 'vitest';
import { ExplorerModel, type TableName } from '../../../src/core/explorer/model.ts';
import type { SortColumn } from '../../../src/core/explorer/query.ts';
import type { ImageInfo } from '../../../src/core/image/image.ts';
import { emptyConfig } from '../../helpers/historyFixture.ts';
import { indexMembers } from '../../helpers/randomLayers.ts';
import type { Member } from '../../helpers/tar.ts';

const members: Member[] = [
  { name: 'root-file', content: 1, uid: 0, gid: 0, mode: 0o600, mtime: 300 },
  { name: 'user-file', content: 1, uid: 1000, gid: 5, mode: 0o4755, mtime: 100 },
  { name: 'group-file', content: 1, uid: 1000, gid: 7, mode: 0o644, mtime: 200 },
  { name: 'link', type: '2', link: 'root-file', uid: 33, gid: 0, mode: 0o777, mtime: 400 },
  // Its directory has no entry, and so no attributes.
  { name: 'implied/file', content: 1, uid: 2000, gid: 0, mode: 0o640, mtime: 500 },
];
const info: ImageInfo = {
  platform: 'linux/amd64',
  imageId: '',
  layers: [{ index: 0 }],
  history: [],
  config: emptyConfig,
};

/** The image by itself, and as the second of two, of which the first is empty. */
function modelOf(): ExplorerModel {
  const model = new ExplorerModel({ source: 'archive', info });
  model.setOther({ source: 'archive', info });
  model.setLayer('image', 0, indexMembers(members));
  model.setLayer('other', 0, indexMembers([]));
  model.swap();
  return model;
}

describe.each<TableName>(['files', 'compare'])('in %s', (table) => {
  test.each<[SortColumn, string[]]>([
    ['owner', ['implied', 'root-file', 'link', 'user-file', 'group-file']],
    ['mode', ['implied', 'root-file', 'group-file', 'link', 'user-file']],
    ['modified', ['implied', 'user-file', 'group-file', 'root-file', 'link']],
  ])('sorted by %s; what no layer names stands first', (column, expected) => {
    const model = modelOf();
    const names = (descending: boolean): string[] => {
      model.show(table, { scope: { kind: 'image' }, sort: { column, descending }, filter: {} });
      return model.rows(table, 0, 9).rows.map(({ name }) => name);
    };
    expect(names(false)).toEqual(expected);
    expect(names(true)).toEqual(expected.toReversed());
  });
  test('a row tells its owner, mode, time and where a link leads', () => {
    const model = modelOf();
    model.show(table, { scope: { kind: 'image' }, sort: { column: 'name', descending: false }, filter: {} });
    const rows = model
      .rows(table, 0, 9)
      .rows.map(({ name, uid, gid, mode, modified, link }) => [name, ...[uid, gid, mode, modified, link]]);
    expect(rows).toContainEqual(['user-file', 1000, 5, 0o4755, 100, undefined]);
    expect(rows).toContainEqual(['link', 33, 0, 0o777, 400, 'root-file']);
    expect(rows).toContainEqual(['implied', undefined, undefined, undefined, undefined, undefined]);
  });
});
