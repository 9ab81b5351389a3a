/**
 * `node test/bench/explorer.bench.ts`: what the explorer's page asks of a million entries in twenty layers, in the model
 * itself, beside the pass over all nodes that no answer can do without; a window through the thread and back; then the
 * same in the real VS Code.
 */
import { compareTrees } from '../../src/core/image/compare.ts';
import { LayerIndexer } from '../../src/core/image/indexer.ts';
import type { ImageInfo } from '../../src/core/image/image.ts';
import type { LayerIndex } from '../../src/core/image/layerIndex.ts';
import { ExplorerModel } from '../../src/core/explorer/model.ts';
import { sortColumns, type TableQuery } from '../../src/core/explorer/query.ts';
import { stackLayers } from '../../src/core/image/stack.ts';
import { ExplorerThread } from '../../src/sources/explorer/explorerThread.ts';
import { header, octal } from '../helpers/tar.ts';
import { benchInEditor } from './explorerInEditor.ts';

const layerCount = 20;
const perLayer = 50_000;
const runs = 5;

const query: TableQuery = { scope: { kind: 'image' }, sort: { column: 'size', descending: true }, filter: {} };
const info: ImageInfo = {
  platform: 'linux/amd64',
  imageId: 'sha256:0',
  layers: Array.from({ length: layerCount }, (_, index) => ({ index })),
  history: [],
  config: { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] },
};

/** A tenth of each layer writes over the first one; directories hold 40 files. */
function makeLayer(layer: number): LayerIndex {
  const indexer = new LayerIndexer();
  const skipAll = (): void => {
    if (indexer.skip > 0) indexer.skipped(indexer.skip);
  };
  for (let i = 0; i < perLayer; i++) {
    const owner = i % 10 === 0 ? 0 : layer;
    const group = Math.floor(i / 41);
    const directory = `usr/lib/package-${owner}-${group % 97}/node_modules/module-${group}/`;
    const isDirectory = i % 41 === 0;
    const mixed = (i * 7919) % 100_003;
    const name = isDirectory ? directory : `${directory}component-${mixed % perLayer}.js`;
    indexer.push(
      header({
        name,
        type: isDirectory ? '5' : '0',
        size: octal(isDirectory ? 0 : mixed, 12),
        mtime: octal(1_600_000_000 + mixed, 12),
      }),
    );
    skipAll();
  }
  indexer.push(new Uint8Array(1024));
  return indexer.finish().index;
}

/** Prints the best, the median and the worst of some runs, in milliseconds, beside what is wanted. */
function timed(name: string, wanted: number | undefined, work: (run: number) => unknown): void {
  const times = Array.from({ length: runs }, (_, run) => {
    const start = performance.now();
    work(run);
    return performance.now() - start;
  });
  print(name, wanted, times);
}

function print(name: string, wanted: number | undefined, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const shown = times.length === 1 ? times : [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
  const cells = shown.map((time) => time.toFixed(1).padStart(9));
  console.log(`  ${name.padEnd(50)}${cells.join('')} ms${wanted === undefined ? '' : `   wanted: < ${wanted}`}`);
}

const layers = Array.from({ length: layerCount }, (_, layer) => makeLayer(layer));
const entries = layers.reduce((sum, { count }) => sum + count, 0);
const model = new ExplorerModel({ source: 'archive', info });
layers.forEach((layer, at) => model.setLayer('image', at, layer));
console.log(`${entries} entries, ${layerCount} layers: best, median and worst of ${runs}`);

const start = performance.now();
const first = model.show('files', query);
print('first table: stack, view, sort, layout', undefined, [performance.now() - start]);
const all = model.expand({ table: 'files', tree: first.tree, node: 0 }, true, true);
console.log(`  ${all.rowCount} rows, ${all.totalBytes} B, ${all.wastedBytes} B wasted`);

const { paths } = stackLayers(layers);
timed('bare pass over all nodes', undefined, () => {
  let sum = 0;
  for (let node = 1; node < paths.count; node++) sum += paths.parent[node]!;
  return sum;
});
timed('window of 60 rows', 10, (run) => model.rows('files', (run * 7919 * 61) % all.rowCount, 60));
for (const column of sortColumns) {
  timed(`sort by ${column}`, 500, (run) =>
    model.show('files', { ...query, sort: { column, descending: run % 2 === 0 } }),
  );
}
for (const text of ['c', 'component-1', 'node_modules/module-5', '*.js', '/usr/**/module-1?/*']) {
  timed(`filter ${text}`, 100, (run) =>
    model.show('files', { ...query, filter: run % 2 === 0 ? { text } : { text: `${text}0` } }),
  );
}
timed('filter 50 kB and more', 100, (run) => model.show('files', { ...query, filter: { minBytes: 50_000 + run } }));
timed('filter wasted only', 100, (run) =>
  model.show('files', { ...query, filter: { wastedOnly: true, minBytes: run } }),
);
model.show('files', query);
timed('open or close one directory', 100, (run) =>
  model.expand({ table: 'files', tree: all.tree, node: 5 }, run % 2 === 0, false),
);
timed('another layer', 500, (run) => model.show('files', { ...query, scope: { kind: 'layer', layer: 3 + run } }));
timed('another stack', 500, (run) => model.show('files', { ...query, scope: { kind: 'stack', layer: 3 + run } }));
timed('type-ahead that finds nothing', 100, () => model.find('files', 'zzz', 0));
timed('treemap', 100, () => model.treemap({ table: 'files', tree: all.tree, node: 0 }, 1200, 700, 1200));
timed('waste, first window', undefined, () => model.waste(0, 100));
const compared = stackLayers(layers.slice(0, layerCount - 1));
timed('compare two of a million', undefined, () =>
  compareTrees({ tree: compared, diffIds: [] }, { tree: stackLayers([]), diffIds: [] }),
);

const thread = new ExplorerThread(
  new URL('../../src/sources/explorer/worker.ts', import.meta.url),
  { source: 'archive', info },
  (error) => console.log(error.message),
);
for (const [at, layer] of layers.entries()) await thread.setLayer('image', at, layer);
const shown = await thread.ask('show', ['files', query]);
await thread.ask('expand', [{ table: 'files', tree: shown.tree, node: 0 }, true, true]);
const times: number[] = [];
for (let run = 0; run < 20; run++) {
  const asked = performance.now();
  await thread.ask('rows', ['files', (run * 7919 * 61) % all.rowCount, 60]);
  times.push(performance.now() - asked);
}
print('window of 60 rows, to the thread and back', 10, times);
const { rss, arrayBuffers } = process.memoryUsage();
console.log(`  ${(rss / 1e6).toFixed(0)} MB resident, ${(arrayBuffers / 1e6).toFixed(0)} MB of columns`);
await thread[Symbol.asyncDispose]();
console.log('in VS Code, an archive of a million entries:');
await benchInEditor(print);
