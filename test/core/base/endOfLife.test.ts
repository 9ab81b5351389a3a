import { describe, expect, it } from 'vitest';
import { endOfLife, lifeStatus } from '../../../src/core/base/endOfLife.ts';

describe('endOfLife', () => {
  it.each([
    ['python', '3.13.2', '3.13', '2029-10-31'],
    ['nodejs', '22.11.0', '22', '2027-04-30'],
    ['nodejs', '22', '22', '2027-04-30'],
    ['alpine-linux', '3.23', '3.23', '2027-11-01'],
    // Long-term support of Debian is for everybody, that of Ubuntu is not.
    ['debian', '12', '12', '2028-06-30'],
    ['ubuntu', '22.04', '22.04', '2027-04-01'],
    ['ruby', '2.0.0', '2.0.0', '2016-02-24'],
    ['dotnet', '8.0', '8', '2026-11-10'],
    ['distroless-debian12', 'base-nossl', 'base-nossl', '2026-09-30'],
  ])('%s %s', (product, version, cycle, date) => {
    expect(endOfLife(product, version)).toEqual({ product, cycle, date });
  });

  it('has a cycle without a day where none was set', () => {
    expect(endOfLife('go', '1.26.3')).toEqual({ product: 'go', cycle: '1.26' });
  });

  it.each([
    ['python', '9.9'],
    ['python', 'constructor'],
    ['no-such-product', '1'],
  ])('knows nothing of %s %s', (product, version) => {
    expect(endOfLife(product, version)).toBeUndefined();
  });
});

describe('lifeStatus', () => {
  const ends = (date: string): { product: string; cycle: string; date: string } => ({ product: 'p', cycle: '1', date });
  it.each([
    ['2026-11-20', 'past'],
    ['2026-11-21', 'soon'],
    ['2027-05-21', 'soon'],
    ['2027-05-22', 'supported'],
    ['2030-01-01', 'supported'],
  ])('on 2026-11-21 what ends on %s: %s', (date, status) => {
    expect(lifeStatus(ends(date), '2026-11-21')).toBe(status);
  });

  it('crosses the turn of the year', () => {
    expect(lifeStatus(ends('2027-02-28'), '2026-08-31')).toBe('soon');
    expect(lifeStatus(ends('2027-03-01'), '2026-08-31')).toBe('supported');
  });

  it('trusts an open end for half a year after the table was made', () => {
    const open = { product: 'go', cycle: '1.27' };
    expect(lifeStatus(open, '2026-11-21')).toBe('supported');
    expect(lifeStatus(open, '2027-02-23')).toBe('unknown');
  });

  it('says unknown for nothing', () => {
    expect(lifeStatus(undefined, '2026-11-21')).toBe('unknown');
  });
});
