/** Small values in memory, bounded in bytes; the least recently used go first. */
export class MemoryCache {
  readonly #maxBytes: number;
  /** In the order of use, oldest first. */
  readonly #values = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(key: string): Uint8Array | undefined {
    const value = this.#values.get(key);
    if (!value) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return copyOf(value);
  }

  /** Values of more than a sixteenth of the whole are not taken: one of them would push out all the others. */
  set(key: string, value: Uint8Array): void {
    this.delete(key);
    const bytes = costOf(key, value);
    if (bytes > this.#maxBytes / 16) return;
    this.#values.set(key, copyOf(value));
    this.#bytes += bytes;
    for (const oldest of this.#values.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const value = this.#values.get(key);
    if (value && this.#values.delete(key)) this.#bytes -= costOf(key, value);
  }
}

function costOf(key: string, value: Uint8Array): number {
  return key.length * 2 + value.length + 100;
}

/** Not `slice`: a `Buffer` answers that with a view of the same bytes. */
function copyOf(value: Uint8Array): Uint8Array {
  return new Uint8Array(value);
}
