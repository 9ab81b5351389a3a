import { parseReference, type Reference } from '../../src/core/base/reference.ts';

/** Parses what a test takes for a valid reference. */
export function reference(text: string): Reference {
  const result = parseReference(text);
  if ('problem' in result) throw new Error(`${text}: ${result.problem}`);
  return result.reference;
}
