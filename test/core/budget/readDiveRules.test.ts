import { describe, expect, it } from 'vitest';
import { readDiveRules } from '../../../src/core/budget/readDiveRules.ts';

describe('a .dive-ci', () => {
  const usual = { lowestEfficiency: 0.9, highestUserWastedPercent: 0.1 };
  it.each<[string, object]>([
    ['', usual],
    ['rules:', usual],
    ['other: 1', usual],
    ['rules: []', usual],
    ['rules:\n  lowestEfficiency: 0.95', { ...usual, lowestEfficiency: 0.95 }],
    ['rules:\n  # why\n  highestWastedBytes: 20MB # and why not', { ...usual, highestWastedBytes: 20_000_000 }],
    ['rules:\n  highestWastedBytes: 20 MiB', { ...usual, highestWastedBytes: 20_971_520 }],
    ['rules:\n  highestWastedBytes: "1000"', { ...usual, highestWastedBytes: 1000 }],
    ['rules: { highestWastedBytes: 1kB }', { ...usual, highestWastedBytes: 1000 }],
    ['rules:\n  highestUserWastedPercent: 1', { ...usual, highestUserWastedPercent: 1 }],
    ['rules:\n  lowestEfficiency: disabled\n  highestUserWastedPercent: "off"', {}],
    ['rules:\n  lowestEfficiency: false\n  highestUserWastedPercent:', {}],
    ['rules:\n  lowestEfficiency: Disabled\n', { highestUserWastedPercent: 0.1 }],
    ['rules:\n  lowest-efficiency: 0.5', usual],
  ])('%j', (text, limits) => {
    expect(readDiveRules(text)).toEqual({ limits });
  });

  it.each<[string, RegExp]>([
    ['rules: [', /^It is no YAML: /],
    ['rules:\n  lowestEfficiency: 95', /^Its rule lowestEfficiency is "95", which dive refuses too\.$/],
    ['rules:\n  lowestEfficiency: high', /"high"/],
    ['rules:\n  lowestEfficiency: -0.1', /"-0\.1"/],
    ['rules:\n  highestWastedBytes: many', /^Its rule highestWastedBytes is "many"/],
    ['rules:\n  highestWastedBytes: -1', /"-1"/],
  ])('%j is refused', (text, problem) => {
    expect(readDiveRules(text)).toEqual({ problem: expect.stringMatching(problem) as string });
  });
});
