import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LayerIndexer } from '../../../src/core/image/indexer.ts';
import type { LayerIndex } from '../../../src/core/image/layerIndex.ts';
import { decodeLayerIndex, encodeLayerIndex, transferables } from '../../../src/core/image/serialize.ts';
import { tar } from '../../helpers/tar.ts';

function indexOf(bytes: Uint8Array): LayerIndex {
  const indexer = new LayerIndexer();
  indexer.push(bytes);
  return indexer.finish().index;
}

const sample = indexOf(
  tar([
    { name: 'usr/', mode: 0o1777, uid: 5, gid: 6 },
    { name: 'usr/bin/x', content: 'content', xattrs: { 'user.a': 'b' } },
    { name: 'usr/bin/y', type: '1', link: 'usr/bin/x' },
    { name: 'l', type: '2', link: 'usr/bin' },
    { name: 'sparse', size: 0, pax: { 'GNU.sparse.realsize': '77', 'GNU.sparse.name': 's' } },
    { name: '.wh.gone' },
    { name: 'early', pax: { mtime: '-3' } },
  ]),
);

describe('a layer index as bytes', () => {
  test.each([
    ['sample', sample],
    ['empty', indexOf(new Uint8Array(0))],
  ])('comes back: %s', (_, index) => {
    expect(decodeLayerIndex(encodeLayerIndex(index))).toEqual(index);
  });
  test('is the same each time', () => {
    expect(encodeLayerIndex(sample)).toEqual(encodeLayerIndex(sample));
  });
  test('is read in place where the bytes are a whole buffer, else from a copy', () => {
    const bytes = encodeLayerIndex(sample);
    expect(decodeLayerIndex(bytes)!.size.buffer).toBe(bytes.buffer);
    for (const shift of [1, 3, 8]) {
      const part = new Uint8Array(bytes.length + shift).subarray(shift);
      part.set(bytes);
      const decoded = decodeLayerIndex(part)!;
      expect(decoded).toEqual(sample);
      expect(decoded.size.buffer).not.toBe(part.buffer);
    }
  });
  test('moves to another thread', () => {
    for (const index of [indexOf(tar([{ name: 'a', content: 'b' }])), decodeLayerIndex(encodeLayerIndex(sample))!]) {
      const before = encodeLayerIndex(index);
      const moved = structuredClone(index, { transfer: transferables(index) });
      expect(encodeLayerIndex(moved)).toEqual(before);
      expect(index.size.length).toBe(0);
    }
  });
});

describe('other bytes', () => {
  const bytes = encodeLayerIndex(sample);
  test('one byte changed, anywhere, is found', () => {
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << (at % 8);
      expect(decodeLayerIndex(damaged), `byte ${at}`).toBeUndefined();
    }
  });
  test('cut or extended anywhere', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(decodeLayerIndex(bytes.slice(0, length))).toBeUndefined();
    expect(decodeLayerIndex(new Uint8Array([...bytes, 0, 0, 0, 0]))).toBeUndefined();
  });
  test('random ones', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (random) => decodeLayerIndex(random) === undefined));
  });
  const unsound: [title: string, change: Partial<LayerIndex>][] = [
    ['a kind that is none', { kind: sample.kind.map(() => 10) }],
    ['a path outside', { path: sample.path.map(() => sample.paths.count) }],
    ['a target outside', { link: sample.link.map(() => 1000) }],
    ['a negative size', { size: sample.size.map(() => -1) }],
    ['a size that is no number', { size: sample.size.map(() => NaN) }],
    ['a time that is no number', { mtime: sample.mtime.map(() => Infinity) }],
    ['a parent that comes later', { paths: { ...sample.paths, parent: sample.paths.parent.map((_, i) => i) } }],
    ['a name outside', { paths: { ...sample.paths, name: sample.paths.name.map(() => 1000) } }],
    [
      'strings that run backwards',
      { strings: { ...sample.strings, offsets: sample.strings.offsets.map((o, i) => (i === 1 ? 999 : o)) } },
    ],
    ['sparse entries outside', { sparse: { entry: Uint32Array.of(99), storedBytes: Float64Array.of(1) } }],
    ['a tar of no length', { tarBytes: NaN }],
  ];
  test.each(unsound)('right checksum, %s', (_, change) => {
    expect(decodeLayerIndex(encodeLayerIndex({ ...sample, ...change }))).toBeUndefined();
  });
});
