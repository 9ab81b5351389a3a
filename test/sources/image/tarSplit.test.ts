import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeLayerIndex } from '../../../src/core/image/serialize.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import type { IndexedLayer } from '../../../src/sources/image/jobs.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';
import { tar, type Member } from '../../helpers/tar.ts';
import { indexOf } from './contract.ts';

const indexing = indexInProcess();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

let count = 0;

async function indexed(bytes: Uint8Array, signal = new AbortController().signal): Promise<IndexedLayer> {
  const file = path.join(folder.path, `${count++}.tar-split.json.gz`);
  await writeFile(file, bytes);
  try {
    const range = { form: 'tar-split', path: file, start: 0, length: bytes.length } as const;
    return await indexing.indexLayer(range, {}, () => undefined, signal);
  } finally {
    await rm(file);
  }
}

const gzipped = (...lines: string[]): Uint8Array => gzipSync(lines.map((line) => `${line}\n`).join(''));
const segment = (bytes: Uint8Array): string =>
  JSON.stringify({ type: 2, payload: Buffer.from(bytes).toString('base64'), position: 0 });
const file = (size: number): string => JSON.stringify({ type: 1, name: 'é\u0000', size, payload: null, position: 1 });

/** Cuts a tar as tar-split does: what lies between two contents is a segment, in pieces of any size. */
function split(bytes: Uint8Array, pieces: number): string[] {
  const index = indexOf(bytes);
  const lines: string[] = [];
  let from = 0;
  const segments = (end: number): void => {
    for (let at = from; at < end; at += pieces) lines.push(segment(bytes.subarray(at, Math.min(at + pieces, end))));
  };
  for (let entry = 0; entry < index.count; entry++) {
    if (index.size[entry] === 0) continue;
    segments(index.offset[entry]!);
    lines.push(file(index.size[entry]!));
    from = index.offset[entry]! + index.size[entry]!;
  }
  segments(bytes.length);
  return lines;
}

const members: Member[] = [
  { name: 'a/' },
  { name: 'a/exact', content: 512 },
  { name: 'a/odd', content: 700 },
  { name: 'a/empty', content: '' },
  { name: `${'long/'.repeat(40)}name`, content: 'x', xattrs: { 'user.x': 'y' } },
  { name: 'link', type: '2', link: 'a/odd' },
];

describe('the index is that of the tar', () => {
  test.each([1, 100, 512, 5000])('in segments of %s bytes', async (pieces) => {
    const bytes = tar(members);
    const { index, problems } = await indexed(gzipped(...split(bytes, pieces)));
    expect(problems).toEqual([]);
    expect(encodeLayerIndex(index)).toEqual(encodeLayerIndex(indexOf(bytes)));
  });

  test('with fields in another order, and segments without payload', async () => {
    const bytes = tar(members);
    const lines = split(bytes, 512).map((line) => {
      const { type, ...rest } = JSON.parse(line) as { type: number };
      return JSON.stringify({ ...rest, type });
    });
    const { index } = await indexed(gzipped(...lines, '{"type":2,"position":9}', '{"payload":null,"type":2}', ''));
    expect(encodeLayerIndex(index)).toEqual(encodeLayerIndex(indexOf(bytes)));
  });
});

const oneFile = tar([{ name: 'a', content: 700 }]);
const header = oneFile.subarray(0, 512);
const rest = oneFile.subarray(512 + 700);

test.each<[title: string, bytes: Uint8Array]>([
  ['no gzip', Buffer.from('{"type":2}')],
  ['cut off gzip', gzipped(...split(oneFile, 512)).subarray(0, 60)],
  ['no JSON', gzipped('no')],
  ['another type', gzipped('{"type":3}')],
  ['a negative length', gzipped(segment(header), file(-1))],
  ['a length that is a text', gzipped(segment(header), '{"type":1,"size":"700"}')],
  ['a content that is longer than its header says', gzipped(segment(header), file(701 + 400), segment(rest))],
  ['a content that is shorter, as of sparse files', gzipped(segment(header), file(100), segment(rest))],
  ['a content that is missing', gzipped(segment(header), segment(rest))],
  ['a content without a header', gzipped(file(700))],
  ['a header that is no header', gzipped(segment(new Uint8Array(512).fill(7)))],
  ['a last line that does not end', gzipSync(`${segment(header)}\n{"type":1,`)],
])('is refused, so that the layer is exported: %s', async (_title, bytes) => {
  await expect(indexed(bytes)).rejects.toMatchObject({ name: 'LayerError' });
});

test('is cancelled', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(indexed(gzipped(...split(oneFile, 512)), signal)).rejects.toThrow('enough');
});
