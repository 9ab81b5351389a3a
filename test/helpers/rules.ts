import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import type { Finding } from '../../src/core/finding.ts';
import { type FindingOptions, findFindings } from '../../src/core/rules/findings.ts';
import { fixAll } from '../../src/core/rules/fixAll.ts';
import type { Rule } from '../../src/core/rules/rule.ts';

/** The day and the platform that the rules' tests are made for. */
export const usual = { platform: 'linux/amd64', today: '2026-11-21' };

/** What one rule finds in a file. */
export function findingsOf(rule: Rule, text: string, options: Partial<FindingOptions> = {}): readonly Finding[] {
  return findFindings(parseDockerfile(text), { ...usual, rules: [rule], ...options });
}

/** The first words that each finding underlines, with how loud it is where it is no more than a hint. */
export function marks(rule: Rule, text: string, options: Partial<FindingOptions> = {}): string[] {
  return [...findingsOf(rule, text, options)]
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ span, severity }) => {
      const marked = text.slice(span.start, span.end).split(/\s*\\?[\r\n]/, 1)[0]!;
      return severity === 'hint' ? `${marked} (hint)` : marked;
    });
}

/** The file after all fixes of one rule, `ask` ones included. */
export function fixed(rule: Rule, text: string, options: Partial<FindingOptions> = {}): string {
  const find = (dockerfile: ReturnType<typeof parseDockerfile>) =>
    findFindings(dockerfile, { ...usual, rules: [rule], ...options });
  return fixAll(parseDockerfile(text), { find, accepts: () => true }).text;
}

/** What a rule finds and what it leaves alone, each in a file that begins with `base`. */
export interface RuleCases {
  /** `FROM …` and what else is there before; the cases follow. */
  readonly base: string;
  /** A text, and the beginnings of what is underlined. */
  readonly finds: readonly (readonly [text: string, ...marked: string[]])[];
  readonly leaves: readonly string[];
}

/** Table tests of a rule. */
export function checkRule(rule: Rule, { base, finds, leaves }: RuleCases, options: Partial<FindingOptions> = {}): void {
  describe('finds', () => {
    it.each(finds.map(([text, ...marked]) => ({ text, marked })))('$text', ({ text, marked }) => {
      expect(marks(rule, `${base}\n${text}\n`, options)).toEqual(marked);
    });
  });
  describe('leaves alone', () => {
    it.each(leaves)('%s', (text) => {
      expect(marks(rule, `${base}\n${text}\n`, options)).toEqual([]);
    });
  });
}
