import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

/** Where the file puts what it copies from its context, and where commands run: absolute, each once. */
export function workFolders({ context }: Subject, steps: readonly Step[]): readonly string[] {
  return [...new Set([...context.mapped.map(({ target }) => target), ...steps.map(({ folder }) => folder)])];
}
