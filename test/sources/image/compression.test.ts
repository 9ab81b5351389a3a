import fc from 'fast-check';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gather } from '../../../src/sources/image/chunks.ts';
import { compressionOf, decompress, unpacked } from '../../../src/sources/image/compression.ts';
import { LayerError } from '../../../src/sources/image/layerError.ts';

const text = Buffer.from('All work and no play makes a long layer. '.repeat(2000));
const noise = Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 31) ^ (at >> 3)));

function zstd(bytes: Uint8Array, parameters: Record<number, number | boolean> = {}): Buffer {
  return zstdCompressSync(bytes, { params: parameters });
}

/** A frame that means nothing (RFC 8878, section 3.1.2): seekable formats keep their tables in them. */
function skippable(length: number): Buffer {
  const head = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, Buffer.alloc(length, 0x28)]);
}

/** A frame without its content's length, of a raw and a run-length block. */
function unsized(): Buffer {
  const raw = Buffer.alloc(3);
  raw.writeUIntLE(4 << 3, 0, 3);
  const run = Buffer.alloc(3);
  run.writeUIntLE((1000 << 3) | 2 | 1, 0, 3);
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58]),
    raw,
    Buffer.from('raw!'),
    run,
    Buffer.from('z'),
  ]);
}

const streams: Readonly<Record<string, readonly [stored: Buffer, content: Buffer]>> = {
  gzip: [gzipSync(text), text],
  'gzip of several members': [
    Buffer.concat([gzipSync(text), gzipSync(noise), gzipSync('')]),
    Buffer.concat([text, noise]),
  ],
  'gzip with zeros after it': [Buffer.concat([gzipSync(text), Buffer.alloc(700)]), text],
  zstd: [zstd(text), text],
  'zstd of several frames': [Buffer.concat([zstd(text), zstd(noise), zstd(text)]), Buffer.concat([text, noise, text])],
  'zstd with checksums': [
    Buffer.concat([
      zstd(text, { [constants.ZSTD_c_checksumFlag]: 1 }),
      zstd(noise, { [constants.ZSTD_c_checksumFlag]: 1 }),
    ]),
    Buffer.concat([text, noise]),
  ],
  'zstd without content sizes': [
    Buffer.concat([unsized(), zstd(text, { [constants.ZSTD_c_contentSizeFlag]: 0 }), unsized()]),
    Buffer.concat([Buffer.from('raw!'), Buffer.alloc(1000, 'z'), text, Buffer.from('raw!'), Buffer.alloc(1000, 'z')]),
  ],
  'zstd with skippable frames': [
    Buffer.concat([skippable(9), zstd(text), skippable(0), skippable(70), zstd(noise), skippable(5)]),
    Buffer.concat([text, noise]),
  ],
  'zstd of an empty frame': [Buffer.concat([zstd(Buffer.alloc(0)), zstd(noise)]), noise],
};

async function* slices(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield Promise.resolve(bytes.subarray(at, at + size));
}

describe('unpacked', () => {
  for (const [title, [stored, content]] of Object.entries(streams)) {
    it.each([1, 2, 3, 7, 64, 1000, 1 << 20])(`${title}, in slices of %i`, async (size) => {
      expect(Buffer.compare(await gather(unpacked(slices(stored, size))), content)).toBe(0);
    });
  }

  it('any frames in any slices', async () => {
    const frame = fc.oneof(
      fc.uint8Array({ maxLength: 5000 }).map((bytes) => [zstd(bytes), Buffer.from(bytes)] as const),
      fc.nat(300).map((length) => [skippable(length), Buffer.alloc(0)] as const),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 9000 }),
        async (frames, size) => {
          const stored = Buffer.concat(frames.map(([bytes]) => bytes));
          const content = Buffer.concat(frames.map(([, bytes]) => bytes));
          expect(Buffer.compare(await gather(decompress(slices(stored, size), 'zstd')), content)).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a large frame between small ones', async () => {
    const large = Buffer.alloc(3_000_000, text);
    const stored = Buffer.concat([zstd(noise), zstd(large), zstd(noise)]);
    const content = Buffer.concat([noise, large, noise]);
    expect(Buffer.compare(await gather(unpacked(slices(stored, 5000))), content)).toBe(0);
  });

  it('ends its source when it is left early', async () => {
    let ended = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield* slices(gzipSync(noise), 100);
      } finally {
        ended = true;
      }
    }
    for await (const chunk of unpacked(source())) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => ended).toBe(true);
  });

  it.each<[string, Buffer, string]>([
    ['gzip that was cut', gzipSync(noise).subarray(0, 900), 'truncated'],
    ['zstd that was cut', zstd(noise).subarray(0, 900), 'truncated'],
    ['zstd that was cut in a header', Buffer.concat([zstd(noise), zstd(noise).subarray(0, 6)]), 'truncated'],
    ['gzip with a flipped bit', flipped(gzipSync(noise), 800), 'corrupt-compression'],
    [
      'zstd followed by something else',
      Buffer.concat([zstd(noise), Buffer.from('what is this')]),
      'corrupt-compression',
    ],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 1, 2]), 'unknown-compression'],
    ['bzip2', Buffer.from('BZh91AY&SY'), 'unknown-compression'],
  ])('%s', async (_, stored, code) => {
    const error: unknown = await gather(unpacked(slices(stored, 100))).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LayerError);
    expect((error as LayerError).code).toBe(code);
  });

  it('passes on what the source throws', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield* slices(gzipSync(noise), 500);
      throw new Error('the line is dead');
    }
    await expect(gather(unpacked(source()))).rejects.toThrow('the line is dead');
  });
});

describe('compressionOf', () => {
  it.each<[string, number[], unknown]>([
    ['nothing', [], { kind: 'none' }],
    ['a name of a tar', [...Buffer.from('etc/pa')], { kind: 'none' }],
    ['gzip', [0x1f, 0x8b, 8, 0], { kind: 'gzip' }],
    ['a skippable frame', [0x5f, 0x2a, 0x4d, 0x18], { kind: 'zstd' }],
  ])('%s', (_, head, expected) => {
    expect(compressionOf(Uint8Array.from(head))).toEqual(expected);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0x10;
  return copy;
}
