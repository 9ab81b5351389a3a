import { setImmediate as nextTurn } from 'node:timers/promises';

/** Reads a part of a file piece by piece, without waiting. */
export interface SlicedReader {
  /** In the file. */
  readonly position: number;
  /** Reads until a time, by the clock of `performance`; true at the end. */
  readUntil(time: number): boolean;
}

/** The thread is given back to others after this long. */
const sliceMilliseconds = 10;

/** Reads to the end, with a turn for other work every 10 ms. Tells the position; throws the signal's reason and what the reader throws. */
export async function readInSlices(
  reader: SlicedReader,
  onPosition: (position: number) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!reader.readUntil(performance.now() + sliceMilliseconds)) {
    onPosition(reader.position);
    await nextTurn();
    signal.throwIfAborted();
  }
}
