import { createHash, randomBytes } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LayerIndexer } from '../../../src/core/image/indexer.ts';
import { indexBeside } from '../../../src/sources/image/besideIndexing.ts';
import { inflateTar } from '../../../src/sources/image/inflateTar.ts';
import type { LayerChecks } from '../../../src/sources/image/jobs.ts';
import { tarOf } from '../../helpers/ociImage.ts';
import { temporaryFolder, type TemporaryFolder } from '../../helpers/temporaryFolder.ts';

const never = new AbortController().signal;
const entry = new URL('../../../src/sources/image/worker.ts', import.meta.url);
/** Of random content, which does not get shorter: several reads long. */
const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`usr/lib/file-${i}`, randomBytes(5_000)]));
const tar = tarOf(files);
const whole = new LayerIndexer();
whole.push(tar);
const expected = whole.finish();

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Some bytes as a part of a file. */
async function stored(...parts: readonly Uint8Array[]) {
  const file = path.join(folder.path, createHash('sha256').update(randomBytes(8)).digest('hex'));
  const bytes = Buffer.concat(parts);
  await writeFile(file, Buffer.concat([Buffer.alloc(100, 1), bytes, Buffer.alloc(100, 2)]));
  return { path: file, start: 100, length: bytes.length };
}

async function indexed(parts: readonly Uint8Array[], checks: LayerChecks = {}) {
  return inflateTar(await stored(...parts), checks, () => undefined, never);
}

function digest(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

describe('a layer on disk that is compressed by gzip', () => {
  it.each([
    ['in one member', [gzipSync(tar)]],
    [
      'in three members',
      [tar.subarray(0, 70_000), tar.subarray(70_000, 70_001), tar.subarray(70_001)].map((part) => gzipSync(part)),
    ],
    [
      'in members that end where a read does',
      [tar.subarray(0, 65_536 - 28), tar.subarray(65_536 - 28)].map((part) => gzipSync(part, { level: 0 })),
    ],
    ['with zeros behind it', [gzipSync(tar), Buffer.alloc(200_000)]],
    ['that is hardly shorter than it was', [gzipSync(tar, { level: 1 })]],
  ])('is read %s', async (_, parts) => {
    expect(await indexed(parts)).toEqual(expected);
  });

  it('that is thousands of times longer than its bytes is read', async () => {
    const long = tarOf({ zeros: new Uint8Array(60_000_000) });
    const { index, problems } = await indexed([gzipSync(long)]);
    expect([index.count, index.size[0], problems]).toEqual([1, 60_000_000, []]);
  });

  it('is compared with both digests', async () => {
    const zipped = gzipSync(tar);
    expect(await indexed([zipped], { digest: digest(zipped), diffId: digest(tar) })).toEqual(expected);
    await expect(indexed([zipped], { digest: digest(tar) })).rejects.toMatchObject({ code: 'wrong-digest' });
    await expect(indexed([zipped], { diffId: digest(zipped) })).rejects.toMatchObject({ code: 'wrong-digest' });
  });

  it('counts what comes behind its end for its digest', async () => {
    const parts = [gzipSync(tar), Buffer.alloc(70_000)];
    expect(await indexed(parts, { digest: digest(Buffer.concat(parts)) })).toEqual(expected);
    await expect(indexed(parts, { digest: digest(parts[0]!) })).rejects.toMatchObject({ code: 'wrong-digest' });
  });

  it('is truncated where it ends too early', async () => {
    const zipped = gzipSync(tar);
    for (const length of [10, 20, 66_000, zipped.length - 1]) {
      await expect(indexed([zipped.subarray(0, length)])).rejects.toMatchObject({ code: 'truncated' });
    }
  });

  it('is truncated where its file ends before the part does', async () => {
    const { path: file, start, length } = await stored(gzipSync(tar));
    await truncate(file, start + length);
    const reading = inflateTar({ path: file, start, length: length + 1_000 }, {}, () => undefined, never);
    await expect(reading).rejects.toMatchObject({ code: 'truncated' });
  });

  it('is corrupt where something else comes behind it', async () => {
    await expect(indexed([gzipSync(tar), Buffer.alloc(1_000, 2)])).rejects.toMatchObject({
      code: 'corrupt-compression',
    });
  });

  it('is corrupt where a byte is another', async () => {
    const zipped = gzipSync(tar);
    for (const at of [3, 100_000, zipped.length - 6]) {
      const damaged = Buffer.from(zipped);
      damaged[at]! ^= 0xff;
      await expect(indexed([damaged])).rejects.toMatchObject({ code: 'corrupt-compression' });
    }
  });

  it('gives other work its turn, tells how far it is, and can be cancelled', async () => {
    const range = await stored(gzipSync(tarOf({ zeros: new Uint8Array(200_000_000) })));
    const cancel = new AbortController();
    const told: number[] = [];
    const reading = inflateTar(
      range,
      {},
      (bytes) => {
        told.push(bytes);
        if (told.length === 2) setImmediate(() => cancel.abort(new Error('enough')));
      },
      cancel.signal,
    );
    await expect(reading).rejects.toThrow('enough');
    expect(told[0]).toBeGreaterThan(0);
    expect(told[1]).toBeGreaterThan(told[0]!);
    expect(told.at(-1)).toBeLessThan(range.length);
  });
});

describe('layers that are inflated at the same time', () => {
  const long = tarOf({ file: randomBytes(5_000_000) });

  it.each([1, 2, 3])('are the same with %i threads', async (size) => {
    await using indexing = indexBeside(entry, size);
    const ranges = await Promise.all([long, tar, long, long].map((each) => stored(gzipSync(each, { level: 1 }))));
    const plain = await stored(tar);
    const results = await Promise.all(
      [...ranges, plain].map((range) => indexing.indexLayer(range, {}, () => undefined, never)),
    );
    expect(results.map(({ index }) => index.count)).toEqual([1, 40, 1, 1, 40]);
    expect(results[4]).toEqual(expected);
  });

  it('use a second thread only while this one inflates', async () => {
    await using indexing = indexBeside(new URL('file:///there/is/none.js'), 2);
    const range = await stored(gzipSync(long, { level: 1 }));
    const read = () => indexing.indexLayer(range, {}, () => undefined, never);
    expect((await read()).index.count).toBe(1);
    expect((await read()).index.count).toBe(1);
    await expect(Promise.all([read(), read()])).rejects.toMatchObject({ code: 'worker-failed' });
  });
});
