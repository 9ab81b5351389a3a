import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/core/rules/rules.ts';
import { withRules } from '../../tools/rulesReadme.ts';

function files(folder: string): string[] {
  return readdirSync(new URL(folder, import.meta.url));
}

describe('the list of rules', () => {
  it('holds every rule’s file once: those with a dash in their name', () => {
    const ruleFiles = files('../../../src/core/rules/').filter((name) => /^[a-z]+(-[a-z]+)+\.ts$/.test(name));
    expect(rules.map(({ id }) => `${id}.ts`).sort()).toEqual(ruleFiles.sort());
  });

  it('every rule has a test of its name', () => {
    const tests = files('.');
    expect(rules.filter(({ id }) => !tests.includes(`${id}.test.ts`)).map(({ id }) => id)).toEqual([]);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s says what and why in whole sentences', (_id, rule) => {
    expect(rule.title).toMatch(/^[A-Z`~].*[^.]$/s);
    expect(rule.why).toMatch(/^\S.{60,}[.)]$/s);
    for (const id of rule.hadolint ?? []) expect(id).toMatch(/^DL\d{4}$/);
  });

  it('is what the README says (node test/tools/rulesReadme.ts writes it)', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(withRules(readme)).toBe(readme);
  });
});
