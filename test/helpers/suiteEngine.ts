import { inject } from 'vitest';
import { engineAt, type TestEngine } from './engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `unix://…` of the engine that `suiteEngine.setup.ts` has started. */
    readonly engineHost: string;
  }
}

/**
 * The engine that all files share that build on Debian, so that a base is made once for all of them. It has `debian:bookworm`
 * and `debian:trixie`. Other files use it at the same time: each has names of its own for what it builds.
 */
export function suiteEngine(): Promise<TestEngine> {
  return engineAt(inject('engineHost'));
}
