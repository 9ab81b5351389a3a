import type { ByteCache } from '../../src/sources/cache/byteCache.ts';

/** A cache that keeps everything, in memory. */
export function bytesInMemory(): ByteCache {
  const values = new Map<string, Uint8Array>();
  return {
    get: (key) => Promise.resolve(values.get(key)?.slice()),
    set: (key, value) => Promise.resolve(values.set(key, value).has(key)),
    delete: (key) => Promise.resolve(void values.delete(key)),
  };
}
