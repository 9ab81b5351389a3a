import { writeFile } from 'node:fs/promises';
import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { LayerIndexer } from '../../../src/core/image/indexer.ts';
import { seekTar } from '../../../src/sources/image/seekTar.ts';
import { type Member, tar } from '../../helpers/tar.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof fs>();
  return { ...original, readSync: vi.fn(original.readSync) };
});

interface Reads {
  readonly count: number;
  readonly bytes: number;
}

/** Indexes members from a file, `shift` bytes into it; gives what was read, once the index is that of the bytes in one piece. */
async function readsFor(members: readonly Member[], shift = 0): Promise<Reads> {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'archive');
  const bytes = tar(members);
  await writeFile(file, Buffer.concat([Buffer.alloc(shift, 1), bytes, Buffer.alloc(512, 2)]));
  const read = vi.mocked(fs.readSync);
  read.mockClear();
  const range = { path: file, start: shift, length: bytes.length };
  const found = await seekTar(range, () => undefined, new AbortController().signal);
  const whole = new LayerIndexer();
  whole.push(bytes);
  expect(found).toEqual(whole.finish());
  const results = read.mock.results.map(({ value }) => value as number);
  return { count: results.length, bytes: results.reduce((sum, each) => sum + each, 0) };
}

function files(count: number, content: number): Member[] {
  return Array.from({ length: count }, (_, i) => ({ name: `usr/lib/file-${i}`, content }));
}

/** Of all headers, so much is content that comes with them: never more than the rest of a page. */
const page = 4096;

describe('what is read of a plain layer', () => {
  test.each([0, 512, 3584, 100])(
    'one read for each large file, none longer than a page (%i bytes into the file)',
    async (shift) => {
      const reads = await readsFor(files(500, 40_000), shift);
      expect(reads.count).toBeLessThanOrEqual(503);
      expect(reads.bytes).toBeLessThan(503 * page);
    },
  );
  test('several headers with one read where files are small', async () => {
    const reads = await readsFor(files(2000, 100));
    expect(reads.count).toBeLessThan(2000 / 8);
  });
  test('longer and longer reads where nothing can be skipped', async () => {
    const reads = await readsFor(files(2000, 0));
    expect(reads.count).toBeLessThan(30);
  });
  test('nothing behind the end', async () => {
    const reads = await readsFor([{ name: 'a', content: 'x' }], 512);
    expect(reads).toEqual({ count: 1, bytes: 2048 });
  });
});

test('other work has its turn, and can end the reading', async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'archive');
  const bytes = tar(files(2000, 5000));
  await writeFile(file, bytes);
  const slow = vi.spyOn(performance, 'now');
  let now = 0;
  slow.mockImplementation(() => (now += 1));
  const stop = new AbortController();
  const progress: number[] = [];
  const reading = seekTar({ path: file, start: 0, length: bytes.length }, (read) => progress.push(read), stop.signal);
  setImmediate(() => stop.abort(new Error('enough')));
  await expect(reading).rejects.toThrow('enough');
  slow.mockRestore();
  expect(progress.length).toBeGreaterThan(0);
  expect(progress.at(-1)).toBeLessThan(bytes.length / 2);
});
