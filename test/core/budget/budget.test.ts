import { describe, expect, it } from 'vitest';
import { checkLimits, type Figure, formatLimit, type LimitName, sentenceOf } from '../../../src/core/budget/budget.ts';
import { checkReport } from '../../../src/core/budget/checkReport.ts';

const exactly = (value: number): Figure => ({ value, complete: true });
const atLeast = (value: number): Figure => ({ value, complete: false });

describe('a limit', () => {
  it.each<[LimitName, number, Figure | undefined, string, string]>([
    ['maxSize', 300e6, exactly(300e6), 'within', 'The size on disk is 300 MB, within the budget of 300 MB.'],
    ['maxSize', 300e6, exactly(300e6 + 1), 'exceeded', 'The size on disk is 300 MB, over the budget of 300 MB.'],
    ['maxSize', 3e8, atLeast(4e8), 'exceeded', 'The size on disk is at least 400 MB, over the budget of 300 MB.'],
    [
      'maxSize',
      300e6,
      atLeast(2e8),
      'unknown',
      'The size on disk is at least 200 MB, and not all of it is known; the budget is 300 MB.',
    ],
    ['maxDownload', 1e6, undefined, 'unknown', 'The download size is not known; the budget is 1 MB.'],
    ['minEfficiency', 0.95, exactly(0.95), 'within', 'The efficiency is 0.95, within the budget of 0.95.'],
    ['minEfficiency', 0.95, exactly(0.94999), 'exceeded', 'The efficiency is 0.9499, below the budget of 0.95.'],
    [
      'lowestEfficiency',
      0.9,
      exactly(0.5),
      'exceeded',
      'The efficiency as dive computes it is 0.5, below the budget of 0.9.',
    ],
    [
      'highestUserWastedPercent',
      0.1,
      exactly(1.996),
      'exceeded',
      'The wasted share of what was added to the base, as dive counts it is 1.996, over the budget of 0.1.',
    ],
  ])('%s of %d against %j is %s', (limit, allowed, figure, status, sentence) => {
    const [check] = checkLimits({ [limit]: allowed }, figure === undefined ? {} : { [limit]: figure });
    expect(check!.status).toBe(status);
    expect(sentenceOf(check!)).toBe(sentence);
  });

  it('that nobody set is not checked', () => {
    expect(checkLimits({}, { maxSize: exactly(1) })).toEqual([]);
  });

  it('prints no ratio as larger than it is', () => {
    expect(formatLimit('minEfficiency', 0.89999)).toBe('0.8999');
  });
});

describe('the result', () => {
  const subject = (figure: Figure | undefined) => ({
    ...({ kind: 'image', name: 'a' } as const),
    checks: checkLimits({ maxSize: 10 }, figure === undefined ? {} : { maxSize: figure }),
  });
  it.each<[string, Figure | undefined, boolean, boolean]>([
    ['within', exactly(5), true, true],
    ['exceeded', exactly(11), false, false],
    ['not known', undefined, true, false],
    ['known in part', atLeast(5), true, false],
  ])('%s', (_title, figure, passes, passesStrictly) => {
    expect(checkReport('c', [subject(exactly(1)), subject(figure)], false).passed).toBe(passes);
    expect(checkReport('c', [subject(exactly(1)), subject(figure)], true).passed).toBe(passesStrictly);
  });
});
