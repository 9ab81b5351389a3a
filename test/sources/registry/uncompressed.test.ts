import { randomBytes } from 'node:crypto';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endBytes, uncompressedBytes } from '../../../src/sources/registry/uncompressed.ts';
import { makeLayer, tarOf, type Compression } from '../../helpers/ociImage.ts';

function told(blob: Uint8Array): number | undefined {
  return uncompressedBytes({ head: blob.subarray(0, endBytes), tail: blob.subarray(-endBytes), size: blob.length });
}

const random = tarOf({ blob: randomBytes(200_000) });
const text = tarOf({ text: 'the same line again and again\n'.repeat(100_000) });

const cases: Record<string, { blob: Uint8Array; bytes: number | undefined }> = {
  'gzip of what does not compress': { blob: gzipSync(random), bytes: random.length },
  'gzip that stores only': { blob: gzipSync(random, { level: 0 }), bytes: random.length },
  'gzip of what compresses well': { blob: gzipSync(text), bytes: text.length },
  'gzip at its best': { blob: gzipSync(tarOf({ zero: Buffer.alloc(20_000_000) })), bytes: 20_001_792 },
  'gzip of an empty tar': { blob: gzipSync(Buffer.alloc(1024)), bytes: 1024 },
  'gzip of no tar: not a multiple of 512': { blob: gzipSync(randomBytes(100_001)), bytes: undefined },
  'gzip of two members, the second one long': {
    blob: members(random.subarray(0, 512), random.subarray(512)),
    bytes: undefined,
  },
  'gzip of two members, the second one short': { blob: members(random, Buffer.alloc(1024)), bytes: undefined },
  'gzip of two long members': {
    blob: members(random.subarray(0, 102_400), random.subarray(102_400)),
    bytes: undefined,
  },
  eStargz: { blob: layer('estargz'), bytes: undefined },
  zstd: { blob: zstdCompressSync(random), bytes: random.length },
  'zstd of what compresses well': { blob: zstdCompressSync(text), bytes: text.length },
  'zstd of one small segment': { blob: zstdCompressSync(Buffer.alloc(512)), bytes: 512 },
  'zstd without a content size': { blob: layer('zstd-unsized'), bytes: undefined },
  'zstd with its content size left out': {
    blob: zstdCompressSync(random, { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } }),
    bytes: undefined,
  },
  'zstd of two frames': {
    blob: Buffer.concat([zstdCompressSync(random.subarray(0, 51_200)), zstdCompressSync(random.subarray(51_200))]),
    bytes: undefined,
  },
  'zstd with a skippable frame at its end, as zstd:chunked': {
    blob: Buffer.concat([zstdCompressSync(random), skippable(64)]),
    bytes: undefined,
  },
  'zstd with a skippable frame in front': {
    blob: Buffer.concat([skippable(4), zstdCompressSync(random)]),
    bytes: undefined,
  },
  'a plain tar under any media type': { blob: random, bytes: random.length },
  'a plain empty tar': { blob: Buffer.alloc(1024), bytes: 1024 },
  xz: { blob: Buffer.concat([Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), randomBytes(5000)]), bytes: undefined },
  nothing: { blob: new Uint8Array(), bytes: undefined },
  'a cut gzip header': { blob: new Uint8Array([0x1f, 0x8b, 8]), bytes: undefined },
};

test.each(Object.entries(cases))('%s', (_, { blob, bytes }) => {
  expect(told(blob)).toBe(bytes);
});

const GB = 1e9;
const wrap = 2 ** 32;
const mod512 = (bytes: number) => Math.floor(bytes / 512) * 512;

/** Blobs that are too large for a test, by their lengths alone; the ends are those of a gzip stream. */
const large: Record<string, { size: number; length: number; bytes: 'length' | undefined }> = {
  'below 4 GiB, twice as long': { size: 1 * GB, length: mod512(2 * GB), bytes: 'length' },
  'below 4 GiB, many times as long': { size: 0.3 * GB, length: mod512(3.9 * GB), bytes: 'length' },
  'above 4 GiB, and only one value is possible': { size: 2 * GB, length: mod512(5 * GB), bytes: undefined },
  'above 4 GiB, less than twice as long': { size: 4 * GB, length: mod512(4.8 * GB), bytes: undefined },
  'above 4 GiB: the remainder is too small, the next value fits, the one after does not': {
    size: 1.2 * GB,
    length: wrap + mod512(0.9 * GB),
    bytes: 'length',
  },
  'above 4 GiB where several values are plausible': { size: 3 * GB, length: mod512(9 * GB), bytes: undefined },
};

test.each(Object.entries(large))('%s', (_, { size, length, bytes }) => {
  const head = gzipSync(random).subarray(0, endBytes);
  const tail = Buffer.alloc(endBytes, 0x55);
  tail.writeUInt32LE(length % wrap, endBytes - 4);
  expect(uncompressedBytes({ head, tail, size })).toBe(bytes === 'length' ? length : bytes);
});

test('whatever a tar holds and however it is compressed: its length, or nothing', () => {
  const compressions: Compression[] = ['gzip', 'gzip-members', 'estargz', 'zstd', 'zstd-unsized', 'none'];
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 20 }),
      fc.nat(40_000),
      fc.constantFrom(...compressions),
      (files, randomLength, compression) => {
        const entries = files.map((content, index) => [`f${index}`, content] as const);
        const tar = tarOf(Object.fromEntries([...entries, ['r', randomBytes(randomLength)]]));
        const { bytes } = makeLayer({ tar, compression });
        expect([tar.length, undefined]).toContain(told(bytes));
        if (compression === 'gzip' || compression === 'zstd') expect(told(bytes)).toBe(tar.length);
      },
    ),
    { numRuns: 200 },
  );
});

test('arbitrary bytes: a number or nothing, in no time', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom<number[]>([], [0x1f, 0x8b, 8, 0], [0x28, 0xb5, 0x2f, 0xfd]),
      (rest, magic) => {
        const blob = new Uint8Array([...magic, ...rest]);
        const bytes = told(blob);
        if (bytes !== undefined) expect(Number.isSafeInteger(bytes)).toBe(true);
      },
    ),
  );
  // Headers of members as thickly as they fit: each would have to be inflated.
  const hostile = Buffer.concat([
    gzipSync(random).subarray(0, 20),
    Buffer.alloc(60_000, Buffer.from([0x1f, 0x8b, 8, 0])),
  ]);
  expect(told(hostile)).toBeUndefined();
});

function members(...parts: Uint8Array[]): Uint8Array {
  return Buffer.concat(parts.map((part) => gzipSync(part)));
}

function layer(compression: Compression): Uint8Array {
  return makeLayer({ tar: random, compression }).bytes;
}

function skippable(length: number): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a50);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, Buffer.alloc(length)]);
}
