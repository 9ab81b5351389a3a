import { diveFigures } from '../../src/core/image/dive.ts';
import { LayerIndexer } from '../../src/core/image/indexer.ts';
import { isSparse, type LayerIndex } from '../../src/core/image/layerIndex.ts';
import { decodeLayerIndex, encodeLayerIndex } from '../../src/core/image/serialize.ts';
import { stackLayers } from '../../src/core/image/stack.ts';
import { wasteRows } from '../../src/core/image/waste.ts';
import { base256, concat, gnuLong, header, memberBlocks, octal, padded, paxHeader } from './tar.ts';

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const pieces: readonly (() => Uint8Array[])[] = [
  () => memberBlocks({ name: 'usr/bin/tool', content: 'x'.repeat(700) }),
  () => memberBlocks({ name: 'usr/bin/tool', content: 'y', uid: 5 }),
  () => memberBlocks({ name: 'usr/', mode: 0o1777 }),
  () => memberBlocks({ name: 'lib', type: '2', link: 'usr/bin' }),
  () => memberBlocks({ name: 'lib/inside', content: 'z' }),
  () => memberBlocks({ name: 'hard', type: '1', link: 'usr/bin/tool' }),
  () => memberBlocks({ name: 'hard', type: '1', link: 'hard' }),
  () => memberBlocks({ name: 'usr/.wh.bin' }),
  () => memberBlocks({ name: 'usr/.wh..wh..opq' }),
  () => memberBlocks({ name: '.wh..wh.plnk/1', content: 'q' }),
  () => memberBlocks({ name: `${'deep/'.repeat(60)}x` }, 'pax'),
  () => memberBlocks({ name: `${'deep/'.repeat(60)}x` }, 'gnu'),
  () => memberBlocks({ name: 'attributes', pax: { size: '3', mtime: '1.5', 'SCHILY.xattr.user.a': 'b' } }),
  () => paxHeader({ uid: '7', path: 'everything' }, 'g'),
  () => gnuLong('K', Uint8Array.of(0x61, 0x2f, 0x62)),
  () => [
    header({
      type: 'S',
      size: octal(10, 12),
      magic: 'ustar  \0',
      patch: [
        [482, '\x01'],
        [483, octal(99, 12)],
      ],
    }),
    new Uint8Array(512),
    padded(new Uint8Array(10)),
  ],
  () => [header({ size: base256(1n << 62n, 12) })],
  () => [header({ size: base256(-5n, 12) })],
  () => [header({ name: '../../out', type: '5' })],
  () => [new Uint8Array(512)],
];

/** A tar of random members in which random bytes are not what they should be; sometimes no tar at all. */
export function randomTar(random: () => number): Uint8Array {
  const pick = (below: number): number => Math.floor(random() * below);
  if (pick(20) === 0) return Uint8Array.from({ length: pick(3000) }, () => pick(256));
  const bytes = concat(Array.from({ length: pick(12) }, () => pieces[pick(pieces.length)]!()).flat());
  for (let changes = pick(4); changes > 0 && bytes.length > 0; changes--) {
    const at = pick(bytes.length);
    const length = pick(3) === 0 ? pick(24) : 1;
    for (let i = at; i < Math.min(at + length, bytes.length); i++)
      bytes[i] = pick(2) === 0 ? pick(256) : 0x30 + pick(10);
    // Mostly, what was changed has a right checksum: else nothing behind the checksum would ever be reached.
    if (pick(4) > 0) mendChecksum(bytes, at - (at % 512));
  }
  return pick(5) === 0 ? bytes.subarray(0, pick(bytes.length + 1)) : bytes;
}

function mendChecksum(bytes: Uint8Array, at: number): void {
  bytes.fill(0x20, at + 148, at + 156);
  const sum = bytes.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
  bytes.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), at + 148);
}

/**
 * Reads layers in random slices, skipping at random, and stacks them. Throws where one of the promises is broken: never an
 * exception; the same index whatever the slices; every column in range; sizes no larger than the tar holds or declares
 * sparse; losses that add up.
 */
export function checkLayers(tars: readonly Uint8Array[], random: () => number): void {
  const indexes = tars.map((bytes) => {
    const whole = new LayerIndexer();
    whole.push(bytes);
    const { index, problems } = whole.finish();
    const stored = encodeLayerIndex(index);
    if (decodeLayerIndex(stored) === undefined) throw new Error('a column is out of range');
    const sliced = indexInSlices(bytes, random);
    if (!sameBytes(encodeLayerIndex(sliced), stored)) throw new Error('slices change the index');
    if (index.tarBytes !== bytes.length) throw new Error('the length of the tar is wrong');
    if (problems.length > 102) throw new Error('too many problems');
    checkSizes(index, bytes.length);
    return index;
  });
  const tree = stackLayers(indexes);
  const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
  const wasted = sum(tree.wastedBytes);
  if (sum(tree.fileBytes) !== tree.finalBytes + wasted) throw new Error('bytes do not add up');
  if (sum(wasteRows(tree).map((row) => row.bytes)) !== wasted) throw new Error('rows do not add up');
  const { efficiency } = diveFigures(indexes);
  if (!Number.isFinite(efficiency)) throw new Error('a figure is no number');
}

function indexInSlices(bytes: Uint8Array, random: () => number): LayerIndex {
  const indexer = new LayerIndexer();
  for (let at = 0; at < bytes.length;) {
    let count = Math.min(1 + Math.floor(random() * 1500), bytes.length - at);
    if (indexer.skip > 0 && random() < 0.5) {
      count = Math.min(count, indexer.skip);
      indexer.skipped(count);
    } else {
      indexer.push(bytes.subarray(at, at + count));
    }
    at += count;
  }
  return indexer.finish().index;
}

function checkSizes(index: LayerIndex, tarBytes: number): void {
  let stored = 0;
  for (let entry = 0; entry < index.count; entry++) if (!isSparse(index, entry)) stored += index.size[entry]!;
  for (const bytes of index.sparse.storedBytes) stored += bytes;
  if (stored > tarBytes) throw new Error('sizes are larger than the tar');
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
