import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteCache } from './byteCache.ts';
import { decodeEntry, encodeEntry, maxValueBytes } from './entry.ts';
import { MemoryCache } from './memoryCache.ts';

export interface DiskCacheOptions {
  /** Made when first needed. Nothing else may live in it. */
  readonly folder: string;
  /** The most that all files together take; default 512 MB. */
  readonly maxBytes?: number;
  /** The most that is also kept in memory, small values only; default 8 MB. */
  readonly memoryBytes?: number;
  readonly now?: () => number;
}

/** After an eviction this part of the limit is in use, so that not every further write evicts. */
const keptPart = 0.8;
/** A use is noted on disk this often at most: notes cost a write each. */
const useNoteMs = 3_600_000;
/** Temporary files of this age belong to a process that died. */
const orphanMs = 3_600_000;

/**
 * A {@link ByteCache} in a folder, one file per entry, which several processes may use at once: entries are written aside
 * and renamed into place, so that a reader sees a whole entry or none. A broken entry is a miss and goes. Without a
 * usable disk it still works, as far as its memory goes.
 */
export class DiskCache implements ByteCache {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #memory: MemoryCache;
  readonly #now: () => number;
  /** Bytes in the folder as last counted, plus what this process has written since. */
  #bytes: number | undefined;
  #evicting: Promise<void> | undefined;

  constructor(options: DiskCacheOptions) {
    this.#folder = options.folder;
    this.#maxBytes = options.maxBytes ?? 512_000_000;
    this.#memory = new MemoryCache(options.memoryBytes ?? 8_000_000);
    this.#now = options.now ?? Date.now;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    const known = this.#memory.get(key);
    if (known) return known;
    const path = this.#pathOf(key);
    const bytes = await orAbsent(readFile(path));
    if (!bytes) return undefined;
    const value = decodeEntry(bytes, key);
    if (!value) {
      await orAbsent(rm(path, { force: true }));
      return undefined;
    }
    this.#memory.set(key, value);
    await this.#noteUse(path);
    return value;
  }

  async set(key: string, value: Uint8Array): Promise<boolean> {
    this.#memory.set(key, value);
    if (value.length > Math.min(this.#maxBytes, maxValueBytes)) return false;
    const path = this.#pathOf(key);
    const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
      await writeParts(temporary, encodeEntry(key, value));
      await rename(temporary, path);
    } catch {
      // A full or read-only disk is a normal state: the caller is told by the answer, and asks its source the next time.
      await orAbsent(rm(temporary, { force: true }));
      return false;
    }
    await this.#grow(value.length);
    return true;
  }

  async delete(key: string): Promise<void> {
    this.#memory.delete(key);
    await orAbsent(rm(this.#pathOf(key), { force: true }));
  }

  /** Keys are hashed: they hold image names, which are no file names. */
  #pathOf(key: string): string {
    const name = createHash('sha256').update(key).digest('hex');
    return join(this.#folder, name.slice(0, 2), name);
  }

  async #noteUse(path: string): Promise<void> {
    const now = this.#now();
    const status = await orAbsent(stat(path));
    if (status && now - status.mtimeMs > useNoteMs) await orAbsent(utimes(path, now / 1000, now / 1000));
  }

  async #grow(bytes: number): Promise<void> {
    if (this.#bytes !== undefined) this.#bytes += bytes;
    if (this.#bytes !== undefined && this.#bytes <= this.#maxBytes) return;
    this.#evicting ??= this.#evict().finally(() => (this.#evicting = undefined));
    await this.#evicting;
  }

  /** Counts anew, because other processes write too, and removes the least recently used beyond the limit. */
  async #evict(): Promise<void> {
    const files = await this.#files();
    files.sort((a, b) => a.mtimeMs - b.mtimeMs);
    let bytes = files.reduce((sum, file) => sum + file.size, 0);
    const target = bytes > this.#maxBytes ? this.#maxBytes * keptPart : this.#maxBytes;
    for (const file of files) {
      const isOrphan = file.path.endsWith('.tmp') && this.#now() - file.mtimeMs > orphanMs;
      if (bytes <= target && !isOrphan) continue;
      await orAbsent(rm(file.path, { force: true }));
      bytes -= file.size;
    }
    this.#bytes = bytes;
  }

  async #files(): Promise<{ path: string; size: number; mtimeMs: number }[]> {
    const files = [];
    for (const group of (await orAbsent(readdir(this.#folder))) ?? []) {
      const folder = join(this.#folder, group);
      for (const name of (await orAbsent(readdir(folder))) ?? []) {
        const path = join(folder, name);
        const status = await orAbsent(stat(path));
        if (status?.isFile()) files.push({ path, size: status.size, mtimeMs: status.mtimeMs });
      }
    }
    return files;
  }
}

async function writeParts(path: string, parts: readonly Uint8Array[]): Promise<void> {
  await using file = await open(path, 'wx', 0o600);
  for (const part of parts) await file.writeFile(part);
}

/** Whatever the disk refuses is absent for a cache: that another process was faster, or that there is no disk to speak of. */
async function orAbsent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch {
    return undefined;
  }
}
