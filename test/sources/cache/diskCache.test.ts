import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskCache } from '../../../src/sources/cache/diskCache.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-cache-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A cache without a memory, so that every answer comes from the disk. */
function diskOnly(options: { maxBytes?: number; now?: () => number } = {}) {
  return new DiskCache({ folder: join(folder, 'made', 'late'), memoryBytes: 0, ...options });
}

async function files(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function bytes(length: number, fill = 1): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

test('what was set is there, for the next process as well', async () => {
  expect(await diskOnly().get('key')).toBeUndefined();
  expect(await diskOnly().set('key', bytes(100_000, 7))).toBe(true);
  expect(await diskOnly().get('key')).toEqual(bytes(100_000, 7));
  expect(await diskOnly().get('other')).toBeUndefined();
  await diskOnly().delete('key');
  expect(await diskOnly().get('key')).toBeUndefined();
});

test.each(['', 'é', 'a/../../b', 'x'.repeat(10_000)])(
  'key %j, and a value that typed arrays can look at',
  async (key) => {
    await diskOnly().set(key, new Uint8Array(new Float64Array([1.5, -2]).buffer));
    const value = (await diskOnly().get(key))!;
    expect([...new Float64Array(value.buffer, value.byteOffset, 2)]).toEqual([1.5, -2]);
  },
);

test('an empty value is a value', async () => {
  await diskOnly().set('key', new Uint8Array());
  expect(await diskOnly().get('key')).toEqual(new Uint8Array());
});

test('nobody else may read the files', async () => {
  await diskOnly().set('key', bytes(10));
  expect((await stat((await files())[0]!)).mode & 0o077).toBe(0);
});

/** Ways in which a file on disk goes bad; all of them are a miss, and the file goes. */
const damages: Record<string, (path: string) => Promise<void>> = {
  'cut short': (path) => truncate(path, 50),
  empty: (path) => truncate(path, 0),
  'one bit in the value': (path) => flip(path, -1),
  'one bit in the key': (path) => flip(path, 24),
  'one bit in the checksum': (path) => flip(path, 12),
  'another version': (path) => flip(path, 8),
  'no entry at all': (path) => writeFile(path, 'hello'),
  'bytes behind its end': async (path) => writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(8)])),
};

async function flip(path: string, at: number): Promise<void> {
  const content = await readFile(path);
  content[at < 0 ? content.length + at : at]! ^= 1;
  await writeFile(path, content);
}

test.each(Object.entries(damages))('a broken entry, %s, is a miss and goes', async (_, damage) => {
  await diskOnly().set('key', bytes(1000));
  await damage((await files())[0]!);
  expect(await diskOnly().get('key')).toBeUndefined();
  expect(await files()).toEqual([]);
  expect(await diskOnly().set('key', bytes(3))).toBe(true);
  expect(await diskOnly().get('key')).toEqual(bytes(3));
});

test('an entry that lies where another one should be is a miss', async () => {
  await diskOnly().set('a', bytes(10));
  const [first] = await files();
  await diskOnly().set('b', bytes(20));
  const second = (await files()).find((path) => path !== first)!;
  await writeFile(second, await readFile(first!));
  expect(await diskOnly().get('b')).toBeUndefined();
  expect(await diskOnly().get('a')).toEqual(bytes(10));
});

test('beyond its limit the least recently used go first', async () => {
  const cache = diskOnly({ maxBytes: 10_000 });
  const old = Date.now() / 1000 - 10 * 86_400;
  for (const [index, key] of ['a', 'b', 'c', 'd'].entries()) {
    const before = await files();
    await cache.set(key, bytes(2200));
    const added = (await files()).find((path) => !before.includes(path))!;
    await utimes(added, old + index, old + index);
  }
  await cache.get('a'); // Used now, so `b` is the oldest.
  await cache.set('e', bytes(2200));
  const kept = [];
  for (const key of ['a', 'b', 'c', 'd', 'e']) if (await cache.get(key)) kept.push(key);
  expect(kept).toEqual(['a', 'd', 'e']);
  const sizes = await Promise.all((await files()).map((path) => stat(path)));
  expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(8000);
});

test('a value beyond the limit is not stored', async () => {
  const cache = diskOnly({ maxBytes: 1000 });
  expect(await cache.set('key', bytes(1001))).toBe(false);
  expect(await files()).toEqual([]);
});

test('temporary files of a process that died go, young ones stay', async () => {
  await diskOnly().set('a', bytes(10));
  const group = join((await files())[0]!, '..');
  await writeFile(join(group, 'dead.tmp'), 'x');
  await utimes(join(group, 'dead.tmp'), 1, 1);
  await writeFile(join(group, 'alive.tmp'), 'x');
  await diskOnly().set('b', bytes(10));
  const left = (await files()).map((path) => path.slice(group.length + 1));
  expect(left).toContain('alive.tmp');
  expect(left).not.toContain('dead.tmp');
});

test('where there is no folder to be made it works as far as its memory goes', async () => {
  await writeFile(join(folder, 'made'), 'a file in the way');
  const cache = new DiskCache({ folder: join(folder, 'made', 'late') });
  expect(await cache.set('key', bytes(10))).toBe(false);
  expect(await cache.get('key')).toEqual(bytes(10));
  expect(await cache.get('other')).toBeUndefined();
  await cache.delete('key');
  expect(await cache.get('key')).toBeUndefined();
});

test('a full disk: nothing half-written is left', async () => {
  // A directory in the place of the entry makes the rename fail as late as it can.
  await diskOnly().set('key', bytes(10));
  const [path] = await files();
  await rm(path!);
  await mkdir(join(path!, 'in the way'), { recursive: true });
  expect(await diskOnly().set('key', bytes(10))).toBe(false);
  expect(await files()).toEqual([]);
});

test('many writers and readers at once: each reader sees a whole value or none', async () => {
  const caches = [diskOnly({ maxBytes: 200_000 }), diskOnly({ maxBytes: 200_000 }), diskOnly({ maxBytes: 200_000 })];
  const rounds = Array.from({ length: 90 }, async (_, round) => {
    const cache = caches[round % 3]!;
    const key = `key ${round % 7}`;
    await cache.set(key, bytes(1000 * (1 + (round % 40)), round));
    const value = await cache.get(key);
    if (value) expect(new Set(value).size).toBe(1);
  });
  await Promise.all(rounds);
  expect((await files()).filter((path) => path.endsWith('.tmp'))).toEqual([]);
});

test.each(['Uint8Array', 'Buffer'])('values belong to whoever got them: %s', async (kind) => {
  const cache = new DiskCache({ folder });
  const mine = kind === 'Buffer' ? Buffer.alloc(10, 1) : bytes(10);
  await cache.set('key', mine);
  mine.fill(9);
  const first = (await cache.get('key'))!;
  structuredClone(first, { transfer: [first.buffer as ArrayBuffer] });
  expect(await cache.get('key')).toEqual(bytes(10));
});

test('small values are answered from memory, within its bound', async () => {
  const cache = new DiskCache({ folder, memoryBytes: 16_000 });
  await cache.set('key', bytes(100));
  await cache.set('large', bytes(2000));
  await rm(folder, { recursive: true });
  expect(await cache.get('key')).toEqual(bytes(100));
  expect(await cache.get('large')).toBeUndefined();
  for (let i = 0; i < 100; i++) await cache.set(`other ${i}`, bytes(500));
  await rm(folder, { recursive: true });
  expect(await cache.get('key')).toBeUndefined();
  expect(await cache.get('other 99')).toEqual(bytes(500));
});
