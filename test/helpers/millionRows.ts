import type { Row, RowWindow, TableSummary } from '../../src/core/explorer/rows.ts';
import { type ExplorerHost, limits } from '../../src/protocol/explorer.ts';

const rowCount = 1_000_000;

const summary: TableSummary = {
  revision: 1,
  tree: 1,
  rowCount,
  matches: rowCount,
  matchedBytes: rowCount * 1000,
  totalBytes: rowCount * 1000,
  wastedBytes: 0,
  removedBytes: 0,
};

/** The answers of a host whose files are a million, without having them: rows are made as they are asked for. */
export const millionRows: Pick<ExplorerHost, 'show' | 'rows' | 'openPaths' | 'pathOf' | 'reveal'> = {
  show: () => Promise.resolve(summary),
  reveal: () => Promise.resolve(summary),
  openPaths: () => Promise.resolve({ paths: [] }),
  pathOf: ({ node }) => Promise.resolve({ path: `/${nameOf(node)}` }),
  rows: ({ from, count }): Promise<RowWindow> => {
    const end = Math.min(from + Math.min(count, limits.rows), rowCount);
    return Promise.resolve({
      revision: 1,
      from,
      rows: Array.from({ length: end - from }, (_, at) => rowAt(from + at)),
    });
  },
};

function nameOf(index: number): string {
  return `file-${String(index).padStart(7, '0')}.js`;
}

function rowAt(index: number): Row {
  return {
    node: index,
    name: nameOf(index),
    kind: 'file',
    level: 1,
    position: index + 1,
    siblings: rowCount,
    bytes: 1000 + (index % 977),
    share: 1 / rowCount,
    wastedBytes: index % 3 === 0 ? 500 : 0,
    removedBytes: 0,
    change: 'added',
    layer: 4,
    uid: 0,
    gid: 0,
    mode: 0o644,
    modified: 1_777_888_000,
    canOpen: true,
  };
}
