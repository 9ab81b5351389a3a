import { setTimeout as sleep } from 'node:timers/promises';

/** Waits. Throws the signal's own reason when it is aborted, where Node's timer would throw one that wraps it. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
