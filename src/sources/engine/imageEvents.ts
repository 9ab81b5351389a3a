import { SourceError } from '../error.ts';
import type { Engine, EngineState } from './engine.ts';

/** A build or a pull makes several events at once; they are told as one, so many milliseconds after the last. */
const quietMs = 300;

/**
 * Tells when images of the engine came, went or got another name, for as long as it is connected. It never connects by
 * itself. Ends with its disposal.
 */
export function watchImages(engine: Engine, changed: () => void): Disposable {
  let watching: AbortController | undefined;
  let quiet: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(changed, quietMs);
  };
  const follow = (state: EngineState): void => {
    watching?.abort();
    watching = undefined;
    if (state.status !== 'connected') return;
    watching = new AbortController();
    void readEvents(engine, tell, watching.signal);
  };
  const subscription = engine.onChange(follow);
  follow(engine.state);
  return {
    [Symbol.dispose]: () => {
      subscription[Symbol.dispose]();
      watching?.abort();
      clearTimeout(quiet);
    },
  };
}

async function readEvents(engine: Engine, tell: () => void, signal: AbortSignal): Promise<void> {
  try {
    const connection = await engine.connect(signal);
    const events = await connection.events({ filters: JSON.stringify({ type: ['image'] }) }, signal);
    for await (const event of events) if (event.length > 0) tell();
    connection.lost(new SourceError('unavailable', 'The engine stopped.'));
  } catch (error) {
    // An engine that is gone has said so by its state; one that has no events is still an engine.
    if (!signal.aborted && !(error instanceof SourceError)) throw error;
  }
}
