/** Reads a stream by pieces of given lengths, and lets its content through where nobody needs it in one piece. */
export class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  /** Bytes taken so far. */
  position = 0;
  /** The source threw: it has nothing more to give then. */
  hasFailed = false;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes; fewer at the end of the stream. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for await (const chunk of this.pass(length)) parts.push(chunk);
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** The same, as they come. Bytes that the reader of them leaves are left in the stream. */
  async *pass(length: number): AsyncGenerator<Uint8Array> {
    let left = length;
    while (left > 0) {
      if (this.#chunk.length === 0 && !(await this.#fill())) return;
      const chunk = this.#chunk.subarray(0, left);
      this.#chunk = this.#chunk.subarray(chunk.length);
      this.position += chunk.length;
      left -= chunk.length;
      yield chunk;
    }
  }

  /** Passes over `length` bytes, or as many as there are. */
  async skip(length: number): Promise<void> {
    const end = this.position + length;
    while (this.position < end && (this.#chunk.length > 0 || (await this.#fill()))) {
      const bytes = Math.min(end - this.position, this.#chunk.length);
      this.#chunk = this.#chunk.subarray(bytes);
      this.position += bytes;
    }
  }

  /** Ends the source. */
  async end(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #fill(): Promise<boolean> {
    try {
      const next = await this.#chunks.next();
      if (next.done) return false;
      this.#chunk = next.value;
      return true;
    } catch (error) {
      this.hasFailed = true;
      throw error;
    }
  }
}
