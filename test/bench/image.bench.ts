/**
 * `node test/bench/image.bench.ts`: header pass, index, stack, waste and dive's figures over generated images of 82,000 and
 * 1,000,000 entries, beside a pass that does nothing but step from header to header over the same bytes.
 */
import { diveFigures } from '../../src/core/image/dive.ts';
import { LayerIndexer } from '../../src/core/image/indexer.ts';
import type { LayerIndex } from '../../src/core/image/layerIndex.ts';
import { decodeLayerIndex, encodeLayerIndex } from '../../src/core/image/serialize.ts';
import { stackLayers } from '../../src/core/image/stack.ts';
import { wasteRows } from '../../src/core/image/waste.ts';
import { header, octal, paxHeader } from '../helpers/tar.ts';

interface Scale {
  readonly entries: number;
  readonly layers: number;
  readonly whiteouts: number;
}

/** Contents are claimed and skipped, never made: what is timed is headers. */
interface HeaderLayer {
  readonly headers: Uint8Array;
}

const FILE_BYTES = 20_000;

function generate({ entries, layers, whiteouts }: Scale): HeaderLayer[] {
  const perLayer = Math.floor((entries - whiteouts) / layers);
  const whiteoutsPerLayer = Math.floor(whiteouts / Math.max(1, layers - 1));
  return Array.from({ length: layers }, (_, layer) => {
    const blocks: Uint8Array[] = [];
    for (let i = 0; i < perLayer; i++) {
      // A tenth of each layer writes over the first one; directories hold 40 files and lie up to 8 deep.
      const owner = layer > 0 && i % 10 === 0 ? 0 : layer;
      const group = Math.floor(i / 41);
      const directory = `usr/lib/package-${owner}-${group % 97}/node_modules/module-${group}/src`;
      if (i % 41 === 0 && owner === layer) blocks.push(header({ name: `${directory}/`, type: '5' }));
      else if (i % 1000 === 7)
        blocks.push(
          ...paxHeader({ path: `${directory}/${'long-name-'.repeat(12)}${i}`, mtime: '1700000000.25' }),
          fileHeader('x'),
        );
      else blocks.push(fileHeader(`${directory}/component-${i}.js`));
    }
    for (let i = 0; layer > 0 && i < whiteoutsPerLayer; i++) {
      const group = layer * whiteoutsPerLayer + i;
      const below = layer - 1;
      blocks.push(
        header({
          name: `usr/lib/package-${below}-${group % 97}/node_modules/.wh.module-${group % Math.ceil(perLayer / 41)}`,
        }),
      );
    }
    blocks.push(new Uint8Array(1024));
    const headers = new Uint8Array(blocks.length * 512 + 512);
    let at = 0;
    for (const block of blocks) {
      headers.set(block, at);
      at += block.length;
    }
    return { headers: headers.subarray(0, at) };
  });
}

function fileHeader(name: string): Uint8Array {
  return header({ name, size: octal(FILE_BYTES, 12), mode: '0000644\0', uid: '0000000\0' });
}

/** What the limit is: read each header's size and step on, as a seekable source does. */
function bareHeaderPass({ headers }: HeaderLayer): number {
  let count = 0;
  for (let at = 0; at < headers.length; at += 512) {
    let size = 0;
    for (let i = at + 124; i < at + 135; i++) size = size * 8 + (headers[i]! & 7);
    const type = headers[at + 156]!;
    if (type === 0x78) at += 512 * Math.ceil(size / 512);
    else if (headers[at] !== 0) count++;
  }
  return count;
}

function index({ headers }: HeaderLayer): LayerIndex {
  const indexer = new LayerIndexer();
  const slice = 65_536;
  for (let at = 0; at < headers.length;) {
    if (indexer.skip > 0 && indexer.skip !== Infinity && indexer.skip >= FILE_BYTES) {
      indexer.skipped(indexer.skip);
      continue;
    }
    // One header at a time, as between two seeks; extended headers and the end come in larger slices.
    const end = Math.min(at + (indexer.skip === 0 ? 512 : slice), headers.length);
    indexer.push(headers.subarray(at, end));
    at = end;
  }
  return indexer.finish().index;
}

/** Prints wall time and, for busy machines, the time that all threads of this process spent. */
function timed<T>(name: string, work: () => T): T {
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  const result = work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuStart);
  console.log(
    `  ${name.padEnd(20)}${wall.toFixed(1).padStart(9)} ms ${((user + system) / 1000).toFixed(1).padStart(9)} ms of CPU`,
  );
  return result;
}

for (const scale of [
  { entries: 82_000, layers: 8, whiteouts: 400 },
  { entries: 1_000_000, layers: 21, whiteouts: 10_000 },
]) {
  const layers = generate(scale);
  const headerBytes = layers.reduce((sum, layer) => sum + layer.headers.length, 0);
  console.log(
    `${scale.entries} entries, ${scale.layers} layers, ${scale.whiteouts} whiteouts (${(headerBytes / 1e6).toFixed(0)} MB of headers)`,
  );
  const before = process.memoryUsage();
  timed('bare header pass', () => layers.reduce((sum, layer) => sum + bareHeaderPass(layer), 0));
  const indexes = timed('index', () => layers.map(index));
  const stored = timed('encode', () => indexes.map(encodeLayerIndex));
  timed('decode', () => stored.forEach((bytes) => decodeLayerIndex(bytes)));
  const tree = timed('stack', () => stackLayers(indexes));
  const rows = timed('waste, top 100', () => wasteRows(tree, { top: 100 }));
  timed('waste, all rows', () => wasteRows(tree));
  const dive = timed('dive figures', () => diveFigures(indexes));
  const after = process.memoryUsage();
  const indexBytes = stored.reduce((sum, bytes) => sum + bytes.length, 0);
  const columns: unknown[] = Object.values(tree);
  const treeBytes = columns.reduce<number>(
    (sum, column) => sum + (ArrayBuffer.isView(column) ? column.byteLength : 0),
    0,
  );
  const count = indexes.reduce((sum, layer) => sum + layer.count, 0);
  console.log(
    `  ${count} entries, ${tree.paths.count} paths, ${tree.losses.count} losses, ${rows.length} rows, final ${tree.finalBytes} B`,
  );
  console.log(
    `  indexes ${(indexBytes / 1e6).toFixed(1)} MB, tree ${(treeBytes / 1e6).toFixed(1)} MB, array buffers +${((after.arrayBuffers - before.arrayBuffers) / 1e6).toFixed(0)} MB, dive ${dive.efficiency.toFixed(4)} ${dive.wastedBytes} B`,
  );
}
console.log(`peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB, the generated headers included`);
