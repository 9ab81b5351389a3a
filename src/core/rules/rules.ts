import { aptListsLeft } from './apt-lists-left.ts';
import type { Rule } from './rule.ts';

/** Every rule, in the order of the README. */
export const rules: readonly Rule[] = [aptListsLeft];

/** The rule of an id. */
export function ruleOf(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
