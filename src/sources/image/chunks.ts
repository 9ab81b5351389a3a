import { open } from 'node:fs/promises';
import type { FileRange } from './files.ts';
import { LayerError } from './layerError.ts';

const readBytes = 256 * 1024;

/** The bytes of a part of a file. Throws a `LayerError` `truncated` where the file ends before the part does. */
export async function* fileChunks(range: FileRange, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await open(range.path);
  try {
    for (let position = range.start; position < range.start + range.length;) {
      signal.throwIfAborted();
      // A new buffer each time: whoever gets a chunk may keep it, or move it to another thread.
      const buffer = Buffer.allocUnsafeSlow(Math.min(readBytes, range.start + range.length - position));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw endsTooEarly(range);
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export function endsTooEarly(range: FileRange): LayerError {
  return new LayerError(
    'truncated',
    `${range.path} ends too early: it lacks bytes before ${range.start + range.length}.`,
  );
}

/** Chunks of which the first have been looked at. `return` ends the source, also where nobody began to read. */
export interface Peeked extends AsyncIterableIterator<Uint8Array> {
  return(): Promise<IteratorResult<Uint8Array>>;
}

/** The first bytes (fewer only where there are no more), and all bytes, these included. */
export async function peek(
  chunks: AsyncIterable<Uint8Array>,
  length: number,
): Promise<{ readonly head: Uint8Array; readonly all: Peeked }> {
  const rest = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let have = 0;
  while (have < length) {
    const next = await rest.next();
    if (next.done) break;
    first.push(next.value);
    have += next.value.length;
  }
  const head = Buffer.concat(first).subarray(0, length);
  const all: Peeked = {
    next: () => {
      const value = first.shift();
      return value === undefined ? rest.next() : Promise.resolve({ value, done: false });
    },
    return: async () => {
      await rest.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => all,
  };
  return { head, all };
}

/** At most `length` bytes from `start` on; then the source is ended. */
export async function* part(
  chunks: AsyncIterable<Uint8Array>,
  start: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const chunk of chunks) {
    const from = Math.max(start - position, 0);
    const to = Math.min(start + length - position, chunk.length);
    position += chunk.length;
    if (to > from) yield chunk.subarray(from, to);
    if (position >= start + length) return;
  }
}

/** All bytes in one piece: for what is known to be short. */
export async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Passes chunks on and ends with the signal's reason when cancelled. */
export async function* cancellable(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}

/** Passes chunks on and says how many bytes have passed. */
export async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    onBytes(bytes);
    yield chunk;
  }
}
