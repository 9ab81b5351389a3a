/**
 * A store of bytes by key that may forget. It never throws: what cannot be read is absent, what cannot be written is
 * not there the next time.
 */
export interface ByteCache {
  /** The value is the caller's own: it may be changed, or moved to another thread. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** False where the value could not be stored. */
  set(key: string, value: Uint8Array): Promise<boolean>;
  delete(key: string): Promise<void>;
}
