import type { TestProject } from 'vitest/node';
import { startCorpusEngine } from './corpusEngine.ts';
import { makeDebian } from './debianImage.ts';

/** Starts the engine of the suite before its first file, and ends it after its last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await using stack = new AsyncDisposableStack();
  const engine = stack.use(await startCorpusEngine());
  await Promise.all(['bookworm', 'trixie'].map((release) => makeDebian(engine, release)));
  project.provide('engineHost', engine.host);
  const owned = stack.move();
  return () => owned.disposeAsync();
}
